/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/channels-dialog.h"

#include "widgets/error-text.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

struct _GuicheChannelsDialog {
  AdwWindow parent_instance;

  GtkStack *stack;
  AdwPreferencesGroup *channels;
  AdwStatusPage *failure;

  GuicheDesk *desk;          /* (owned) */
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheChannelsDialog, guiche_channels_dialog, ADW_TYPE_WINDOW)

static guint chosen_signal;

static void
choose (GuicheChannelsDialog *self, const char *id)
{
  g_signal_emit (self, chosen_signal, 0, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_joined (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheChannelsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (guiche_desk_action_finish (GUICHE_DESK (desk), result, &id, &error))
    choose (self, id);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    guiche_toast_show_error (GTK_WIDGET (self), error);
}

/* The row carries the channel's id as its name. */
static void
on_row_activated (GuicheChannelsDialog *self, AdwActionRow *row)
{
  choose (self, gtk_widget_get_name (GTK_WIDGET (row)));
}

static void
on_join_clicked (GuicheChannelsDialog *self, GtkButton *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ACTION_ROW);

  guiche_desk_join_channel_async (self->desk, gtk_widget_get_name (row), self->cancellable,
                                  on_joined, g_object_ref (self));
}

static void
add_join_button (GuicheChannelsDialog *self, AdwActionRow *row, const char *title)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Join"));
  /* Translators: %s is a channel, such as #suporte */
  g_autofree char *label = g_strdup_printf (_ ("Join %s"), title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_join_clicked), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (row, button);
  adw_action_row_set_activatable_widget (row, button);
}

static void
add_channel (GuicheChannelsDialog *self, const GuicheChannelInfo *channel)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_strconcat ("#", channel->name, NULL);
  g_autofree char *members = g_strdup_printf (
      ngettext ("%u member", "%u members", channel->n_members), channel->n_members);

  gtk_widget_set_name (row, channel->id);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), members);
  if (channel->is_member) {
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    g_signal_connect_object (row, "activated", G_CALLBACK (on_row_activated), self,
                             G_CONNECT_SWAPPED);
  } else {
    add_join_button (self, ADW_ACTION_ROW (row), title);
  }
  adw_preferences_group_add (self->channels, row);
}

static void
on_listed (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheChannelsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) channels =
                 guiche_desk_list_channels_finish (GUICHE_DESK (desk), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (channels == NULL) {
    g_autofree char *text = guiche_error_text (error);

    adw_status_page_set_description (self->failure, text);
    gtk_stack_set_visible_child_name (self->stack, "failed");
    return;
  }
  for (guint i = 0; i < channels->len; i++)
    add_channel (self, g_ptr_array_index (channels, i));
  gtk_stack_set_visible_child_name (self->stack, channels->len > 0 ? "list" : "empty");
}

static void
guiche_channels_dialog_dispose (GObject *object)
{
  GuicheChannelsDialog *self = GUICHE_CHANNELS_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_channels_dialog_parent_class)->dispose (object);
}

static void
guiche_channels_dialog_class_init (GuicheChannelsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_channels_dialog_dispose;
  chosen_signal = g_signal_new ("chosen", GUICHE_TYPE_CHANNELS_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/inbox/channels-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheChannelsDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, GuicheChannelsDialog, channels);
  gtk_widget_class_bind_template_child (widget_class, GuicheChannelsDialog, failure);
}

static void
guiche_channels_dialog_init (GuicheChannelsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
guiche_channels_dialog_new (GuicheDesk *desk)
{
  GuicheChannelsDialog *self = g_object_new (GUICHE_TYPE_CHANNELS_DIALOG, NULL);

  self->desk = g_object_ref (desk);
  guiche_desk_list_channels_async (desk, self->cancellable, on_listed, g_object_ref (self));
  return GTK_WIDGET (self);
}
