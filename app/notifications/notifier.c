/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-notifications"

#include "notifications/notifier.h"

#include "notifications/chime.h"
#include "notifications/notification-backend.h"
#include "widgets/error-text.h"
#include "widgets/preferences.h"

#include <glib/gi18n.h>

#define LATER_S (5 * 60)

/* What is shown about one conversation. */
typedef struct {
  GuicheConversation *conversation; /* (owned) */
  GuicheNotifier *notifier;         /* (unowned) */
  GuicheNoticeKind kind;
  guint n_messages;
  gulong state_handler;
  guint later_id;
} Shown;

struct _GuicheNotifier {
  GObject parent_instance;
  GApplication *application;          /* (owned) */
  GuicheDesk *desk;                   /* (owned) */
  GuicheNotificationBackend *backend; /* (owned) */
  GuicheChime *chime;                 /* (owned) */
  GSettings *settings;                /* (owned) */
  GuicheConversation *focused;        /* (owned) (nullable) */
  GHashTable *shown;                  /* (owned) (element-type utf8 Shown): by conversation */
};

G_DEFINE_FINAL_TYPE (GuicheNotifier, guiche_notifier, G_TYPE_OBJECT)

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  g_clear_handle_id (&shown->later_id, g_source_remove);
  g_clear_signal_handler (&shown->state_handler, shown->conversation);
  g_object_unref (shown->conversation);
  g_free (shown);
}

static void
withdraw (GuicheNotifier *self, GuicheConversation *conversation)
{
  const char *id = guiche_conversation_get_id (conversation);

  guiche_notification_backend_withdraw (self->backend, id);
  g_hash_table_remove (self->shown, id);
}

/* --- what is told -------------------------------------------------------------------------------
 */

static guint
minutes_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return (guint) (g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now));
}

static gboolean
is_told (GuicheNotifier *self, GuicheNoticeKind kind, GuicheConversation *conversation)
{
  g_auto (GStrv) muted = g_settings_get_strv (self->settings, "muted-channels");
  g_autofree char *channel = NULL;
  const char *conversation_kind = guiche_conversation_get_kind (conversation);
  gboolean is_customer = g_strcmp0 (conversation_kind, "customer") == 0;
  GuicheNoticePolicy policy = {
    .do_not_disturb = g_settings_get_boolean (self->settings, "do-not-disturb"),
    .quiet_hours = g_settings_get_boolean (self->settings, "quiet-hours"),
    .quiet_from = g_settings_get_uint (self->settings, "quiet-hours-from"),
    .quiet_to = g_settings_get_uint (self->settings, "quiet-hours-to"),
    .now = minutes_now (),
    .kinds = { g_settings_get_boolean (self->settings, "new-conversations"),
               g_settings_get_boolean (self->settings, "messages"),
               g_settings_get_boolean (self->settings, "mentions"),
               g_settings_get_boolean (self->settings, "failures") },
    .muted_channels = (const char *const *) muted,
    .is_focused = conversation == self->focused,
  };

  g_object_get (conversation, "channel", &channel, NULL);
  policy.channel = is_customer ? channel : conversation_kind;
  return guiche_notice_is_told (kind, &policy);
}

/* Somebody else accepted it, or it was closed: there is nothing left to accept. */
static void
on_state_changed (GuicheConversation *conversation, GParamSpec *pspec, gpointer data)
{
  Shown *shown = data;

  if (shown->kind == GUICHE_NOTICE_NEW_CONVERSATION &&
      g_strcmp0 (guiche_conversation_get_state (conversation), "waiting") != 0)
    withdraw (shown->notifier, conversation);
}

static Shown *
remember (GuicheNotifier *self, GuicheNoticeKind kind, GuicheConversation *conversation)
{
  const char *id = guiche_conversation_get_id (conversation);
  Shown *shown = g_hash_table_lookup (self->shown, id);

  if (!shown) {
    shown = g_new0 (Shown, 1);
    shown->notifier = self;
    shown->conversation = g_object_ref (conversation);
    shown->state_handler =
        g_signal_connect (conversation, "notify::state", G_CALLBACK (on_state_changed), shown);
    g_hash_table_insert (self->shown, g_strdup (id), shown);
  }
  g_clear_handle_id (&shown->later_id, g_source_remove);
  shown->kind = kind;
  return shown;
}

