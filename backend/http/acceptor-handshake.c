/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/acceptor-private.h"
#include "http/tls.h"

/* A handshake under way. */
typedef struct {
  GuicheAcceptor *acceptor;
  GuichePeer *peer;          /* (owned) */
  GSocket *socket;           /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GSource *timeout;          /* (owned) */
} Handshake;

static void
on_handshaken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Handshake *handshake = user_data;
  GuicheAcceptor *self = handshake->acceptor;
  GIOStream *tls = G_IO_STREAM (source);

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL) &&
      !self->is_stopping) {
    guiche_acceptor_admit (self, handshake->peer, handshake->socket, g_object_ref (tls));
  } else {
    guiche_acceptor_release (self, handshake->peer);
    g_socket_close (handshake->socket, NULL);
  }
  g_source_destroy (handshake->timeout);
  g_source_unref (handshake->timeout);
  g_ptr_array_remove_fast (self->handshakes, handshake->cancellable);
  guiche_peer_unref (handshake->peer);
  g_object_unref (handshake->socket);
  g_object_unref (handshake->cancellable);
  g_object_unref (tls);
  g_free (handshake);
}

static gboolean
on_handshake_timeout (gpointer user_data)
{
  g_cancellable_cancel (((Handshake *) user_data)->cancellable);
  return G_SOURCE_REMOVE;
}

void
guiche_acceptor_begin_handshake (GuicheAcceptor *self, GuichePeer *peer, GSocket *socket)
{
  GIOStream *tls = guiche_tls_server_connection (socket, self->certificate);

  if (tls == NULL) {
    guiche_acceptor_release (self, peer);
    g_socket_close (socket, NULL);
    return;
  }
  Handshake *handshake = g_new0 (Handshake, 1);
  handshake->acceptor = self;
  handshake->peer = guiche_peer_ref (peer);
  handshake->socket = g_object_ref (socket);
  handshake->cancellable = g_cancellable_new ();
  g_ptr_array_add (self->handshakes, handshake->cancellable);
  handshake->timeout = g_timeout_source_new (self->timeouts.head_us / 1000);
  g_source_set_callback (handshake->timeout, on_handshake_timeout, handshake, NULL);
  g_source_attach (handshake->timeout, g_main_context_get_thread_default ());
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT,
                                    handshake->cancellable, on_handshaken, handshake);
}
