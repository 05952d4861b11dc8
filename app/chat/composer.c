/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/composer.h"

#include "base/text.h"
#include "chat/composer-private.h"
#include "chat/message-facts.h"
#include "widgets/preferences.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

#define TYPING_EVERY_US (3 * G_USEC_PER_SEC)
#define TYPING_OVER_MS 5000

G_DEFINE_FINAL_TYPE (GuicheComposer, guiche_composer, GTK_TYPE_BOX)

static guint sent_signal;

/* --- the look
 * -------------------------------------------------------------------------------------- */

static gboolean
is_for_customer (GuicheComposer *self)
{
  return self->conversation &&
         g_strcmp0 (guiche_conversation_get_kind (self->conversation), "customer") == 0;
}

static void
block (GuicheComposer *self, const char *reason, const char *label, const char *action)
{
  gtk_label_set_text (self->blocked_label, reason);
  gtk_button_set_label (self->blocked_button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->blocked_button), action);
  gtk_stack_set_visible_child_name (self->stack, "blocked");
}

gboolean
guiche_composer_can_write (GuicheComposer *self)
{
  const char *state;

  if (!self->conversation)
    return FALSE;
  state = guiche_conversation_get_state (self->conversation);
  return !is_for_customer (self) ||
         (g_strcmp0 (state, "closed") != 0 && g_strcmp0 (state, "waiting") != 0);
}

static void
show_page (GuicheComposer *self)
{
  const char *state =
      self->conversation ? guiche_conversation_get_state (self->conversation) : NULL;

  if (self->recorder_bar && guiche_recorder_bar_is_active (self->recorder_bar) &&
      self->recording_for == self->conversation)
    gtk_stack_set_visible_child_name (self->stack, "record");
  else if (guiche_composer_can_write (self))
    gtk_stack_set_visible_child_name (self->stack, "write");
  else if (g_strcmp0 (state, "closed") == 0)
    block (self, _ ("This conversation is closed."), _ ("Reopen"), "conversation.reopen");
  else
    block (self, _ ("Nobody attends to this conversation yet."), _ ("Accept"),
                                                                    "conversation.accept");
}

static void
show_placeholder (GuicheComposer *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->conversation)
    name = guiche_text_one_line (guiche_conversation_get_title (self->conversation)
                                     ? guiche_conversation_get_title (self->conversation)
                                     : "",
                                 60);
  if (self->is_note)
    text = g_strdup (_ ("Write a note for colleagues"));
  else if (name && *name)
    text = g_strdup_printf (_ ("Write to %s"), name);
  guiche_composer_text_set_placeholder (self->text, text ? text : _ ("Write a message"));
}

