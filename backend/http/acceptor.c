/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/acceptor-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#define ACCEPTS_PER_TURN 64
#define EXHAUSTED_PAUSE_MS 200

/* Gives back the place of a connection, wherever it ended. */
typedef struct {
  GuicheAcceptor *acceptor;
  GuichePeer *peer; /* (owned) */
} Place;

static guint
count_of (GuicheAcceptor *self, const GuicheAddressKey *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->by_address, key));
}

static void
set_count (GuicheAcceptor *self, const GuicheAddressKey *key, guint count)
{
  if (count == 0)
    g_hash_table_remove (self->by_address, key);
  else
    g_hash_table_insert (self->by_address, g_memdup2 (key, sizeof *key), GUINT_TO_POINTER (count));
}

static guint
key_hash (gconstpointer data)
{
  const guint32 *words = data;

  return words[0] ^ words[1] * 31 ^ words[3] * 2654435761u;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (GuicheAddressKey)) == 0;
}

/* (transfer full) (element-type GuichePeer): stays valid while some of them go. */
static GPtrArray *
list_peers (GuicheAcceptor *self)
{
  GPtrArray *peers = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_peer_unref);
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    g_ptr_array_add (peers, guiche_peer_ref (peer));
  return peers;
}

static gboolean
on_tick (gpointer user_data)
{
  GuicheAcceptor *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GPtrArray) peers = list_peers (self);

  /* What fails here is closed by libsoup in a later turn; who lingers may go at once. */
  for (guint i = 0; i < peers->len; i++)
    guiche_connection_check_deadline (((GuichePeer *) g_ptr_array_index (peers, i))->connection,
                                      now_us);
  return G_SOURCE_CONTINUE;
}

static void
arm_tick (GuicheAcceptor *self)
{
  if (self->tick != NULL)
    return;
  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, g_main_context_get_thread_default ());
}

static void
disarm (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
guiche_acceptor_release (GuicheAcceptor *self, GuichePeer *peer)
{
  self->n_connections--;
  if (!peer->is_proxy)
    set_count (self, &peer->key, count_of (self, &peer->key) - 1);
  if (self->n_connections == 0)
    disarm (&self->tick);
}

static void
on_gone (gpointer user_data)
{
  Place *place = user_data;

  guiche_acceptor_release (place->acceptor, place->peer);
  g_hash_table_remove (place->acceptor->peers, place->peer->remote);
  guiche_peer_unref (place->peer);
  g_free (place);
}

void
guiche_acceptor_admit (GuicheAcceptor *self, GuichePeer *peer, GSocket *socket, GIOStream *tls)
{
  Place *place = g_new (Place, 1);

  *place = (Place){ self, guiche_peer_ref (peer) };
  peer->connection =
      guiche_connection_new (self->poller, g_object_ref (socket), tls, &self->timeouts);
  g_hash_table_insert (self->peers, peer->remote, guiche_peer_ref (peer));
  guiche_connection_set_gone (peer->connection, on_gone, place);
  self->accepted (peer, self->user_data);
}

static void
take_in (GuicheAcceptor *self, GSocket *socket)
{
  g_autoptr (GuichePeer) peer = guiche_peer_new (self, socket);
  guint count = peer->is_proxy ? 0 : count_of (self, &peer->key);

  if (self->n_connections >= self->max_connections || count >= self->max_per_address) {
    self->stats.refused++;
    g_socket_close (socket, NULL);
    return;
  }
  self->stats.accepted++;
  self->n_connections++;
  if (!peer->is_proxy)
    set_count (self, &peer->key, count + 1);
  arm_tick (self);
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  if (self->certificate != NULL)
    guiche_acceptor_begin_handshake (self, peer, socket);
  else
    guiche_acceptor_admit (self, peer, socket, NULL);
}

static gboolean
on_pause_over (gpointer user_data)
{
  GuicheAcceptor *self = user_data;

  disarm (&self->pause);
  guiche_acceptor_start (self);
  return G_SOURCE_REMOVE;
}

/* The listening socket stays readable while nothing can be accepted: looking again at once
 * would spin. */
static void
pause_accepting (GuicheAcceptor *self)
{
  self->stats.exhausted++;
  disarm (&self->source);
  self->pause = g_timeout_source_new (EXHAUSTED_PAUSE_MS);
  g_source_set_callback (self->pause, on_pause_over, self, NULL);
  g_source_attach (self->pause, g_main_context_get_thread_default ());
}

static gboolean
on_connection (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  GuicheAcceptor *self = user_data;

  for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);
    if (socket != NULL) {
      take_in (self, socket);
      continue;
    }
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return G_SOURCE_CONTINUE;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
      continue; /* gone before we came */
    pause_accepting (self);
    return G_SOURCE_REMOVE;
  }
  return G_SOURCE_CONTINUE;
}

