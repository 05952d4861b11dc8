/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/new-channel-dialog.h"

#include "inbox/desk-request.h"

#include <glib/gi18n.h>

#define NAME_MAX_CHARACTERS 40

struct _GuicheNewChannelDialog {
  AdwWindow parent_instance;

  AdwEntryRow *name;
  GtkWidget *confirm;

  GuicheDesk *desk; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheNewChannelDialog, guiche_new_channel_dialog, ADW_TYPE_WINDOW)

static guint made_signal;

/* Letters, digits, - and _; the # in front is decoration. Null when there is none left or too many.
 */
static char *
dup_valid_name (GuicheNewChannelDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->name));
  g_autofree char *lower = g_utf8_strdown (*text == '#' ? text + 1 : text, -1);

  g_strstrip (lower);
  if (*lower == '\0' || g_utf8_strlen (lower, -1) > NAME_MAX_CHARACTERS)
    return NULL;
  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);

    if (!g_unichar_isalnum (character) && character != '-' && character != '_')
      return NULL;
  }
  return g_steal_pointer (&lower);
}

static void
on_name_changed_cb (GuicheNewChannelDialog *self)
{
  g_autofree char *name = dup_valid_name (self);
  gboolean is_empty = *gtk_editable_get_text (GTK_EDITABLE (self->name)) == '\0';

  gtk_widget_set_sensitive (self->confirm, name != NULL);
  if (name == NULL && !is_empty)
    gtk_widget_add_css_class (GTK_WIDGET (self->name), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->name), "error");
}

static void
on_made (const char *id, gpointer user_data)
{
  GuicheNewChannelDialog *self = user_data;

  g_signal_emit (self, made_signal, 0, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_confirm_clicked_cb (GuicheNewChannelDialog *self)
{
  g_autofree char *name = dup_valid_name (self);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  GuicheDeskRequest *request;

  if (name == NULL)
    return;

  request = guiche_desk_request_new (self->desk, GTK_WIDGET (parent), NULL);
  guiche_desk_request_set_done (request, on_made, G_OBJECT (self));
  guiche_desk_create_channel_async (self->desk, name, NULL, guiche_desk_request_done_cb, request);
}

static void
guiche_new_channel_dialog_dispose (GObject *object)
{
  g_clear_object (&GUICHE_NEW_CHANNEL_DIALOG (object)->desk);
  G_OBJECT_CLASS (guiche_new_channel_dialog_parent_class)->dispose (object);
}

static void
guiche_new_channel_dialog_class_init (GuicheNewChannelDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_new_channel_dialog_dispose;
  made_signal = g_signal_new ("made", GUICHE_TYPE_NEW_CHANNEL_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                              NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/guiche/Guiche/inbox/new-channel-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheNewChannelDialog, name);
  gtk_widget_class_bind_template_child (widget_class, GuicheNewChannelDialog, confirm);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_clicked_cb);
}

static void
guiche_new_channel_dialog_init (GuicheNewChannelDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->name));
}

GtkWidget *
guiche_new_channel_dialog_new (GuicheDesk *desk)
{
  GuicheNewChannelDialog *self = g_object_new (GUICHE_TYPE_NEW_CHANNEL_DIALOG, NULL);

  self->desk = g_object_ref (desk);
  return GTK_WIDGET (self);
}