static void
set_class (GtkWidget *widget, const char *name, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
show_reference (GuicheComposer *self)
{
  GuicheMessage *message = self->edited ? self->edited : self->quoted;
  g_auto (GuicheMessageFacts) facts = { 0 };
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autofree char *line = NULL;

  gtk_widget_set_visible (self->reference_bar, message != NULL);
  if (!message)
    return;
  guiche_message_facts_read (&facts, message);
  name = guiche_text_one_line (facts.sender_name ? facts.sender_name : "", 60);
  title = self->edited ? g_strdup (_ ("Editing the message"))
                       : g_strdup_printf (_ ("Reply to %s"), name);
  line = guiche_text_one_line (facts.body ? facts.body : "", 160);
  gtk_label_set_text (self->reference_title, title);
  gtk_label_set_text (self->reference_text, *line ? line : _ ("Attachment"));
  gtk_image_set_from_icon_name (self->reference_icon, self->edited ? "document-edit-symbolic"
                                                                   : "mail-reply-sender-symbolic");
}

void
guiche_composer_update (GuicheComposer *self)
{
  g_autofree char *text = guiche_composer_text_dup (self->text);
  gboolean has_text = *g_strstrip (text) != '\0';

  show_page (self);
  show_reference (self);
  show_placeholder (self);
  gtk_widget_set_visible (self->note_label, self->is_note);
  set_class (GTK_WIDGET (self), "note", self->is_note);
  gtk_widget_set_visible (self->send_button, has_text || self->edited);
  gtk_widget_set_visible (self->record_button, !has_text && !self->edited && !self->is_note);
  guiche_composer_update_actions (self);
}

void
guiche_composer_set_note (GuicheComposer *self, gboolean is_note)
{
  self->is_note = is_note && is_for_customer (self);
  guiche_composer_update (self);
}

void
guiche_composer_clear_reference (GuicheComposer *self)
{
  g_clear_object (&self->quoted);
  g_clear_object (&self->edited);
}

/* --- text and drafts
 * ------------------------------------------------------------------------------- */

static void
tell_typing (GuicheComposer *self, gboolean is_typing)
{
  if (self->desk && self->conversation && !self->is_note)
    guiche_desk_set_typing (self->desk, self->conversation, is_typing);
  self->typing_told_us = is_typing ? g_get_monotonic_time () : 0;
}

static gboolean
on_typing_over (gpointer data)
{
  GuicheComposer *self = data;

  self->typing_id = 0;
  tell_typing (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
stop_typing (GuicheComposer *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  if (self->typing_told_us != 0)
    tell_typing (self, FALSE);
}

static void
keep_typing (GuicheComposer *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  if (g_get_monotonic_time () - self->typing_told_us > TYPING_EVERY_US)
    tell_typing (self, TRUE);
  self->typing_id = g_timeout_add (TYPING_OVER_MS, on_typing_over, self);
}

static void
on_text_changed (GuicheComposer *self)
{
  g_autofree char *text = guiche_composer_text_dup (self->text);

  guiche_composer_update (self);
  if (self->is_filling || !self->conversation)
    return;
  if (!self->edited)
    guiche_desk_set_draft (self->desk, self->conversation, text);
  if (*text)
    keep_typing (self);
  else
    stop_typing (self);
  guiche_composer_suggest (self);
}

void
guiche_composer_fill (GuicheComposer *self, const char *text)
{
  self->is_filling = TRUE;
  guiche_composer_text_set (self->text, text);
  self->is_filling = FALSE;
  guiche_composer_update (self);
}

/* --- what the text entry asks
 * ------------------------------------------------------------------------ */

static void
on_send (GuicheComposer *self)
{
  guiche_composer_send (self, 0);
}

/* The draft comes back after an edit is given up. */
static void
on_cancel (GuicheComposer *self)
{
  g_autofree char *draft = NULL;

  if (self->edited) {
    draft = guiche_desk_dup_draft (self->desk, self->conversation);
    guiche_composer_clear_reference (self);
    guiche_composer_fill (self, draft);
  } else if (self->quoted) {
    guiche_composer_clear_reference (self);
    guiche_composer_update (self);
  } else if (self->is_note) {
    guiche_composer_set_note (self, FALSE);
  }
}

static void
on_edit_last (GuicheComposer *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "messages.edit-last", NULL);
}

static void
on_image_pasted (GuicheComposer *self, GdkTexture *texture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheOutgoingFile) file = guiche_outgoing_file_new_for_texture (texture, &error);

  if (file)
    guiche_composer_send_file (self, file);
  else
    guiche_toast_show (GTK_WIDGET (self), error->message);
}

static void
on_files_dropped (GuicheComposer *self, GdkFileList *list)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (list);

  for (GSList *link = files; link; link = link->next)
    guiche_composer_add_file (self, link->data);
}

static gboolean
on_key (GuicheComposer *self, guint keyval)
{
  return self->suggestions && guiche_suggestions_handle_key (self->suggestions, keyval);
}

static void
on_emoji_picked (GuicheComposer *self, const char *emoji)
{
  guiche_composer_text_insert (self->text, emoji);
}

/* --- the object
 * ---------------------------------------------------------------------------------------- */