void
guiche_acceptor_start (GuicheAcceptor *self)
{
  if (self->socket == NULL)
    return;
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, (GSourceFunc) (void (*) (void)) on_connection, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

GuicheAcceptor *
guiche_acceptor_new (GuicheSettings *settings, GuicheAccepted accepted, gpointer user_data)
{
  GuicheAcceptor *self = g_new0 (GuicheAcceptor, 1);

  self->accepted = accepted;
  self->user_data = user_data;
  self->poller = guiche_poller_new ();
  self->peers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) guiche_peer_unref);
  self->by_address = g_hash_table_new_full (key_hash, key_equal, g_free, NULL);
  self->handshakes = g_ptr_array_new ();
  self->proxies = g_ptr_array_new_with_free_func (g_object_unref);
  self->listen = g_strdup (guiche_settings_get_string (settings, "http", "listen"));
  self->port = guiche_settings_get_int (settings, "http", "port");
  self->is_behind_proxy = guiche_settings_get_bool (settings, "http", "behind_proxy");
  self->max_connections = guiche_settings_get_int (settings, "http", "max_connections");
  self->max_per_address = guiche_settings_get_int (settings, "http", "max_connections_per_address");
  if (!guiche_settings_get_bool (settings, "limits", "enabled"))
    self->max_per_address = self->max_connections;
  self->timeouts = (GuicheTimeouts){
    .head_us = guiche_settings_get_int (settings, "http", "head_timeout_s") * G_USEC_PER_SEC,
    .body_us = guiche_settings_get_int (settings, "http", "body_timeout_s") * G_USEC_PER_SEC,
    .idle_us = guiche_settings_get_int (settings, "http", "idle_timeout_s") * G_USEC_PER_SEC,
    .write_us = guiche_settings_get_int (settings, "http", "write_timeout_s") * G_USEC_PER_SEC,
  };
  guiche_acceptor_read_proxies (self, settings);
  return self;
}

void
guiche_acceptor_free (GuicheAcceptor *self)
{
  guiche_acceptor_stop (self);
  disarm (&self->tick);
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->by_address);
  g_ptr_array_unref (self->handshakes);
  g_ptr_array_unref (self->proxies);
  guiche_poller_free (self->poller);
  g_clear_object (&self->certificate);
  g_free (self->listen);
  g_free (self->unix_path);
  g_free (self);
}

void
guiche_acceptor_stop (GuicheAcceptor *self)
{
  g_autoptr (GPtrArray) peers = list_peers (self);

  self->is_stopping = TRUE;
  disarm (&self->source);
  disarm (&self->pause);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  if (self->unix_path != NULL)
    unlink (self->unix_path);
  for (guint i = 0; i < peers->len; i++)
    guiche_connection_close_when_idle (((GuichePeer *) g_ptr_array_index (peers, i))->connection);
}

void
guiche_acceptor_abort (GuicheAcceptor *self)
{
  guiche_acceptor_stop (self);
  for (guint i = 0; i < self->handshakes->len; i++)
    g_cancellable_cancel (g_ptr_array_index (self->handshakes, i));
  while (self->handshakes->len > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);

  g_autoptr (GPtrArray) peers = list_peers (self);
  for (guint i = 0; i < peers->len; i++)
    guiche_connection_abort (((GuichePeer *) g_ptr_array_index (peers, i))->connection);
}

guint
guiche_acceptor_port (GuicheAcceptor *self)
{
  return self->port;
}

gboolean
guiche_acceptor_is_tls (GuicheAcceptor *self)
{
  return self->certificate != NULL;
}

gboolean
guiche_acceptor_is_loopback (GuicheAcceptor *self)
{
  return self->is_loopback;
}

GuichePeer *
guiche_acceptor_find (GuicheAcceptor *self, GSocketAddress *remote)
{
  return g_hash_table_lookup (self->peers, remote);
}

void
guiche_acceptor_forget_taken (GuicheAcceptor *self, GSocketAddress *remote)
{
  GuichePeer *peer = g_hash_table_lookup (self->peers, remote);

  if (peer == NULL)
    return;
  g_clear_object (&peer->connection);
  g_hash_table_remove (self->peers, remote);
}

void
guiche_acceptor_get_stats (GuicheAcceptor *self, GuicheAcceptorStats *out_stats)
{
  *out_stats = self->stats;
  out_stats->connections = self->n_connections;
}
