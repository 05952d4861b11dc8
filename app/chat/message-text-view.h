/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheMessageTextView:
 *
 * The text of a message: wrapped, selectable with the pointer, a label for a screen reader. A
 * GtkLabel shapes its text four times before it is seen, and a list makes two hundred rows at once;
 * this one shapes it once.
 */
#define GUICHE_TYPE_MESSAGE_TEXT_VIEW (guiche_message_text_view_get_type ())
G_DECLARE_FINAL_TYPE (GuicheMessageTextView,
                      guiche_message_text_view,
                      GUICHE,
                      MESSAGE_TEXT_VIEW,
                      GtkWidget)

GtkWidget *guiche_message_text_view_new (void);
/* @attributes (nullable). */
void guiche_message_text_view_set (GuicheMessageTextView *self,
                                   const char *text,
                                   PangoAttrList *attributes,
                                   PangoAlignment alignment);
/* The byte of the text at a point; -1 beside the text. */
int guiche_message_text_view_index_at (GuicheMessageTextView *self, double x, double y);
/* (nullable) (transfer full) */
char *guiche_message_text_view_dup_selection (GuicheMessageTextView *self);

G_END_DECLS