static void
guiche_composer_dispose (GObject *object)
{
  GuicheComposer *self = GUICHE_COMPOSER (object);

  guiche_composer_set_conversation (self, NULL);
  if (self->suggestions)
    gtk_widget_unparent (GTK_WIDGET (self->suggestions));
  self->suggestions = NULL;
  g_clear_object (&self->recording_for);
  g_clear_object (&self->desk);
  g_clear_object (&self->player);
  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (guiche_composer_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, undo_bar);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, reference_bar);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, reference_icon);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, reference_title);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, reference_text);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, note_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, stack);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, text_frame);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, text);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, add_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, emoji_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, record_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, send_button);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, blocked_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheComposer, blocked_button);
}

static void
guiche_composer_class_init (GuicheComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_composer_dispose;
  g_type_ensure (GUICHE_TYPE_COMPOSER_TEXT);
  g_type_ensure (GUICHE_TYPE_UNDO_BAR);
  sent_signal = g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 1, GUICHE_TYPE_MESSAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/composer.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_edit_last);
  gtk_widget_class_bind_template_callback (widget_class, on_image_pasted);
  gtk_widget_class_bind_template_callback (widget_class, on_files_dropped);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_emoji_picked);
}

static void
guiche_composer_init (GuicheComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = guiche_preferences_new ("Chat");
  g_settings_bind (self->settings, "enter-sends", self->text, "enter-sends", G_SETTINGS_BIND_GET);
  guiche_composer_add_actions (self);
  guiche_composer_add_record_gesture (self);
  g_signal_connect_swapped (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)), "changed",
                            G_CALLBACK (on_text_changed), self);
  guiche_composer_update (self);
}

GtkWidget *
guiche_composer_new (GuicheDesk *desk, GuichePlayer *player)
{
  GuicheComposer *self = g_object_new (GUICHE_TYPE_COMPOSER, NULL);

  guiche_composer_set_desk (self, desk, player);
  return GTK_WIDGET (self);
}

void
guiche_composer_set_desk (GuicheComposer *self, GuicheDesk *desk, GuichePlayer *player)
{
  g_set_object (&self->desk, desk);
  g_set_object (&self->player, player);
}

void
guiche_composer_set_conversation (GuicheComposer *self, GuicheConversation *conversation)
{
  g_autofree char *draft = NULL;

  if (self->conversation == conversation)
    return;
  if (self->conversation) {
    stop_typing (self);
    g_clear_signal_handler (&self->state_handler, self->conversation);
    guiche_undo_bar_stop (self->undo_bar);
  }
  guiche_composer_clear_reference (self);
  g_set_object (&self->conversation, conversation);
  self->is_note = FALSE;
  if (!conversation)
    return;
  self->state_handler = g_signal_connect_swapped (conversation, "notify::state",
                                                  G_CALLBACK (guiche_composer_update), self);
  draft = guiche_desk_dup_draft (self->desk, conversation);
  guiche_composer_fill (self, draft);
}

void
guiche_composer_focus (GuicheComposer *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

void
guiche_composer_quote (GuicheComposer *self, GuicheMessage *message)
{
  if (self->edited)
    on_cancel (self);
  g_set_object (&self->quoted, message);
  guiche_composer_update (self);
  guiche_composer_focus (self);
}

void
guiche_composer_edit (GuicheComposer *self, GuicheMessage *message)
{
  g_autofree char *body = NULL;

  g_object_get (message, "body", &body, NULL);
  guiche_composer_clear_reference (self);
  g_set_object (&self->edited, message);
  guiche_composer_fill (self, body);
  guiche_composer_focus (self);
}

void
guiche_composer_add_file (GuicheComposer *self, GFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheOutgoingFile) outgoing = guiche_outgoing_file_new (file, &error);

  if (outgoing)
    guiche_composer_send_file (self, outgoing);
  else
    guiche_toast_show (GTK_WIDGET (self), error->message);
}

GActionGroup *
guiche_composer_get_actions (GuicheComposer *self)
{
  return G_ACTION_GROUP (self->actions);
}
