/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/connection-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define FIRST_READ 4096
#define ROUNDS 32

static gssize
receive_tls (GuicheConnection *self, void *buffer, gsize length)
{
  g_autoptr (GError) error = NULL;
  GPollableInputStream *base = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->tls));
  gssize n = g_pollable_input_stream_read_nonblocking (base, buffer, length, NULL, &error);

  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return -1;
  if (n <= 0)
    self->at_end = TRUE;
  return MAX (n, 0);
}

gssize
guiche_connection_receive (GuicheConnection *self, void *buffer, gsize length)
{
  if (self->tls != NULL)
    return receive_tls (self, buffer, length);
  if (!self->can_read)
    return -1;

  gssize n;
  do
    n = recv (self->fd, buffer, length, 0);
  while (n < 0 && errno == EINTR);

  if (n < 0 && errno == EAGAIN) {
    self->can_read = FALSE;
    return -1;
  }
  /* A short read has emptied the socket: the next edge tells when there is more. */
  if (n > 0 && (gsize) n < length && !self->hung_up)
    self->can_read = FALSE;
  if (n <= 0)
    self->at_end = TRUE;
  return MAX (n, 0);
}

gboolean
guiche_connection_input_ready (GuicheConnection *self)
{
  if (self->has_failed || self->is_refused)
    return TRUE;
  if (self->forward_at < self->forward->len)
    return TRUE;
  switch (self->phase) {
  case GUICHE_PHASE_HEAD:
    if (self->closes_when_idle && self->in_length == 0)
      return TRUE;
    if (self->out_length > 0)
      return FALSE; /* who does not read replies is not read from */
    return self->at_end || self->can_read || (self->in_length > 0 && self->head.scanned == 0);
  case GUICHE_PHASE_BODY:
  case GUICHE_PHASE_CHUNKS:
    return self->at_end || self->can_read || self->in_at < self->in_length;
  case GUICHE_PHASE_DONE:
  default:
    return FALSE;
  }
}

static gssize
would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "nothing to read yet");
  return -1;
}

static gssize
closed (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the connection is closed");
  return -1;
}

/* What needs no more of libsoup than a line of framing: it costs two thirds of such a request. */
static gboolean
is_plain (GuicheConnection *self, gboolean is_whole)
{
  const GuicheHead *head = &self->head;
  char first = (char) self->in[head->method.start];
  GuicheSlice connection = head->headers[GUICHE_HEADER_CONNECTION];

  return self->direct != NULL && first != 'G' && first != 'H' && first != 'O' &&
         (is_whole || head->content_length <= 0) && !head->is_chunked && !head->is_http_1_0 &&
         head->headers[GUICHE_HEADER_UPGRADE].length == 0 &&
         !guiche_gate_has_token (guiche_connection_slice (self, connection), connection.length,
                                 "close");
}

static void
begin_request (GuicheConnection *self)
{
  gint64 length = self->head.content_length;
  gboolean is_whole = length > 0 && length <= (gint64) (self->in_length - self->head.length);

  self->forward_at = 0;
  self->whole_length = is_whole ? length : 0;
  self->in_at = self->head.length + self->whole_length;
  self->body_started_us = g_get_monotonic_time ();
  self->body_received = 0;
  self->body_left = is_whole ? 0 : MAX (length, 0);
  if (self->head.is_chunked)
    self->phase = GUICHE_PHASE_CHUNKS;
  else
    self->phase = self->body_left > 0 ? GUICHE_PHASE_BODY : GUICHE_PHASE_DONE;
  self->deadline_us =
      self->phase == GUICHE_PHASE_DONE ? 0 : g_get_monotonic_time () + self->timeouts->body_us;
  /* Once taken, the request may already be over and another one begun. */
  if (is_plain (self, is_whole) && self->direct (self->direct_data))
    return;
  guiche_gate_forward (&self->head, (const char *) self->in, !is_whole, self->forward);
}

/* TRUE when a verdict was reached: a request has begun or was refused. */
static gboolean
scan_head (GuicheConnection *self)
{
  const char *why = NULL;

  switch (guiche_gate_scan (&self->head, (const char *) self->in, self->in_length, &why)) {
  case GUICHE_GATE_MORE:
    return FALSE;
  case GUICHE_GATE_COMPLETE:
    begin_request (self);
    return TRUE;
  case GUICHE_GATE_TOO_LARGE:
    guiche_connection_refuse (self, 431, "headers-too-large", why);
    return TRUE;
  case GUICHE_GATE_UNSUPPORTED:
    guiche_connection_refuse (self, 501, "invalid-request", why);
    return TRUE;
  case GUICHE_GATE_MALFORMED:
  default:
    guiche_connection_refuse (self, 400, "invalid-request", why);
    return TRUE;
  }
}

static void
make_room (GuicheConnection *self)
{
  if (self->in_size - self->in_length >= 1024)
    return;
  self->in_size = self->in_size == 0 ? FIRST_READ : self->in_size * 2;
  self->in = g_realloc (self->in, self->in_size);
}

