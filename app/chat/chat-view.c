/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/chat-view.h"

#include "base/error.h"
#include "base/text.h"
#include "chat/attachments.h"
#include "chat/composer.h"
#include "chat/date-dialog.h"
#include "chat/message-view.h"
#include "chat/scheduled-bar.h"
#include "widgets/dialog.h"
#include "widgets/preferences.h"
#include "widgets/toast.h"

#include <glib/gi18n.h>

struct _GuicheChatView {
  AdwBin parent_instance;
  GtkStack *stack;
  GuicheMessageView *messages;
  GtkRevealer *activity_revealer;
  GtkLabel *activity_label;
  GuicheScheduledBar *scheduled_bar;
  GuicheComposer *composer;
  GMenuModel *view_menu;
  GuicheDesk *desk;                 /* (owned) */
  GuicheConversation *conversation; /* (owned) (nullable) */
  GuicheMessageList *list;          /* (owned) (nullable) */
  GuicheAttachments *attachments;   /* (owned) */
  GuichePlayer *player;             /* (owned) */
  GSettings *settings;              /* (owned) */
  GSimpleActionGroup *actions;      /* (owned) */
  GtkWindow *window;                /* (nullable) (weak): the one it is in */
};

G_DEFINE_FINAL_TYPE (GuicheChatView, guiche_chat_view, ADW_TYPE_BIN)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- reading and what goes on
 * ------------------------------------------------------------------------ */

/* Read is what is in sight in a window the person looks at. */
static void
mark_read (GuicheChatView *self)
{
  if (self->conversation && self->window && gtk_window_is_active (self->window) &&
      guiche_message_view_is_at_latest (self->messages) &&
      guiche_conversation_get_unread (self->conversation) > 0)
    guiche_desk_mark_read (self->desk, self->conversation);
}

static void
show_activity (GuicheChatView *self)
{
  g_autofree char *typing = NULL;
  g_autofree char *viewers = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->conversation)
    g_object_get (self->conversation, "typing", &typing, "viewers", &viewers, NULL);
  name = guiche_text_one_line (typing ? typing : viewers ? viewers : "", 120);
  if (typing && *typing)
    text = g_strdup_printf (_ ("%s is typing…"), name);
  else if (viewers && *viewers)
    text = g_strdup_printf (_ ("Also here: %s"), name);
  if (text)
    gtk_label_set_text (self->activity_label, text);
  gtk_revealer_set_reveal_child (self->activity_revealer, text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->activity_revealer), text != NULL);
}

static void
on_active_changed (GuicheChatView *self)
{
  mark_read (self);
}

static void
on_at_latest (GuicheChatView *self)
{
  mark_read (self);
}

/* --- between messages and composer
 * --------------------------------------------------------------------- */

static void
on_reply (GuicheChatView *self, GuicheMessage *message)
{
  guiche_composer_quote (self->composer, message);
}

static void
on_edit (GuicheChatView *self, GuicheMessage *message)
{
  guiche_composer_edit (self->composer, message);
}

static void
on_sent (GuicheChatView *self)
{
  guiche_message_view_scroll_to_latest (self->messages);
}

/* The audio room's sentences are for the person already; others come from their code. */
static void
on_attachment_failed (GuicheChatView *self, const GError *error)
{
  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO))
    guiche_toast_show (GTK_WIDGET (self), error->message);
  else
    guiche_toast_show_error (GTK_WIDGET (self), error);
}

/* --- actions
 * --------------------------------------------------------------------------------------------- */

static void
latest_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  guiche_message_view_scroll_to_latest (GUICHE_CHAT_VIEW (data)->messages);
}

static void
unread_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GuicheChatView *self = data;
  guint position = self->list ? guiche_message_list_find_first_unread (self->list) : G_MAXUINT;

  if (position == G_MAXUINT)
    guiche_message_view_scroll_to_latest (self->messages);
  else
    guiche_message_view_show_position (self->messages, position);
}

static void
on_date_chosen (GuicheChatView *self, gint64 at)
{
  guint position = self->list ? guiche_message_list_find_time (self->list, at) : G_MAXUINT;

  if (position == G_MAXUINT)
    guiche_toast_show (GTK_WIDGET (self), _ ("There is no message from that day or later."));
  else
    guiche_message_view_show_position (self->messages, position);
}

