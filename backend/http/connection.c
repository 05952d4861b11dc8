/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/connection-private.h"

#include <string.h>
#include <sys/socket.h>

#define LINGER_US (2 * G_USEC_PER_SEC)
#define LINGER_BYTES (1024 * 1024)
#define BODY_BYTES_PER_S 1024

G_DEFINE_FINAL_TYPE (GuicheConnection, guiche_connection, G_TYPE_IO_STREAM)

typedef struct {
  GDestroyNotify gone;
  gpointer user_data;
} Slot;

static void
close_socket (GuicheConnection *self)
{
  if (self->socket == NULL)
    return;

  if (self->tls_flush != NULL) {
    g_source_destroy (self->tls_flush);
    g_clear_pointer (&self->tls_flush, g_source_unref);
  }
  if (self->tls == NULL) {
    guiche_poller_remove (self->poller, self->fd);
    g_socket_close (self->socket, NULL);
  } else {
    /* Says goodbye on a thread of its own and then closes the socket. */
    g_io_stream_close_async (self->tls, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  }
  g_clear_object (&self->tls);
  g_clear_object (&self->socket);
  if (self->gone != NULL)
    self->gone (self->gone_data);
  self->gone = NULL;
}

static void
end_lingering (GuicheConnection *self)
{
  self->is_lingering = FALSE;
  close_socket (self);
  g_object_unref (self);
}

/* The reply is out, the request was not read to its end: closing now would reset the
 * connection and take the reply away from the client. */
static void
drain (GuicheConnection *self)
{
  char nothing[16384];
  gssize n;

  guiche_connection_flush (self);
  if (self->out_length > 0 && !self->has_failed)
    return;
  shutdown (self->fd, SHUT_WR);
  while ((n = guiche_connection_receive (self, nothing, sizeof nothing)) > 0 &&
         self->linger_left > 0)
    self->linger_left -= n;
  if (n == 0 || self->has_failed || self->linger_left <= 0)
    end_lingering (self);
}

static gboolean
guiche_connection_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  GuicheConnection *self = GUICHE_CONNECTION (stream);

  if (self->is_closed || self->socket == NULL)
    return TRUE;
  self->is_closed = TRUE;
  guiche_connection_flush (self);

  gboolean is_read = self->at_end || (!self->is_refused && self->phase != GUICHE_PHASE_BODY);
  if (self->has_failed || (self->out_length == 0 && is_read)) {
    close_socket (self);
    return TRUE;
  }
  self->is_lingering = TRUE;
  self->deadline_us = g_get_monotonic_time () + LINGER_US;
  self->linger_left = LINGER_BYTES;
  g_object_ref (self);
  drain (self);
  return TRUE;
}

void
guiche_connection_on_ready (GuicheConnection *self,
                            gboolean can_read,
                            gboolean can_write,
                            gboolean hung_up)
{
  self->can_read |= can_read;
  self->can_write |= can_write;
  self->hung_up |= hung_up;
  if (can_write && self->out_length > 0)
    guiche_connection_flush (self);
  if (self->is_lingering)
    drain (self);
  else
    guiche_connection_next (self);
}

/* A body that drips byte by byte never pauses, and yet would hold its place for days. */
static gboolean
is_dripping (GuicheConnection *self, gint64 now_us)
{
  gint64 elapsed_us = now_us - self->body_started_us;
  gboolean has_body = self->phase == GUICHE_PHASE_BODY || self->phase == GUICHE_PHASE_CHUNKS;

  return has_body && self->deadline_us != 0 && elapsed_us > self->timeouts->body_us &&
         self->body_received < elapsed_us / G_USEC_PER_SEC * BODY_BYTES_PER_S;
}

void
guiche_connection_check_deadline (GuicheConnection *self, gint64 now_us)
{
  gboolean is_late =
      !self->is_handling &&
      ((self->deadline_us != 0 && now_us >= self->deadline_us) || is_dripping (self, now_us));
  gboolean is_stuck = self->write_deadline_us != 0 && now_us >= self->write_deadline_us;

  if (!is_late && !is_stuck)
    return;
  if (self->is_lingering) {
    end_lingering (self);
    return;
  }
  if (is_late && !is_stuck && !self->is_refused && self->in_length > 0) {
    guiche_connection_refuse (self, 408, "invalid-request", "the request took too long to arrive");
    return;
  }
  self->has_failed = TRUE;
}

static GInputStream *
guiche_connection_get_input_stream (GIOStream *stream)
{
  return GUICHE_CONNECTION (stream)->input;
}

static GOutputStream *
guiche_connection_get_output_stream (GIOStream *stream)
{
  return GUICHE_CONNECTION (stream)->output;
}

static void
guiche_connection_finalize (GObject *object)
{
  GuicheConnection *self = GUICHE_CONNECTION (object);

  close_socket (self);
  guiche_connection_streams_detach (self);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_byte_array_unref (self->forward);
  g_free (self->in);
  g_free (self->out);
  G_OBJECT_CLASS (guiche_connection_parent_class)->finalize (object);
}

