/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-notifications"

#include "config.h"

#include "notifications/notification-backend.h"

#include <glib/gi18n.h>
#include <libnotify/notify.h>

#define SERVER "org.freedesktop.Notifications"

struct _GuicheLibnotifyBackend {
  GObject parent_instance;
  GHashTable *shown;           /* (owned) (element-type utf8 NotifyNotification): by conversation */
  GDBusConnection *connection; /* (owned) (nullable) */
  guint replied_id;
  gboolean knows_server, reads_markup, has_actions, takes_replies;
};

static void backend_init (GuicheNotificationBackendInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (GuicheLibnotifyBackend,
                               guiche_libnotify_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GUICHE_TYPE_NOTIFICATION_BACKEND,
                                                      backend_init))

typedef struct {
  GuicheLibnotifyBackend *backend; /* (unowned): it outlives its notifications */
  char *conversation_id;
} Context;

static void
context_free (gpointer data)
{
  Context *context = data;

  g_free (context->conversation_id);
  g_free (context);
}

static void
ask_server (GuicheLibnotifyBackend *self)
{
  GList *capabilities;

  if (self->knows_server)
    return;
  capabilities = notify_get_server_caps ();
  for (GList *link = capabilities; link; link = link->next) {
    self->reads_markup |= g_str_equal (link->data, "body-markup");
    self->has_actions |= g_str_equal (link->data, "actions");
    self->takes_replies |= g_str_equal (link->data, "inline-reply");
  }
  self->knows_server = capabilities != NULL;
  g_list_free_full (capabilities, g_free);
}

static void
on_action (NotifyNotification *notification, char *action, gpointer data)
{
  Context *context = data;
  g_autofree char *conversation_id = g_strdup (context->conversation_id);

  guiche_notification_backend_emit_action (GUICHE_NOTIFICATION_BACKEND (context->backend),
                                           conversation_id,
                                           g_str_equal (action, "default") ? "open" : action, NULL);
}

static void
add_action (GuicheLibnotifyBackend *self,
            NotifyNotification *notification,
            const GuicheNotice *notice,
            const char *name,
            const char *label)
{
  Context *context = g_new (Context, 1);

  *context = (Context){ self, g_strdup (notice->conversation_id) };
  notify_notification_add_action (notification, name, label, on_action, context, context_free);
}

static void
add_actions (GuicheLibnotifyBackend *self,
             NotifyNotification *notification,
             const GuicheNotice *notice)
{
  notify_notification_clear_actions (notification);
  if (!self->has_actions)
    return;
  add_action (self, notification, notice, "default", _ ("Open"));
  if (notice->kind == GUICHE_NOTICE_NEW_CONVERSATION) {
    add_action (self, notification, notice, "accept", _ ("Accept"));
    add_action (self, notification, notice, "later", _ ("Later"));
    return;
  }
  if (notice->kind == GUICHE_NOTICE_MESSAGE || notice->kind == GUICHE_NOTICE_MENTION)
    add_action (self, notification, notice, self->takes_replies ? "inline-reply" : "reply",
                _ ("Reply"));
  add_action (self, notification, notice, "open", _ ("Open"));
}

/* Only the window of the person is raised: sound and look are the program's own. */
static void
set_hints (NotifyNotification *notification, const GuicheNotice *notice)
{
  notify_notification_set_hint (notification, "desktop-entry",
                                g_variant_new_string (GUICHE_APPLICATION_ID));
  notify_notification_set_hint (notification, "suppress-sound", g_variant_new_boolean (TRUE));
  notify_notification_set_category (
      notification, notice->kind == GUICHE_NOTICE_FAILURE ? "im.error" : "im.received");
  notify_notification_set_urgency (notification, NOTIFY_URGENCY_NORMAL);
}

static void
show (GuicheNotificationBackend *backend, const GuicheNotice *notice)
{
  GuicheLibnotifyBackend *self = GUICHE_LIBNOTIFY_BACKEND (backend);
  NotifyNotification *notification = g_hash_table_lookup (self->shown, notice->conversation_id);
  g_autofree char *body = NULL;
  g_autoptr (GError) error = NULL;

  ask_server (self);
  body = guiche_notice_body (notice->body, self->reads_markup);
  if (notification) {
    notify_notification_update (notification, notice->title, body, GUICHE_APPLICATION_ID);
  } else {
    notification = notify_notification_new (notice->title, body, GUICHE_APPLICATION_ID);
    g_hash_table_insert (self->shown, g_strdup (notice->conversation_id), notification);
  }
  add_actions (self, notification, notice);
  set_hints (notification, notice);
  if (!notify_notification_show (notification, &error)) {
    g_info ("no notification: %s", error->message);
    g_hash_table_remove (self->shown, notice->conversation_id);
  }
}

static void
withdraw (GuicheNotificationBackend *backend, const char *conversation_id)
{
  GuicheLibnotifyBackend *self = GUICHE_LIBNOTIFY_BACKEND (backend);
  NotifyNotification *notification = g_hash_table_lookup (self->shown, conversation_id);

  if (!notification)
    return;
  notify_notification_close (notification, NULL);
  g_hash_table_remove (self->shown, conversation_id);
}

static void
backend_init (GuicheNotificationBackendInterface *iface)
{
  iface->show = show;
  iface->withdraw = withdraw;
}

/* Replies written in the notification itself; libnotify does not know this signal. */
static void
on_replied (GDBusConnection *connection,
            const char *sender,
            const char *path,
            const char *interface,
            const char *signal,
            GVariant *parameters,
            gpointer data)
{
  GuicheLibnotifyBackend *self = data;
  GHashTableIter iter;
  gpointer conversation_id, notification;
  const char *text;
  guint id;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(us)")))
    return;
  g_variant_get (parameters, "(u&s)", &id, &text);
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &conversation_id, &notification)) {
    int shown_id;

    g_object_get (notification, "id", &shown_id, NULL);
    if ((guint) shown_id != id)
      continue;
    g_autofree char *found = g_strdup (conversation_id);

    guiche_notification_backend_emit_action (GUICHE_NOTIFICATION_BACKEND (self), found, "send",
                                             text);
    return;
  }
}

static void
guiche_libnotify_backend_dispose (GObject *object)
{
  GuicheLibnotifyBackend *self = GUICHE_LIBNOTIFY_BACKEND (object);
  GHashTableIter iter;
  gpointer notification;

  if (self->connection)
    g_dbus_connection_signal_unsubscribe (self->connection, self->replied_id);
  g_clear_object (&self->connection);
  if (self->shown) {
    g_hash_table_iter_init (&iter, self->shown);
    while (g_hash_table_iter_next (&iter, NULL, &notification))
      notify_notification_close (notification, NULL);
  }
  g_clear_pointer (&self->shown, g_hash_table_unref);
  G_OBJECT_CLASS (guiche_libnotify_backend_parent_class)->dispose (object);
}

static void
guiche_libnotify_backend_class_init (GuicheLibnotifyBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_libnotify_backend_dispose;
}

static void
guiche_libnotify_backend_init (GuicheLibnotifyBackend *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (self->connection)
    self->replied_id = g_dbus_connection_signal_subscribe (
        self->connection, SERVER, SERVER, "NotificationReplied", "/org/freedesktop/Notifications",
        NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_replied, self, NULL);
}

GuicheNotificationBackend *
guiche_libnotify_backend_new (void)
{
  if (!notify_is_initted ())
    notify_init ("Guichê");
  return g_object_new (GUICHE_TYPE_LIBNOTIFY_BACKEND, NULL);
}
