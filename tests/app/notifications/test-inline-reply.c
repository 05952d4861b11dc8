/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A notification server that takes replies in the notification itself (dunst does not): it lives on
 * a thread of its own, on a session bus without another. */
#include "notifications/notification-backend.h"

static const char introspection[] =
    "<node><interface name='org.freedesktop.Notifications'>"
    "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
    "<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' "
    "direction='out'/>"
    "<arg type='s' direction='out'/><arg type='s' direction='out'/></method>"
    "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' "
    "direction='in'/>"
    "<arg type='u' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
    "<signal name='NotificationReplied'><arg type='u'/><arg type='s'/></signal>"
    "</interface></node>";

typedef struct {
  GMainLoop *loop;
  GDBusConnection *connection;
  gint is_ready;   /* (atomic) */
  gint n_notified; /* (atomic) */
  guint replaced;  /* what the latest replaced */
  gboolean offers_reply, body_is_escaped;
} Server;

static void
take_notification (Server *server, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autofree const char **actions = NULL;
  const char *body;
  g_autoptr (GVariant) list = g_variant_get_child_value (parameters, 5);

  g_variant_get_child (parameters, 1, "u", &server->replaced);
  g_variant_get_child (parameters, 4, "&s", &body);
  actions = g_variant_get_strv (list, NULL);
  server->offers_reply = g_strv_contains (actions, "inline-reply");
  server->body_is_escaped = g_str_equal (body, "&lt;b&gt;hi&lt;/b&gt;");
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", 7));
  g_atomic_int_inc (&server->n_notified);
}

static void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer data)
{
  static const char *const capabilities[] = { "actions", "body", "body-markup", "inline-reply",
                                              NULL };

  if (g_str_equal (method, "GetCapabilities"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(^as)", capabilities));
  else if (g_str_equal (method, "GetServerInformation"))
    g_dbus_method_invocation_return_value (invocation,
                                           g_variant_new ("(ssss)", "test", "guiche", "1", "1.2"));
  else if (g_str_equal (method, "Notify"))
    take_notification (data, parameters, invocation);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
on_name_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  g_atomic_int_set (&((Server *) data)->is_ready, 1);
}

static gpointer
run_server (gpointer data)
{
  static const GDBusInterfaceVTable table = { on_call };
  Server *server = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  g_main_context_push_thread_default (context);
  server->loop = g_main_loop_new (context, FALSE);
  server->connection =
      g_dbus_connection_new_for_address_sync (address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, NULL);
  g_dbus_connection_register_object (server->connection, "/org/freedesktop/Notifications",
                                     node->interfaces[0], &table, server, NULL, NULL);
  g_bus_own_name_on_connection (server->connection, "org.freedesktop.Notifications",
                                G_BUS_NAME_OWNER_FLAGS_NONE, on_name_acquired, NULL, server, NULL);
  g_main_loop_run (server->loop);
  g_dbus_connection_close_sync (server->connection, NULL, NULL);
  g_clear_object (&server->connection);
  g_main_loop_unref (server->loop);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
on_action (GuicheNotificationBackend *backend,
           const char *id,
           const char *action,
           const char *text,
           gpointer data)
{
  char **out = data;

  *out = g_strdup_printf ("%s %s %s", id, action, text);
}

static void
wait_for (gint *flag)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (!g_atomic_int_get (flag) && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_true (g_atomic_int_get (flag));
}

static void
test_inline_reply (void)
{
  Server server = { 0 };
  GThread *thread;
  GuicheNotificationBackend *backend;
  GuicheNotice notice = { GUICHE_NOTICE_MESSAGE, "c1", "Maria", "<b>hi</b>" };
  g_autofree char *heard = NULL;
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  thread = g_thread_new ("server", run_server, &server);
  wait_for (&server.is_ready);
  backend = guiche_libnotify_backend_new ();
  g_signal_connect (backend, "action", G_CALLBACK (on_action), &heard);
  guiche_notification_backend_show (backend, &notice);
  wait_for (&server.n_notified);
  g_assert_true (server.offers_reply);
  g_assert_true (server.body_is_escaped);
  g_assert_cmpuint (server.replaced, ==, 0);
  guiche_notification_backend_show (backend, &notice);
  g_assert_cmpuint (server.replaced, ==, 7); /* the same notification */

  g_dbus_connection_emit_signal (server.connection, NULL, "/org/freedesktop/Notifications",
                                 "org.freedesktop.Notifications", "NotificationReplied",
                                 g_variant_new ("(us)", 8, "to another"), NULL);
  g_dbus_connection_emit_signal (server.connection, NULL, "/org/freedesktop/Notifications",
                                 "org.freedesktop.Notifications", "NotificationReplied",
                                 g_variant_new ("(us)", 7, "já vou!"), NULL);
  while (!heard && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (heard, ==, "c1 send já vou!");
  g_assert_finalize_object (backend);
  g_main_loop_quit (server.loop);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notifications/inline-reply", test_inline_reply);
  return g_test_run ();
}
