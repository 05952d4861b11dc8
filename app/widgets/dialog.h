/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The one place that knows how this floor of GTK and libadwaita shows dialogs (AdwWindow and
 * AdwMessageDialog: 1.2 has neither AdwDialog nor GtkAlertDialog). */

/* Shows @dialog over the window that @parent is in: modal, Escape closes, gone with its parent. */
void guiche_dialog_present (GtkWindow *dialog, GtkWidget *parent);

typedef void (*GuicheConfirmFunc) (gpointer user_data);

typedef struct {
  const char *heading;
  const char *body;
  const char *confirm_label;
  gboolean is_destructive;
  GuicheConfirmFunc func; /* called when confirmed */
  gpointer user_data;
  GDestroyNotify destroy; /* (nullable): in any case, at the end */
} GuicheConfirmation;

/* Asks before what cannot be undone; for what can, show a toast with Undo instead. */
void guiche_dialog_confirm (GtkWidget *parent, const GuicheConfirmation *confirmation);

G_END_DECLS
