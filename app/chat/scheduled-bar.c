/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/scheduled-bar.h"

#include "base/error.h"
#include "widgets/time-text.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

struct _GuicheScheduledBar {
  AdwBin parent_instance;
  GtkLabel *label;
  GtkPopover *popover;
  GtkListBox *list;
  GuicheDesk *desk;          /* (owned) (nullable) */
  char *conversation_id;     /* (owned) (nullable) */
  GtkCustomFilter *filter;   /* (owned) */
  GtkFilterListModel *model; /* (owned): those of the conversation */
};

G_DEFINE_FINAL_TYPE (GuicheScheduledBar, guiche_scheduled_bar, ADW_TYPE_BIN)

static gboolean
is_of_conversation (gpointer item, gpointer data)
{
  GuicheScheduledBar *self = data;

  return self->conversation_id != NULL &&
         g_strcmp0 (guiche_scheduled_message_get_conversation_id (item), self->conversation_id) ==
             0;
}

static void
on_items_changed (GuicheScheduledBar *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u message scheduled", "%u messages scheduled", n), n);

  if (n == 0)
    gtk_popover_popdown (self->popover);
  gtk_label_set_text (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

/* --- cancelling
 * ------------------------------------------------------------------------------------------- */

static void
canceled_cb (GObject *desk, GAsyncResult *result, gpointer data)
{
  g_autoptr (GuicheScheduledBar) self = data;
  g_autoptr (GError) error = NULL;

  if (guiche_desk_action_finish (GUICHE_DESK (desk), result, NULL, &error))
    guiche_toast_show (GTK_WIDGET (self), _ ("The scheduled message will not be sent."));
  else if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND))
    guiche_toast_show (GTK_WIDGET (self), _ ("Too late: the message is on its way."));
  else
    guiche_toast_show_error (GTK_WIDGET (self), error);
}

static void
on_cancel_clicked (GuicheScheduledBar *self, GtkButton *button)
{
  GuicheScheduledMessage *message = g_object_get_data (G_OBJECT (button), "message");

  gtk_popover_popdown (self->popover);
  guiche_desk_cancel_scheduled_async (self->desk, message, NULL, canceled_cb, g_object_ref (self));
}

/* --- rows
 * -------------------------------------------------------------------------------------------------
 */

static GtkWidget *
text_label_new (const char *text, const char *css_class, int n_lines)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), n_lines > 1);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), n_lines);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
cancel_button_new (GuicheScheduledBar *self, GuicheScheduledMessage *message, const char *when)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Cancel"));
  /* Translators: %s is a day and a time */
  g_autofree char *name = g_strdup_printf (_ ("Cancel the message scheduled for %s"), when);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "message", g_object_ref (message), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_cancel_clicked), self,
                           G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
row_new (gpointer item, gpointer data)
{
  GuicheScheduledMessage *message = item;
  g_autofree char *when =
      guiche_time_text_full (guiche_scheduled_message_get_send_at (message), g_get_real_time ());
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), text_label_new (when, "caption-heading", 1));
  gtk_box_append (GTK_BOX (texts),
                  text_label_new (guiche_scheduled_message_get_body (message), NULL, 3));
  gtk_box_append (GTK_BOX (line), texts);
  gtk_box_append (GTK_BOX (line), cancel_button_new (data, message, when));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

/* --- the object
 * -------------------------------------------------------------------------------------------- */

static void
guiche_scheduled_bar_dispose (GObject *object)
{
  GuicheScheduledBar *self = GUICHE_SCHEDULED_BAR (object);

  if (self->model != NULL) {
    g_signal_handlers_disconnect_by_data (self->model, self);
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  }
  g_clear_object (&self->model);
  g_clear_object (&self->filter);
  g_clear_object (&self->desk);
  g_clear_pointer (&self->conversation_id, g_free);
  G_OBJECT_CLASS (guiche_scheduled_bar_parent_class)->dispose (object);
}

static void
guiche_scheduled_bar_class_init (GuicheScheduledBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_scheduled_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/scheduled-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheScheduledBar, label);
  gtk_widget_class_bind_template_child (widget_class, GuicheScheduledBar, popover);
  gtk_widget_class_bind_template_child (widget_class, GuicheScheduledBar, list);
}

static void
guiche_scheduled_bar_init (GuicheScheduledBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filter = gtk_custom_filter_new (is_of_conversation, self, NULL);
  self->model = gtk_filter_list_model_new (NULL, g_object_ref (GTK_FILTER (self->filter)));
  g_signal_connect_swapped (self->model, "items-changed", G_CALLBACK (on_items_changed), self);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->model), row_new, self, NULL);
}

void
guiche_scheduled_bar_set_desk (GuicheScheduledBar *self, GuicheDesk *desk)
{
  g_set_object (&self->desk, desk);
  gtk_filter_list_model_set_model (self->model, guiche_desk_get_scheduled (desk));
}

void
guiche_scheduled_bar_set_conversation (GuicheScheduledBar *self, GuicheConversation *conversation)
{
  g_free (self->conversation_id);
  self->conversation_id =
      conversation != NULL ? g_strdup (guiche_conversation_get_id (conversation)) : NULL;
  gtk_popover_popdown (self->popover);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}
