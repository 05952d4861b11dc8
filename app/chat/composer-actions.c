/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/composer-private.h"
#include "chat/send-later.h"
#include "widgets/dialog.h"

#include <glib/gi18n.h>

static void
focus_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  guiche_composer_focus (data);
}

static void
send_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  guiche_composer_send (data, 0);
}

static void
cancel_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GuicheComposer *self = data;

  g_signal_emit_by_name (self->text, "cancel");
  guiche_composer_focus (self);
}

static void
note_change_state (GSimpleAction *action, GVariant *state, gpointer data)
{
  guiche_composer_set_note (data, g_variant_get_boolean (state));
  guiche_composer_focus (data);
}

static void
on_files_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (GuicheComposer) self = data;

  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

    for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      guiche_composer_add_file (self, file);
    }
  }
  g_object_unref (dialog);
}

static void
attach_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GuicheComposer *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Attach Files"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
         GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Attach"), _ ("_Cancel"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_files_chosen), g_object_ref (self));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
emoji_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_menu_button_popup (GUICHE_COMPOSER (data)->emoji_button);
}

static void
canned_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  guiche_composer_suggest_canned (data);
}

static void
record_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  guiche_composer_record (data);
}

static void
on_later_chosen (GuicheComposer *self, gint64 at)
{
  guiche_composer_send (self, at);
}

static void
send_later_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GuicheSendLater *dialog = guiche_send_later_new ();

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_later_chosen), data, G_CONNECT_SWAPPED);
  guiche_dialog_present (GTK_WINDOW (dialog), data);
}

static void
undo_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  guiche_composer_undo (data);
}

void
guiche_composer_add_actions (GuicheComposer *self)
{
  static const GActionEntry entries[] = {
    { "focus", focus_activate },           { "send", send_activate },
    { "cancel", cancel_activate },         { "note", NULL, NULL, "false", note_change_state },
    { "attach", attach_activate },         { "emoji", emoji_activate },
    { "canned", canned_activate },         { "record", record_activate },
    { "send-later", send_later_activate }, { "undo-send", undo_activate },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "composer", G_ACTION_GROUP (self->actions));
}

static void
enable (GuicheComposer *self, const char *name, gboolean is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

void
guiche_composer_update_actions (GuicheComposer *self)
{
  g_autofree char *text = guiche_composer_text_dup (self->text);
  gboolean has_text = *g_strstrip (text) != '\0';
  gboolean can_write = guiche_composer_can_write (self);
  gboolean is_customer =
      self->conversation &&
      g_strcmp0 (guiche_conversation_get_kind (self->conversation), "customer") == 0;
  GAction *note = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "note");

  enable (self, "send", can_write && has_text);
  enable (self, "note", can_write && is_customer && !self->edited);
  enable (self, "attach", can_write && !self->is_note);
  enable (self, "emoji", can_write);
  enable (self, "canned", can_write);
  enable (self, "record", can_write);
  enable (self, "send-later", can_write && has_text && !self->edited && !self->is_note);
  g_simple_action_set_state (G_SIMPLE_ACTION (note), g_variant_new_boolean (self->is_note));
}