static void
read_head (GuicheConnection *self)
{
  /* Behind the last request another may be waiting already. */
  if (self->in_length > 0 && self->head.scanned == 0 && scan_head (self))
    return;

  for (;;) {
    make_room (self);
    gssize n = guiche_connection_receive (self, self->in + self->in_length,
                                          self->in_size - self->in_length);
    if (n <= 0)
      return;
    if (self->in_length == 0)
      self->deadline_us = g_get_monotonic_time () + self->timeouts->head_us;
    self->in_length += n;
    if (scan_head (self))
      return;
  }
}

static gboolean
is_over (GuicheConnection *self)
{
  return self->has_failed || self->is_refused || (self->closes_when_idle && self->in_length == 0) ||
         (self->at_end && self->forward->len == 0);
}

/* One head after the other while they are answered at once; what is left is read in the next
 * turn. */
static void
advance (GuicheConnection *self, int rounds)
{
  if (self->is_advancing)
    return;
  self->is_advancing = TRUE;
  do
    read_head (self);
  while (--rounds > 0 && self->phase == GUICHE_PHASE_HEAD && self->in_length > 0 &&
         self->head.scanned == 0 && self->out_length == 0 && !is_over (self));
  self->is_advancing = FALSE;
}

void
guiche_connection_next (GuicheConnection *self)
{
  if (self->direct != NULL && self->tls == NULL && self->socket != NULL && !self->is_closed &&
      self->phase == GUICHE_PHASE_HEAD && self->forward->len == 0 && self->out_length == 0 &&
      !is_over (self))
    advance (self, ROUNDS);
}

static gssize
take_forward (GuicheConnection *self, void *buffer, gsize length)
{
  gsize n = MIN (length, self->forward->len - self->forward_at);

  memcpy (buffer, self->forward->data + self->forward_at, n);
  self->forward_at += n;
  return n;
}

static gssize
read_body (GuicheConnection *self, void *buffer, gsize length, GError **error)
{
  gsize waiting = self->in_length - self->in_at;
  gssize n;

  if (self->phase == GUICHE_PHASE_BODY)
    length = MIN ((gint64) length, self->body_left);
  if (waiting > 0) {
    n = MIN (length, waiting);
    memcpy (buffer, self->in + self->in_at, n);
    self->in_at += n;
  } else {
    n = guiche_connection_receive (self, buffer, length);
    if (n < 0)
      return would_block (error);
  }
  if (self->phase == GUICHE_PHASE_BODY && (self->body_left -= n) == 0)
    self->phase = GUICHE_PHASE_DONE;
  self->body_received += n;
  if (self->sink != NULL && n > 0)
    self->sink (self->sink_data, buffer, n);
  self->deadline_us =
      self->phase == GUICHE_PHASE_DONE ? 0 : g_get_monotonic_time () + self->timeouts->body_us;
  return n;
}

/* libsoup 3.2 never closes a connection that ends between two requests: it has no message yet
 * whose end would tell it. It gets one that cannot be parsed; the reply goes nowhere. */
static gssize
part (GuicheConnection *self, void *buffer, GError **error)
{
  static const char nonsense[] = "-\r\n\r\n";

  self->has_failed |= !self->is_refused;
  if (self->has_parted)
    return closed (error);
  self->has_parted = TRUE;
  memcpy (buffer, nonsense, sizeof nonsense - 1);
  return sizeof nonsense - 1;
}

gssize
guiche_connection_read (GuicheConnection *self, void *buffer, gsize length, GError **error)
{
  if (self->phase == GUICHE_PHASE_HEAD) {
    if (!is_over (self) && self->out_length > 0)
      return would_block (error);
    if (!is_over (self))
      advance (self, 1);
    if (is_over (self) && self->phase == GUICHE_PHASE_HEAD)
      return part (self, buffer, error);
  }
  if (self->has_failed || self->is_refused)
    return closed (error);
  if (self->forward_at < self->forward->len)
    return take_forward (self, buffer, length);
  if (self->phase == GUICHE_PHASE_HEAD || self->phase == GUICHE_PHASE_DONE)
    return would_block (error);
  return read_body (self, buffer, length, error);
}

void
guiche_connection_request_done (GuicheConnection *self)
{
  gsize left = self->in_length - self->in_at;

  self->sink = NULL;
  self->whole_length = 0;
  if (self->phase != GUICHE_PHASE_DONE) {
    self->is_refused = TRUE; /* an unread body: the rest cannot be told from a request */
    return;
  }
  if (left > 0)
    memmove (self->in, self->in + self->in_at, left);
  self->in_length = left;
  self->in_at = 0;
  self->is_handling = FALSE;
  memset (&self->head, 0, sizeof self->head);
  g_byte_array_set_size (self->forward, 0);
  self->forward_at = 0;
  self->phase = GUICHE_PHASE_HEAD;
  self->deadline_us =
      g_get_monotonic_time () + (left > 0 ? self->timeouts->head_us : self->timeouts->idle_us);
}
