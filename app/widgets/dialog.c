/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/dialog.h"

#include "widgets/accessible.h"

#include <glib/gi18n.h>

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = widget != NULL ? gtk_widget_get_root (widget) : NULL;

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

void
guiche_dialog_present (GtkWindow *dialog, GtkWidget *parent)
{
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (shortcuts),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (GTK_WIDGET (dialog), shortcuts);
  gtk_window_set_transient_for (dialog, window_of (parent));
  gtk_window_set_modal (dialog, TRUE);
  gtk_window_set_destroy_with_parent (dialog, TRUE);
  guiche_accessible_clean_buttons (GTK_WIDGET (dialog));
  gtk_window_present (dialog);
}

static void
confirmation_free (gpointer data, GClosure *closure)
{
  GuicheConfirmation *confirmation = data;

  if (confirmation->destroy != NULL)
    confirmation->destroy (confirmation->user_data);
  g_free (confirmation);
}

static void
on_dialog_confirmed (AdwMessageDialog *dialog,
                     const char *response,
                     GuicheConfirmation *confirmation)
{
  confirmation->func (confirmation->user_data);
}

void
guiche_dialog_confirm (GtkWidget *parent, const GuicheConfirmation *confirmation)
{
  GtkWidget *dialog =
      adw_message_dialog_new (window_of (parent), confirmation->heading, confirmation->body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel",
                                    _ ("_Cancel"), "confirm", confirmation->confirm_label, NULL);
  adw_message_dialog_set_response_appearance (
      ADW_MESSAGE_DIALOG (dialog), "confirm",
      confirmation->is_destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "confirm");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response::confirm", G_CALLBACK (on_dialog_confirmed),
                         g_memdup2 (confirmation, sizeof *confirmation), confirmation_free, 0);
  guiche_accessible_clean_buttons (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}