static void
date_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GuicheDateDialog *dialog = guiche_date_dialog_new ();

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_date_chosen), data, G_CONNECT_SWAPPED);
  guiche_dialog_present (GTK_WINDOW (dialog), data);
}

/* Mine, of text, among the latest ones. */
static void
edit_last_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GuicheChatView *self = data;
  guint n = self->list ? g_list_model_get_n_items (G_LIST_MODEL (self->list)) : 0;

  for (guint i = n; i > 0 && i + 20 > n; i--) {
    g_autoptr (GuicheMessage) message = g_list_model_get_item (G_LIST_MODEL (self->list), i - 1);
    g_autofree char *kind = NULL;
    gboolean is_mine, is_deleted;
    gint64 seq;

    g_object_get (message, "kind", &kind, "is-mine", &is_mine, "is-deleted", &is_deleted, "seq",
                  &seq, NULL);
    if (!is_mine || is_deleted || seq == 0 ||
        (g_strcmp0 (kind, "text") != 0 && g_strcmp0 (kind, "note") != 0))
      continue;
    guiche_composer_edit (self->composer, message);
    return;
  }
}

static void
add_actions (GuicheChatView *self)
{
  static const GActionEntry entries[] = {
    { "jump-to-latest", latest_activate },
    { "jump-to-unread", unread_activate },
    { "jump-to-date", date_activate },
    { "edit-last", edit_last_activate },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "messages", G_ACTION_GROUP (self->actions));
}

static void
enable_actions (GuicheChatView *self)
{
  static const char *const names[] = { "jump-to-latest", "jump-to-unread", "jump-to-date",
                                       "edit-last" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), names[i])),
        self->conversation != NULL);
}

/* --- the object
 * -------------------------------------------------------------------------------------------- */

/* The window carries the actions, so that accelerators and the header bar find them. */
static void
guiche_chat_view_root (GtkWidget *widget)
{
  GuicheChatView *self = GUICHE_CHAT_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (guiche_chat_view_parent_class)->root (widget);
  root = gtk_widget_get_root (widget);
  gtk_widget_insert_action_group (GTK_WIDGET (root), "messages", G_ACTION_GROUP (self->actions));
  gtk_widget_insert_action_group (GTK_WIDGET (root), "composer",
                                  guiche_composer_get_actions (self->composer));
  if (!GTK_IS_WINDOW (root))
    return;
  g_set_weak_pointer (&self->window, GTK_WINDOW (root));
  g_signal_connect_object (root, "notify::is-active", G_CALLBACK (on_active_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
guiche_chat_view_unroot (GtkWidget *widget)
{
  GuicheChatView *self = GUICHE_CHAT_VIEW (widget);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));

  gtk_widget_insert_action_group (root, "messages", NULL);
  gtk_widget_insert_action_group (root, "composer", NULL);
  if (self->window)
    g_signal_handlers_disconnect_by_func (self->window, on_active_changed, self);
  g_clear_weak_pointer (&self->window);
  GTK_WIDGET_CLASS (guiche_chat_view_parent_class)->unroot (widget);
}

static void
guiche_chat_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, GUICHE_CHAT_VIEW (object)->conversation);
}

static void
guiche_chat_view_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  guiche_chat_view_set_conversation (GUICHE_CHAT_VIEW (object), g_value_get_object (value));
}

static void
guiche_chat_view_dispose (GObject *object)
{
  GuicheChatView *self = GUICHE_CHAT_VIEW (object);

  if (self->desk)
    guiche_chat_view_set_conversation (self, NULL);
  g_clear_object (&self->attachments);
  g_clear_object (&self->player);
  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  g_clear_object (&self->desk);
  g_clear_weak_pointer (&self->window);
  G_OBJECT_CLASS (guiche_chat_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/chat/chat-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheChatView, stack);
  gtk_widget_class_bind_template_child (widget_class, GuicheChatView, messages);
  gtk_widget_class_bind_template_child (widget_class, GuicheChatView, activity_revealer);
  gtk_widget_class_bind_template_child (widget_class, GuicheChatView, activity_label);
  gtk_widget_class_bind_template_child (widget_class, GuicheChatView, scheduled_bar);
  gtk_widget_class_bind_template_child (widget_class, GuicheChatView, composer);
  gtk_widget_class_bind_template_child (widget_class, GuicheChatView, view_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_reply);
  gtk_widget_class_bind_template_callback (widget_class, on_edit);
  gtk_widget_class_bind_template_callback (widget_class, on_at_latest);
  gtk_widget_class_bind_template_callback (widget_class, on_sent);
}

