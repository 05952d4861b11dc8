/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheMessageFooter:
 *
 * The time of a message and the mark of its delivery, drawn by one widget. What it shows is also in
 * the row's accessible name.
 */
#define GUICHE_TYPE_MESSAGE_FOOTER (guiche_message_footer_get_type ())
G_DECLARE_FINAL_TYPE (GuicheMessageFooter, guiche_message_footer, GUICHE, MESSAGE_FOOTER, GtkWidget)

GtkWidget *guiche_message_footer_new (void);
/* @icon_name and @state (nullable): the mark and what it means. */
void guiche_message_footer_set (GuicheMessageFooter *self,
                                const char *text,
                                const char *icon_name,
                                const char *state);

G_END_DECLS