static void
guiche_connection_class_init (GuicheConnectionClass *class)
{
  G_OBJECT_CLASS (class)->finalize = guiche_connection_finalize;
  G_IO_STREAM_CLASS (class)->get_input_stream = guiche_connection_get_input_stream;
  G_IO_STREAM_CLASS (class)->get_output_stream = guiche_connection_get_output_stream;
  G_IO_STREAM_CLASS (class)->close_fn = guiche_connection_close;
}

static void
guiche_connection_init (GuicheConnection *self)
{
  self->forward = g_byte_array_sized_new (256);
  self->input = guiche_connection_input_new (self);
  self->output = guiche_connection_output_new (self);
  self->can_read = TRUE;
  self->can_write = TRUE;
}

GuicheConnection *
guiche_connection_new (GuichePoller *poller,
                       GSocket *socket,
                       GIOStream *tls,
                       const GuicheTimeouts *timeouts)
{
  GuicheConnection *self = g_object_new (GUICHE_TYPE_CONNECTION, NULL);

  self->poller = poller;
  self->timeouts = timeouts;
  self->socket = socket;
  self->tls = tls;
  self->fd = g_socket_get_fd (socket);
  self->deadline_us = g_get_monotonic_time () + timeouts->head_us;
  if (tls == NULL && !guiche_poller_add (poller, self, self->fd))
    self->has_failed = TRUE;
  if (tls != NULL)
    self->can_read = FALSE; /* readiness comes from the TLS stream's own source */
  return self;
}

void
guiche_connection_set_gone (GuicheConnection *self, GDestroyNotify gone, gpointer user_data)
{
  self->gone = gone;
  self->gone_data = user_data;
}

const GuicheHead *
guiche_connection_head (GuicheConnection *self)
{
  return &self->head;
}

const char *
guiche_connection_slice (GuicheConnection *self, GuicheSlice slice)
{
  return (const char *) self->in + slice.start;
}

const char *
guiche_connection_header (GuicheConnection *self, GuicheHeader header, gsize *out_length)
{
  *out_length = self->head.headers[header].length;
  return *out_length > 0 ? guiche_connection_slice (self, self->head.headers[header]) : NULL;
}

gboolean
guiche_connection_is_tls (GuicheConnection *self)
{
  return self->tls != NULL;
}

GSocket *
guiche_connection_socket (GuicheConnection *self)
{
  return self->socket;
}

void
guiche_connection_set_direct (GuicheConnection *self,
                              GuicheConnectionDirect direct,
                              gpointer user_data)
{
  self->direct = direct;
  self->direct_data = user_data;
}

const char *
guiche_connection_whole_body (GuicheConnection *self, gsize *out_length)
{
  *out_length = self->whole_length;
  return self->whole_length > 0 ? (const char *) self->in + self->head.length : NULL;
}

void
guiche_connection_set_sink (GuicheConnection *self, GuicheConnectionSink sink, gpointer user_data)
{
  self->sink = sink;
  self->sink_data = user_data;
}

void
guiche_connection_set_handling (GuicheConnection *self, gboolean is_handling)
{
  self->is_handling = is_handling;
}

void
guiche_connection_abort (GuicheConnection *self)
{
  self->has_failed = TRUE;
  if (self->is_lingering)
    end_lingering (self);
}

void
guiche_connection_close_when_idle (GuicheConnection *self)
{
  self->closes_when_idle = TRUE;
}

gboolean
guiche_connection_is_idle (GuicheConnection *self)
{
  return self->phase == GUICHE_PHASE_HEAD && self->in_length == 0;
}

gboolean
guiche_connection_take (GIOStream *stolen, GuicheTakenConnection *out_taken)
{
  g_autoptr (GIOStream) base = NULL;

  g_object_get (stolen, "base-iostream", &base, NULL);
  if (!GUICHE_IS_CONNECTION (base) || GUICHE_CONNECTION (base)->socket == NULL)
    return FALSE;

  GuicheConnection *self = GUICHE_CONNECTION (base);
  guiche_connection_flush (self);
  if (self->tls_flush != NULL) {
    g_source_destroy (self->tls_flush);
    g_clear_pointer (&self->tls_flush, g_source_unref);
  }
  if (self->tls == NULL)
    guiche_poller_remove (self->poller, self->fd);

  Slot *slot = g_new0 (Slot, 1);
  slot->gone = g_steal_pointer (&self->gone);
  slot->user_data = self->gone_data;
  *out_taken = (GuicheTakenConnection){
    .socket = g_steal_pointer (&self->socket),
    .tls = g_steal_pointer (&self->tls),
    .unread = self->in_length > self->in_at
                  ? g_bytes_new (self->in + self->in_at, self->in_length - self->in_at)
                  : NULL,
    .unsent = self->out_length > 0 ? g_bytes_new (self->out, self->out_length) : NULL,
    .slot = slot,
  };
  self->is_closed = TRUE;
  self->has_failed = TRUE;
  return TRUE;
}

void
guiche_connection_taken_closed (gpointer slot)
{
  Slot *self = slot;

  if (self->gone != NULL)
    self->gone (self->user_data);
  g_free (self);
}
