/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/connection-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Up to this much is gathered before it is sent: a head and its body leave together. */
#define GATHER (32 * 1024)

static gboolean
on_tls_writable (GObject *stream, gpointer user_data)
{
  GuicheConnection *self = user_data;

  g_clear_pointer (&self->tls_flush, g_source_unref);
  guiche_connection_on_ready (self, FALSE, TRUE, FALSE);
  return G_SOURCE_REMOVE;
}

static gssize
send_tls (GuicheConnection *self, const void *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  GPollableOutputStream *base =
      G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->tls));
  gssize n = g_pollable_output_stream_write_nonblocking (base, data, length, NULL, &error);

  if (n >= 0)
    return n;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    self->has_failed = TRUE;
    return 0;
  }
  self->can_write = FALSE;
  if (self->tls_flush == NULL) {
    self->tls_flush = g_pollable_output_stream_create_source (base, NULL);
    g_source_set_callback (self->tls_flush, (GSourceFunc) (void (*) (void)) on_tls_writable, self,
                           NULL);
    g_source_attach (self->tls_flush, g_main_context_get_thread_default ());
  }
  return 0;
}

/* How much the socket took; 0 when it would block (@can_write is cleared) or has failed. */
static gsize
send_some (GuicheConnection *self, const void *data, gsize length)
{
  if (!self->can_write || self->has_failed || self->socket == NULL)
    return 0;
  if (self->tls != NULL)
    return send_tls (self, data, length);

  gssize n;
  do
    n = send (self->fd, data, length, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);

  if (n >= 0) {
    if ((gsize) n < length)
      self->can_write = FALSE;
    return n;
  }
  self->can_write = FALSE;
  if (errno != EAGAIN)
    self->has_failed = TRUE;
  return 0;
}

void
guiche_connection_flush (GuicheConnection *self)
{
  gsize sent = 0;

  while (sent < self->out_length) {
    gsize n = send_some (self, self->out + sent, self->out_length - sent);
    if (n == 0)
      break;
    sent += n;
    self->write_deadline_us = 0;
  }
  if (sent > 0 && sent < self->out_length)
    memmove (self->out, self->out + sent, self->out_length - sent);
  self->out_length -= sent;
  if (self->has_failed)
    self->out_length = 0;
  if (self->out_length > 0 && self->write_deadline_us == 0)
    self->write_deadline_us = g_get_monotonic_time () + self->timeouts->write_us;
}

static void
gather (GuicheConnection *self, const void *data, gsize length)
{
  if (self->out_length + length > self->out_size) {
    self->out_size = MAX (self->out_length + length, 2048);
    self->out = g_realloc (self->out, self->out_size);
  }
  memcpy (self->out + self->out_length, data, length);
  self->out_length += length;
}

gboolean
guiche_connection_output_ready (GuicheConnection *self)
{
  return self->has_failed || self->is_refused || self->can_write;
}

gssize
guiche_connection_write (GuicheConnection *self, const void *data, gsize length, GError **error)
{
  if (self->out_length > 0 && self->out_length + length > GATHER)
    guiche_connection_flush (self);
  if (self->has_failed || self->is_refused) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the connection is closed");
    return -1;
  }
  if (self->out_length + length <= GATHER) {
    gather (self, data, length);
    return length;
  }
  if (self->out_length == 0) {
    gsize n = send_some (self, data, length);
    if (n > 0) {
      self->write_deadline_us = 0;
      return n;
    }
  }
  if (self->write_deadline_us == 0)
    self->write_deadline_us = g_get_monotonic_time () + self->timeouts->write_us;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "the client does not read");
  return -1;
}

void
guiche_connection_answer (GuicheConnection *self,
                          const GString *head,
                          const void *body,
                          gsize length)
{
  if (!self->has_failed && !self->is_refused) {
    gather (self, head->str, head->len);
    if (length > 0)
      gather (self, body, length);
    guiche_connection_flush (self);
  }
  guiche_connection_request_done (self);
}

void
guiche_connection_refuse (GuicheConnection *self,
                          guint status,
                          const char *code,
                          const char *message)
{
  if (self->is_refused || self->has_failed)
    return;

  g_autofree char *body = g_strdup_printf (
      "{\"error\":{\"code\":\"%s\",\"message\":\"%s\",\"details\":{}}}", code, message);
  g_autofree char *reply =
      g_strdup_printf ("HTTP/1.1 %u %s\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\nCache-Control: no-store\r\n"
                       "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n%s",
                       status, status == 400 ? "Bad Request" : "Refused", strlen (body), body);
  gather (self, reply, strlen (reply));
  guiche_connection_flush (self);
  self->is_refused = TRUE;
}
