/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/stream-transport.h"

#include "http/connection.h"
#include "http/stream-tls.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define AHEAD_MAX (64 * 1024)

static GIOStream *
find_base (GIOStream *stream)
{
  GIOStream *base = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (stream), "base-iostream") == NULL)
    return g_object_ref (stream);
  g_object_get (stream, "base-iostream", &base, NULL);
  return base;
}

/* Bytes of the first frames may have come with the request and sit in libsoup's buffer. */
static gboolean
drain (GIOStream *stream, GByteArray *out_ahead)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  guint8 buffer[4096];

  if (!G_IS_POLLABLE_INPUT_STREAM (input))
    return TRUE;
  while (out_ahead->len < AHEAD_MAX) {
    g_autoptr (GError) error = NULL;
    gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), buffer,
                                                         sizeof buffer, NULL, &error);

    if (n < 0)
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    if (n == 0)
      return FALSE;
    g_byte_array_append (out_ahead, buffer, (guint) n);
  }
  return FALSE;
}

static int
keep_descriptor (GIOStream *base)
{
  GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (base));
  int on = 1;
  int fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
  (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* fails on UNIX sockets */
  return fd;
}

/* A connection of our own acceptor hands its descriptor over without libsoup's wrapping. */
static gboolean
open_taken (GuicheStreamTransport *self, GuicheTakenConnection *taken, GByteArray *out_ahead)
{
  gboolean is_whole = taken->unsent == NULL; /* a 101 that does not fit a fresh socket */

  self->slot = taken->slot;
  if (taken->unread != NULL)
    g_byte_array_append (out_ahead, g_bytes_get_data (taken->unread, NULL),
                         g_bytes_get_size (taken->unread));
  if (taken->tls != NULL)
    self->tls = guiche_tls_transport_new (g_steal_pointer (&taken->tls));
  else
    self->fd = fcntl (g_socket_get_fd (taken->socket), F_DUPFD_CLOEXEC, 0);
  g_clear_pointer (&taken->unread, g_bytes_unref);
  g_clear_pointer (&taken->unsent, g_bytes_unref);
  g_clear_object (&taken->socket);
  if (is_whole && (self->fd >= 0 || self->tls != NULL))
    return TRUE;
  guiche_stream_transport_close (self);
  return FALSE;
}

gboolean
guiche_stream_transport_open (GuicheStreamTransport *self, GIOStream *stream, GByteArray *out_ahead)
{
  g_autoptr (GIOStream) owned = stream;
  g_autoptr (GIOStream) base = find_base (stream);

  GuicheTakenConnection taken;

  self->fd = -1;
  self->tls = NULL;
  self->slot = NULL;
  if (GUICHE_IS_CONNECTION (base) && guiche_connection_take (stream, &taken))
    return open_taken (self, &taken, out_ahead);
  if (base == NULL || !drain (stream, out_ahead)) {
    g_io_stream_close (stream, NULL, NULL);
    return FALSE;
  }
  if (G_IS_TLS_CONNECTION (base)) {
    self->tls = guiche_tls_transport_new (g_steal_pointer (&owned));
    return TRUE;
  }
  if (G_IS_SOCKET_CONNECTION (base))
    self->fd = keep_descriptor (base);
  g_io_stream_close (stream, NULL, NULL);
  return self->fd >= 0;
}

void
guiche_stream_transport_close (GuicheStreamTransport *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->tls, guiche_tls_transport_free);
  if (self->slot != NULL)
    guiche_connection_taken_closed (g_steal_pointer (&self->slot));
}

static gssize
failure (void)
{
  return errno == EAGAIN ? GUICHE_TRANSPORT_BLOCKED : GUICHE_TRANSPORT_BROKEN;
}

gssize
guiche_stream_transport_read (GuicheStreamTransport *self, void *buffer, gsize length)
{
  gssize n;

  if (self->tls != NULL)
    return guiche_tls_transport_read (self->tls, buffer, length);
  do
    n = recv (self->fd, buffer, length, 0);
  while (n < 0 && errno == EINTR);
  return n < 0 ? failure () : n;
}

gssize
guiche_stream_transport_write (GuicheStreamTransport *self,
                               const struct iovec *vectors,
                               guint n_vectors)
{
  struct msghdr message = { .msg_iov = (struct iovec *) vectors, .msg_iovlen = n_vectors };
  gssize n;

  if (self->tls != NULL)
    return guiche_tls_transport_write (self->tls, vectors, n_vectors);
  do
    n = n_vectors == 1 ? send (self->fd, vectors->iov_base, vectors->iov_len, MSG_NOSIGNAL)
                       : sendmsg (self->fd, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n < 0 ? failure () : n;
}

void
guiche_stream_transport_watch (GuicheStreamTransport *self,
                               GMainContext *context,
                               GuicheTransportReady ready,
                               gpointer user_data)
{
  if (self->tls != NULL)
    guiche_tls_transport_watch (self->tls, context, ready, user_data);
}

void
guiche_stream_transport_want_write (GuicheStreamTransport *self, gboolean wants_write)
{
  if (self->tls != NULL)
    guiche_tls_transport_want_write (self->tls, wants_write);
}

void
guiche_stream_transport_want_read (GuicheStreamTransport *self, gboolean wants_read)
{
  if (self->tls != NULL)
    guiche_tls_transport_want_read (self->tls, wants_read);
}
