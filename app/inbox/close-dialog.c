/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/close-dialog.h"

#include "inbox/desk-request.h"

#include <glib/gi18n.h>

/* Stored as written here, in the person's language: colleagues read it, reports group by it. */
static const char *const reasons[] = {
  N_ ("Resolved"),
      N_ ("No answer from the customer"),
          N_ ("Handled in another conversation"),
              N_ ("Not a customer's request"),
          };

struct _GuicheCloseDialog {
  AdwWindow parent_instance;

  AdwPreferencesGroup *reasons;
  AdwEntryRow *details;
  GtkCheckButton *checks[G_N_ELEMENTS (reasons)];

  GuicheDesk *desk;                 /* (owned) */
  GuicheConversation *conversation; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheCloseDialog, guiche_close_dialog, ADW_TYPE_WINDOW)

static char *
dup_reason (GuicheCloseDialog *self)
{
  g_autofree char *details = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->details)));
  const char *reason = _ (reasons[0]);

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
    if (gtk_check_button_get_active (self->checks[i]))
      reason = _ (reasons[i]);
  }
  g_strstrip (details);
  return *details != '\0' ? g_strdup_printf ("%s: %s", reason, details) : g_strdup (reason);
}

static void
on_confirm_clicked_cb (GuicheCloseDialog *self)
{
  g_autofree char *reason = dup_reason (self);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  GuicheDeskRequest *request =
      guiche_desk_request_new (self->desk, GTK_WIDGET (parent), _ ("Conversation closed"));

  guiche_desk_request_set_undo_reopen (request, self->conversation);
  guiche_desk_close_async (self->desk, self->conversation, reason, NULL,
                           guiche_desk_request_done_cb, request);
  gtk_window_close (GTK_WINDOW (self));
}

static void
guiche_close_dialog_dispose (GObject *object)
{
  GuicheCloseDialog *self = GUICHE_CLOSE_DIALOG (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->conversation);
  G_OBJECT_CLASS (guiche_close_dialog_parent_class)->dispose (object);
}

static void
guiche_close_dialog_class_init (GuicheCloseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_close_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/inbox/close-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheCloseDialog, reasons);
  gtk_widget_class_bind_template_child (widget_class, GuicheCloseDialog, details);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_clicked_cb);
}

static void
add_reason (GuicheCloseDialog *self, guint i)
{
  GtkWidget *row = adw_action_row_new ();

  self->checks[i] = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_check_button_set_group (self->checks[i], i > 0 ? self->checks[0] : NULL);
  gtk_widget_set_valign (GTK_WIDGET (self->checks[i]), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->checks[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (reasons[i]), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (reasons[i]));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), GTK_WIDGET (self->checks[i]));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (self->checks[i]));
  adw_preferences_group_add (self->reasons, row);
}

static void
guiche_close_dialog_init (GuicheCloseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    add_reason (self, i);
  gtk_check_button_set_active (self->checks[0], TRUE);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->checks[0]));
}

GtkWidget *
guiche_close_dialog_new (GuicheDesk *desk, GuicheConversation *conversation)
{
  GuicheCloseDialog *self = g_object_new (GUICHE_TYPE_CLOSE_DIALOG, NULL);

  self->desk = g_object_ref (desk);
  self->conversation = g_object_ref (conversation);
  return GTK_WIDGET (self);
}
