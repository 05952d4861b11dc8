/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/transfer-dialog.h"

#include "inbox/desk-request.h"

#include <glib/gi18n.h>

enum {
  TO_QUEUE,
  TO_COLLEAGUE
};

struct _GuicheTransferDialog {
  AdwWindow parent_instance;

  AdwComboRow *target, *queue;
  GtkWidget *colleague_row;
  GtkDropDown *colleague;
  AdwEntryRow *note;
  GtkWidget *confirm;

  GuicheDesk *desk;                 /* (owned) */
  GuicheConversation *conversation; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheTransferDialog, guiche_transfer_dialog, ADW_TYPE_WINDOW)

static void
on_target_selected_cb (GuicheTransferDialog *self)
{
  gboolean to_queue = adw_combo_row_get_selected (self->target) == TO_QUEUE;

  gtk_widget_set_visible (GTK_WIDGET (self->queue), to_queue);
  gtk_widget_set_visible (self->colleague_row, !to_queue);
  gtk_widget_set_sensitive (self->confirm,
                            to_queue ? adw_combo_row_get_selected_item (self->queue) != NULL
                                     : gtk_drop_down_get_selected_item (self->colleague) != NULL);
}

static GuicheDeskRequest *
request_new (GuicheTransferDialog *self, const char *target_name)
{
  /* Translators: %s is a queue or a colleague */
  g_autofree char *done = g_strdup_printf (_ ("Transferred to %s"), target_name);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  return guiche_desk_request_new (self->desk, GTK_WIDGET (parent), done);
}

static void
transfer_to_queue (GuicheTransferDialog *self, const char *note)
{
  GObject *item = adw_combo_row_get_selected_item (self->queue);
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;

  g_object_get (item, "key", &key, "name", &name, NULL);
  guiche_desk_transfer_async (self->desk, self->conversation, key, NULL, note, NULL,
                              guiche_desk_request_done_cb, request_new (self, name));
}

static void
transfer_to_colleague (GuicheTransferDialog *self, const char *note)
{
  GuichePerson *person = gtk_drop_down_get_selected_item (self->colleague);
  GuicheDeskRequest *request = request_new (self, guiche_person_get_name (person));
  const char *id = guiche_person_get_id (person);

  if (note == NULL)
    guiche_desk_assign_async (self->desk, self->conversation, id, NULL, guiche_desk_request_done_cb,
                              request);
  else
    guiche_desk_transfer_async (self->desk, self->conversation,
                                guiche_conversation_get_queue_key (self->conversation), id, note,
                                NULL, guiche_desk_request_done_cb, request);
}

static void
on_confirm_clicked_cb (GuicheTransferDialog *self)
{
  g_autofree char *note = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->note)));

  g_strstrip (note);
  if (*note == '\0')
    g_clear_pointer (&note, g_free);
  if (adw_combo_row_get_selected (self->target) == TO_QUEUE)
    transfer_to_queue (self, note);
  else
    transfer_to_colleague (self, note);
  gtk_window_close (GTK_WINDOW (self));
}

static void
guiche_transfer_dialog_dispose (GObject *object)
{
  GuicheTransferDialog *self = GUICHE_TRANSFER_DIALOG (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->conversation);
  G_OBJECT_CLASS (guiche_transfer_dialog_parent_class)->dispose (object);
}

static void
guiche_transfer_dialog_class_init (GuicheTransferDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_transfer_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/inbox/transfer-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheTransferDialog, target);
  gtk_widget_class_bind_template_child (widget_class, GuicheTransferDialog, queue);
  gtk_widget_class_bind_template_child (widget_class, GuicheTransferDialog, colleague_row);
  gtk_widget_class_bind_template_child (widget_class, GuicheTransferDialog, colleague);
  gtk_widget_class_bind_template_child (widget_class, GuicheTransferDialog, note);
  gtk_widget_class_bind_template_child (widget_class, GuicheTransferDialog, confirm);
  gtk_widget_class_bind_template_callback (widget_class, on_target_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_clicked_cb);
}

static void
guiche_transfer_dialog_init (GuicheTransferDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
is_other_queue (gpointer item, gpointer user_data)
{
  GuicheConversation *conversation = user_data;
  g_autofree char *key = NULL;

  g_object_get (item, "key", &key, NULL);
  return g_strcmp0 (key, guiche_conversation_get_queue_key (conversation)) != 0;
}

/* The present queue is no target; the present colleague is none either. */
static gboolean
is_other_colleague (gpointer item, gpointer user_data)
{
  return guiche_conversation_get_assignee (user_data) != item;
}

static GListModel *
filtered (GListModel *model, GtkCustomFilterFunc func, GuicheConversation *conversation)
{
  GtkCustomFilter *filter =
      gtk_custom_filter_new (func, g_object_ref (conversation), g_object_unref);

  return G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (model), GTK_FILTER (filter)));
}

GtkWidget *
guiche_transfer_dialog_new (GuicheDesk *desk,
                            GuicheConversation *conversation,
                            gboolean to_colleague)
{
  GuicheTransferDialog *self = g_object_new (GUICHE_TYPE_TRANSFER_DIALOG, NULL);
  g_autoptr (GListModel) queues =
                 filtered (guiche_desk_get_queues (desk), is_other_queue, conversation);
  g_autoptr (GListModel) people =
                 filtered (guiche_desk_get_people (desk), is_other_colleague, conversation);
  g_autoptr (GtkExpression) queue_name =
                 gtk_property_expression_new (GUICHE_TYPE_QUEUE_ITEM, NULL, "name");
  g_autoptr (GtkExpression) person_name =
                 gtk_property_expression_new (GUICHE_TYPE_PERSON, NULL, "name");

  self->desk = g_object_ref (desk);
  self->conversation = g_object_ref (conversation);
  adw_combo_row_set_expression (self->queue, queue_name);
  adw_combo_row_set_model (self->queue, queues);
  gtk_drop_down_set_expression (self->colleague, person_name);
  gtk_drop_down_set_model (self->colleague, people);
  adw_combo_row_set_selected (self->target, to_colleague ? TO_COLLEAGUE : TO_QUEUE);
  on_target_selected_cb (self);
  gtk_window_set_focus (GTK_WINDOW (self),
                        GTK_WIDGET (to_colleague ? (gpointer) self->colleague : self->queue));
  return GTK_WIDGET (self);
}