static void
guiche_chat_view_class_init (GuicheChatViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = guiche_chat_view_dispose;
  object_class->get_property = guiche_chat_view_get_property;
  object_class->set_property = guiche_chat_view_set_property;
  widget_class->root = guiche_chat_view_root;
  widget_class->unroot = guiche_chat_view_unroot;
  g_type_ensure (GUICHE_TYPE_MESSAGE_VIEW);
  g_type_ensure (GUICHE_TYPE_SCHEDULED_BAR);
  g_type_ensure (GUICHE_TYPE_COMPOSER);
  properties[PROP_CONVERSATION] =
      g_param_spec_object ("conversation", NULL, NULL, GUICHE_TYPE_CONVERSATION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  bind_template (widget_class);
}

static void
guiche_chat_view_init (GuicheChatView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->player = guiche_player_new ();
  self->settings = guiche_preferences_new ("Chat");
  g_settings_bind (self->settings, "playback-rate", self->player, "rate", G_SETTINGS_BIND_DEFAULT);
  add_actions (self);
  enable_actions (self);
}

GuicheChatView *
guiche_chat_view_new (GuicheDesk *desk)
{
  GuicheChatView *self = g_object_new (GUICHE_TYPE_CHAT_VIEW, NULL);

  self->desk = g_object_ref (desk);
  self->attachments = guiche_attachments_new (desk, self->player);
  g_signal_connect_object (self->attachments, "failed", G_CALLBACK (on_attachment_failed), self,
                           G_CONNECT_SWAPPED);
  guiche_message_view_set_attachments (self->messages, self->attachments);
  guiche_scheduled_bar_set_desk (self->scheduled_bar, desk);
  guiche_composer_set_desk (self->composer, desk, self->player);
  return self;
}

void
guiche_chat_view_set_conversation (GuicheChatView *self, GuicheConversation *conversation)
{
  if (self->conversation == conversation)
    return;
  if (self->conversation)
    g_signal_handlers_disconnect_by_func (self->conversation, show_activity, self);
  g_set_object (&self->conversation, conversation);
  g_clear_object (&self->list);
  if (conversation) {
    guint unread;

    self->list = guiche_message_list_new (self->desk, conversation);
    unread = guiche_message_list_find_first_unread (self->list);
    guiche_message_view_set_messages (self->messages, G_LIST_MODEL (self->list), unread);
    g_signal_connect_swapped (conversation, "notify::typing", G_CALLBACK (show_activity), self);
    g_signal_connect_swapped (conversation, "notify::viewers", G_CALLBACK (show_activity), self);
  } else {
    guiche_message_view_set_messages (self->messages, NULL, 0);
  }
  guiche_scheduled_bar_set_conversation (self->scheduled_bar, conversation);
  guiche_composer_set_conversation (self->composer, conversation);
  guiche_desk_set_viewing (self->desk, conversation);
  gtk_stack_set_visible_child_name (self->stack, conversation ? "conversation" : "empty");
  enable_actions (self);
  show_activity (self);
  mark_read (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

GuicheConversation *
guiche_chat_view_get_conversation (GuicheChatView *self)
{
  return self->conversation;
}

gboolean
guiche_chat_view_show_message (GuicheChatView *self, gint64 seq)
{
  guint position = self->list ? guiche_message_list_find_seq (self->list, seq) : G_MAXUINT;

  if (position == G_MAXUINT)
    return FALSE;
  guiche_message_view_show_position (self->messages, position);
  return TRUE;
}

void
guiche_chat_view_focus_composer (GuicheChatView *self)
{
  guiche_composer_focus (self->composer);
}

GMenuModel *
guiche_chat_view_get_menu (GuicheChatView *self)
{
  return self->view_menu;
}