static void
tell (GuicheNotifier *self,
      GuicheNoticeKind kind,
      GuicheConversation *conversation,
      const char *name,
      const char *text)
{
  gboolean shows_content = g_settings_get_boolean (self->settings, "show-content");
  g_autofree char *title = NULL;
  Shown *shown;
  GuicheNotice notice;

  if (!is_told (self, kind, conversation))
    return;
  shown = remember (self, kind, conversation);
  shown->n_messages += kind == GUICHE_NOTICE_MESSAGE || kind == GUICHE_NOTICE_MENTION ? 1 : 0;
  title = guiche_notice_title (
      shows_content || kind == GUICHE_NOTICE_FAILURE ? name : _ ("Guichê"), shown->n_messages);
  notice = (GuicheNotice){ kind, guiche_conversation_get_id (conversation), title,
                           shows_content ? text : _ ("There is something new.") };
  guiche_notification_backend_show (self->backend, &notice);
  if (g_settings_get_boolean (self->settings, "sound"))
    guiche_chime_ring (self->chime);
}

/* --- what the desk reports
 * ------------------------------------------------------------------------ */

/* (transfer full): what stands for a message in one line. */
static char *
dup_line (GuicheMessage *message)
{
  g_autofree char *kind = NULL;
  g_autofree char *body = NULL;

  g_object_get (message, "kind", &kind, "body", &body, NULL);
  if (g_strcmp0 (kind, "voice") == 0)
    return g_strdup (_ ("Voice note"));
  if (g_strcmp0 (kind, "image") == 0 && (!body || !*body))
    return g_strdup (_ ("Image"));
  if (g_strcmp0 (kind, "file") == 0 && (!body || !*body))
    return g_strdup (_ ("File"));
  return g_steal_pointer (&body);
}

/* (transfer full): “Bruno in #suporte”, or the customer's name. */
static char *
dup_name (GuicheConversation *conversation, GuicheMessage *message)
{
  g_autofree char *sender = NULL;
  const char *title = guiche_conversation_get_title (conversation);

  g_object_get (message, "sender-name", &sender, NULL);
  if (g_strcmp0 (guiche_conversation_get_kind (conversation), "channel") != 0)
    return sender && *sender ? g_steal_pointer (&sender) : g_strdup (title);
  /* Translators: a colleague, and the internal channel they wrote in */
  return g_strdup_printf (_ ("%s in #%s"), sender ? sender : "", title ? title : "");
}

static void
on_message_arrived (GuicheNotifier *self, GuicheConversation *conversation, GuicheMessage *message)
{
  g_autofree char *name = NULL;
  g_autofree char *line = NULL;
  g_autofree char *kind = NULL;
  gboolean is_customer = g_strcmp0 (guiche_conversation_get_kind (conversation), "customer") == 0;

  g_object_get (message, "kind", &kind, NULL);
  if (g_strcmp0 (kind, "system") == 0 ||
      (is_customer && !guiche_conversation_get_is_mine (conversation)))
    return;
  name = dup_name (conversation, message);
  line = dup_line (message);
  tell (self, GUICHE_NOTICE_MESSAGE, conversation, name, line);
}

static void
on_mentioned (GuicheNotifier *self, GuicheConversation *conversation, GuicheMessage *message)
{
  g_autofree char *name = dup_name (conversation, message);
  g_autofree char *line = dup_line (message);
  g_autofree char *title = g_strdup_printf (_ ("%s mentioned you"), name);

  tell (self, GUICHE_NOTICE_MENTION, conversation, title, line);
}

static void
on_conversation_arrived (GuicheNotifier *self, GuicheConversation *conversation)
{
  g_autofree char *queue = NULL;
  g_autofree char *preview = NULL;
  g_autofree char *text = NULL;

  g_object_get (conversation, "queue-name", &queue, "preview", &preview, NULL);
  text = g_strdup_printf ("%s\n%s",
                          queue && *queue ? queue : _ ("New conversation"), preview ? preview : "");
  tell (self, GUICHE_NOTICE_NEW_CONVERSATION, conversation,
        guiche_conversation_get_title (conversation), g_strchomp (text));
}

static void
on_send_failed (GuicheNotifier *self,
                GuicheConversation *conversation,
                GuicheMessage *message,
                const char *reason)
{
  const char *title = guiche_conversation_get_title (conversation);
  g_autofree char *text =
      g_strdup_printf (_ ("A message to %s could not be sent."), title ? title : _ ("a colleague"));

  tell (self, GUICHE_NOTICE_FAILURE, conversation, _ ("Message Not Sent"), text);
}

static void
on_conversation_read (GuicheNotifier *self, GuicheConversation *conversation)
{
  withdraw (self, conversation);
}

/* --- what the person presses
 * ------------------------------------------------------------------------ */

static void
activate (GuicheNotifier *self, const char *action, const char *conversation_id)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->application), action,
                                  g_variant_new_string (conversation_id));
}

