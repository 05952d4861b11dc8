/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-harness.h"

#include <string.h>

static GMutex lock;
static GuicheViewer *viewers[HARNESS_USERS]; /* (lock) */
static gboolean is_revoked[HARNESS_USERS];   /* (lock) */

GuicheId
harness_user_id (guint user)
{
  GuicheId id = { { 1, 2, 3, 4, 5, 6, 0x70, 8, 0x80 } };

  id.bytes[15] = (guint8) user;
  return id;
}

static GuicheId
session_id (guint user)
{
  GuicheId id = harness_user_id (user);

  id.bytes[0] = 0xee;
  return id;
}

void
harness_set_viewer (guint user, GuicheViewer *viewer)
{
  g_mutex_lock (&lock);
  g_clear_pointer (&viewers[user], guiche_viewer_unref);
  viewers[user] = viewer;
  is_revoked[user] = FALSE;
  g_mutex_unlock (&lock);
}

void
harness_revoke (guint user)
{
  g_mutex_lock (&lock);
  is_revoked[user] = TRUE;
  g_mutex_unlock (&lock);
}

static GuicheViewer *
load_viewer (GuicheTx *tx,
             GuicheRole role,
             const GuicheId *subject,
             const GuicheId *conversation,
             GError **error)
{
  GuicheViewer *viewer;

  g_mutex_lock (&lock);
  viewer = guiche_viewer_ref (viewers[subject->bytes[15]]);
  g_mutex_unlock (&lock);
  return viewer;
}

static gboolean
session_is_valid (GuicheTx *tx, const GuicheId *id, GError **error)
{
  gboolean is_valid;

  g_mutex_lock (&lock);
  is_valid = !is_revoked[id->bytes[15]];
  g_mutex_unlock (&lock);
  return is_valid;
}

static Harness *the_harness; /* for the hook without user data */

static char *
conversation_audience (GuicheTx *tx, const GuicheId *id, GError **error)
{
  char text[GUICHE_ID_STRING_LENGTH + 1];

  g_atomic_int_inc (&the_harness->n_audience_lookups);
  if (!guiche_id_equal (id, &the_harness->conversation)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no such conversation");
    return NULL;
  }
  guiche_id_to_string (id, text);
  return g_strdup_printf ("s q:financial v:%s", text);
}

static char *
display_name (GuicheTx *tx, GuicheRole role, const GuicheId *subject, GError **error)
{
  return g_strdup_printf ("Pessoa %u", subject->bytes[15]);
}

static void
on_stream (SoupServer *soup,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  Harness *self = user_data;
  guint user = (guint) atoi (g_hash_table_lookup (query, "user"));
  GuicheHubPeer peer = { .tenant = self->test->tenant,
                         .viewer = viewers[user],
                         .address = "127.0.0.1" };

  peer.subject = harness_user_id (user);
  peer.session_id = session_id (user);
  peer.since = g_ascii_strtoll (g_hash_table_lookup (query, "since"), NULL, 10);
  peer.expires_at_us = GUICHE_TEST_START_US + G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC;
  guiche_hub_adopt (self->hub, message, &peer);
}

static void
on_events (GuicheTenant *tenant, GuicheEvent *const *events, gsize n_events, gpointer user_data)
{
  Harness *self = user_data;

  if (self->held == NULL) {
    guiche_hub_publish (self->hub, tenant, events, n_events);
    return;
  }
  for (gsize i = 0; i < n_events; i++)
    g_ptr_array_add (self->held, guiche_event_ref (events[i]));
}

void
harness_hold (Harness *self)
{
  self->held = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
}

void
harness_release (Harness *self)
{
  guiche_hub_publish (self->hub, self->test->tenant, (GuicheEvent *const *) self->held->pdata,
                      self->held->len);
  g_clear_pointer (&self->held, g_ptr_array_unref);
}

static void
make_viewers (Harness *self)
{
  static const char *const financial[] = { "financial", NULL };
  static const char *const commercial[] = { "commercial", NULL };

  for (guint user = 0; user < HARNESS_USERS; user++) {
    GuicheRole role = user == 4   ? GUICHE_ROLE_SUPERVISOR
                      : user >= 6 ? GUICHE_ROLE_VISITOR
                                  : GUICHE_ROLE_AGENT;
    GuicheId id = harness_user_id (user);

    if (role == GUICHE_ROLE_VISITOR)
      harness_set_viewer (user, guiche_viewer_new (role, NULL, &self->conversation, NULL, NULL, 0));
    else
      harness_set_viewer (
          user, guiche_viewer_new (role, &id, NULL, user == 5 ? commercial : financial, NULL, 0));
  }
}

