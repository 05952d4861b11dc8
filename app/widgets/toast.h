/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef void (*GuicheToastFunc) (gpointer user_data);

/* Toasts of the window that @from is in (or, from a dialog, of the window it belongs to). The text
 * is data: libadwaita 1.2 reads a toast's title as markup, so it is escaped here, once. Without a
 * window nothing is shown. */
void guiche_toast_show (GtkWidget *from, const char *text);
/* Stays until it is dismissed: for what must not be missed. */
void guiche_toast_show_lasting (GtkWidget *from, const char *text);
void guiche_toast_show_error (GtkWidget *from, const GError *error);
/* With a button, such as Undo: @func is called when it is pressed; @destroy when the toast is gone.
 */
void guiche_toast_show_action (GtkWidget *from,
                               const char *text,
                               const char *label,
                               GuicheToastFunc func,
                               gpointer user_data,
                               GDestroyNotify destroy);

G_END_DECLS