typedef struct {
  GuicheNotifier *notifier;         /* (owned) */
  GuicheConversation *conversation; /* (owned) */
} Accepting;

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Accepting *accepting = data;
  g_autoptr (GuicheNotifier) self = accepting->notifier;
  g_autoptr (GuicheConversation) conversation = accepting->conversation;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_free (accepting);
  if (guiche_desk_action_finish (GUICHE_DESK (source), result, NULL, &error)) {
    activate (self, "open-conversation", guiche_conversation_get_id (conversation));
    return;
  }
  text = guiche_error_text (error);
  tell (self, GUICHE_NOTICE_FAILURE, conversation, _ ("Conversation Not Accepted"), text);
}

static void
accept (GuicheNotifier *self, GuicheConversation *conversation)
{
  Accepting *accepting = g_new (Accepting, 1);

  *accepting = (Accepting){ g_object_ref (self), g_object_ref (conversation) };
  withdraw (self, conversation);
  guiche_desk_accept_async (self->desk, conversation, NULL, accepted_cb, accepting);
}

static void
on_later_over (gpointer data)
{
  Shown *shown = data;
  g_autoptr (GuicheConversation) conversation = g_object_ref (shown->conversation);

  shown->later_id = 0;
  on_conversation_arrived (shown->notifier, conversation);
}

/* Away now; told again in five minutes if it still waits. */
static void
remind_later (GuicheNotifier *self, GuicheConversation *conversation)
{
  Shown *shown = remember (self, GUICHE_NOTICE_NEW_CONVERSATION, conversation);

  guiche_notification_backend_withdraw (self->backend, guiche_conversation_get_id (conversation));
  shown->later_id = g_timeout_add_once (LATER_S * 1000, on_later_over, shown);
}

static void
send_reply (GuicheNotifier *self, GuicheConversation *conversation, const char *text)
{
  GuicheOutgoing outgoing = { .body = text, .kind = "text" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheMessage) message = NULL;

  withdraw (self, conversation);
  message = guiche_desk_send (self->desk, conversation, &outgoing, &error);
  if (message)
    guiche_desk_mark_read (self->desk, conversation);
  else
    on_send_failed (self, conversation, NULL, error->message);
}

static void
on_action (GuicheNotifier *self, const char *conversation_id, const char *action, const char *text)
{
  g_autoptr (GuicheConversation) conversation = NULL;

  g_set_object (&conversation, guiche_desk_find_conversation (self->desk, conversation_id));
  if (!conversation)
    return;
  if (g_str_equal (action, "accept")) {
    accept (self, conversation);
  } else if (g_str_equal (action, "later")) {
    remind_later (self, conversation);
  } else if (g_str_equal (action, "send")) {
    if (*text)
      send_reply (self, conversation, text);
  } else {
    withdraw (self, conversation);
    activate (self, g_str_equal (action, "reply") ? "reply-to-conversation" : "open-conversation",
              conversation_id);
  }
}

/* --- the object
 * ----------------------------------------------------------------------------------------- */

static void
guiche_notifier_dispose (GObject *object)
{
  GuicheNotifier *self = GUICHE_NOTIFIER (object);

  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_object (&self->backend);
  g_clear_object (&self->chime);
  g_clear_object (&self->settings);
  g_clear_object (&self->application);
  g_clear_object (&self->desk);
  g_clear_object (&self->focused);
  G_OBJECT_CLASS (guiche_notifier_parent_class)->dispose (object);
}

static void
guiche_notifier_class_init (GuicheNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_notifier_dispose;
}

static void
guiche_notifier_init (GuicheNotifier *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, shown_free);
  self->settings = guiche_preferences_new ("Notifications");
  self->chime = guiche_chime_new ();
}

static void
follow (GuicheNotifier *self, const char *signal, GCallback callback)
{
  g_signal_connect_object (self->desk, signal, callback, self, G_CONNECT_SWAPPED);
}

GuicheNotifier *
guiche_notifier_new (GApplication *application, GuicheDesk *desk)
{
  GuicheNotifier *self = g_object_new (GUICHE_TYPE_NOTIFIER, NULL);

  self->application = g_object_ref (application);
  self->desk = g_object_ref (desk);
  self->backend = guiche_notification_backend_new (application);
  g_signal_connect_object (self->backend, "action", G_CALLBACK (on_action), self,
                           G_CONNECT_SWAPPED);
  follow (self, "message-arrived", G_CALLBACK (on_message_arrived));
  follow (self, "conversation-arrived", G_CALLBACK (on_conversation_arrived));
  follow (self, "mentioned", G_CALLBACK (on_mentioned));
  follow (self, "conversation-read", G_CALLBACK (on_conversation_read));
  follow (self, "send-failed", G_CALLBACK (on_send_failed));
  return self;
}

void
guiche_notifier_set_focused (GuicheNotifier *self, GuicheConversation *conversation)
{
  if (g_set_object (&self->focused, conversation) && conversation)
    withdraw (self, conversation);
}