static void
serve (Harness *self, GSocketConnection *connection, GIOStream *stream)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (GError) error = NULL;

  soup_server_accept_iostream (self->soup, stream, local, remote, &error);
  g_assert_no_error (error);
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Harness *self = user_data;
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GError) error = NULL;

  if (self->certificate == NULL) {
    serve (self, connection, G_IO_STREAM (connection));
    return TRUE;
  }
  tls = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, &error);
  g_assert_no_error (error);
  serve (self, connection, tls);
  return TRUE;
}

static void
listen_on_free_port (Harness *self, gboolean with_tls)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (with_tls) {
    path = g_test_build_filename (G_TEST_DIST, "tls-for-tests.pem", NULL);
    self->certificate = g_tls_certificate_new_from_file (path, &error);
  }
  g_assert_no_error (error);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
}

static void
start_hub (Harness *self, gboolean with_tls)
{
  g_assert_true (guiche_id_parse ("01932f6a-0000-7000-8000-00000000c0de", &self->conversation));
  self->hooks.load_viewer = load_viewer;
  self->hooks.session_is_valid = session_is_valid;
  self->hooks.conversation_audience = conversation_audience;
  self->hooks.display_name = display_name;
  self->hub = guiche_hub_new (self->test->store, self->test->settings, &self->hooks);
  self->soup = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->soup, "/stream", on_stream, self, NULL);
  listen_on_free_port (self, with_tls);
}

Harness *
harness_new (gboolean with_tls)
{
  Harness *self = g_new0 (Harness, 1);

  the_harness = self;
  self->test = guiche_test_store_new ();
  start_hub (self, with_tls);
  make_viewers (self);
  guiche_store_set_listener (self->test->store, on_events, self);
  return self;
}

Harness *
harness_new_beside (Harness *other)
{
  Harness *self = g_new0 (Harness, 1);

  self->is_beside = TRUE;
  self->test = other->test;
  start_hub (self, FALSE);
  guiche_store_add_listener (self->test->store, on_events, self);
  return self;
}

void
harness_free (Harness *self)
{
  g_socket_service_stop (self->service);
  guiche_test_store_pump (self->test);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_object_unref (self->soup);
  g_clear_object (&self->certificate);
  if (self->is_beside)
    guiche_store_remove_listener (self->test->store, on_events, self);
  guiche_hub_free (self->hub);
  if (!self->is_beside)
    guiche_test_store_free (self->test);
  for (guint i = 0; i < HARNESS_USERS && !self->is_beside; i++)
    g_clear_pointer (&viewers[i], guiche_viewer_unref);
  g_free (self);
}

void
harness_turn (void)
{
  if (!g_main_context_iteration (NULL, FALSE))
    g_thread_yield ();
}

typedef struct {
  const char *kind, *audience, *data;
  guint first, n;
} Emission;

static gboolean
emit (GuicheTx *tx, gpointer data, GError **error)
{
  Emission *emission = data;
  g_autofree char *numbered = NULL;

  if (emission->data != NULL)
    return guiche_tx_emit (tx, emission->kind, emission->audience, NULL, emission->data,
                           strlen (emission->data), error);
  for (guint i = 0; i < emission->n; i++) {
    g_free (numbered);
    numbered = g_strdup_printf ("{\"n\":%u}", emission->first + i);
    if (!guiche_tx_emit (tx, "test.made", emission->audience, NULL, numbered, strlen (numbered),
                         error))
      return FALSE;
  }
  return TRUE;
}

void
harness_emit (Harness *self, const char *kind, const char *audience, const char *data)
{
  Emission emission = { kind, audience, data, 0, 0 };

  guiche_test_write (self->test, NULL, emit, &emission);
  guiche_test_store_pump (self->test);
}

void
harness_emit_many (Harness *self, const char *audience, guint first, guint n)
{
  Emission emission = { NULL, audience, NULL, first, n };

  guiche_test_write (self->test, NULL, emit, &emission);
  guiche_test_store_pump (self->test);
}
