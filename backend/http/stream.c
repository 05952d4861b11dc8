/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/stream.h"

#include "http/hub-private.h"

#include <string.h>
#include <sys/socket.h>

#define MAX_VECTORS 256
#define CLOSING_US (5 * G_USEC_PER_SEC)
#define FRAME_RATE 200.0f /* frames a second, with twice that at once */

static gint64
now_us (GuicheStream *self)
{
  return guiche_clock_monotonic_us (self->tenant->hub->clock);
}

GuicheStream *
guiche_stream_new (GuicheHubTenant *tenant,
                   const GuicheHubPeer *peer,
                   GIOStream *io,
                   GByteArray *out_ahead)
{
  GuicheStream *self = g_new0 (GuicheStream, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->tenant = guiche_hub_tenant_ref (tenant);
  self->session_id = peer->session_id;
  self->subject = peer->subject;
  self->expires_at_us = peer->expires_at_us;
  self->address = g_strdup (peer->address);
  self->seq = peer->since;
  /* What the caller loaded may have changed before this stream could be told so. */
  self->must_reload = TRUE;
  self->frame_tokens = 2 * FRAME_RATE;
  guiche_hub_refill_ops (self, G_MAXFLOAT);
  guiche_websocket_decoder_init (&self->decoder, TRUE);
  if (!guiche_stream_transport_open (&self->transport, io, out_ahead)) {
    self->state = GUICHE_STREAM_CLOSED;
    guiche_stream_unref (self);
    return NULL;
  }
  self->pong_us = self->tokens_us = now_us (self);
  guiche_hub_index_add (tenant->index, self, peer->viewer);
  return self;
}

GuicheStream *
guiche_stream_ref (GuicheStream *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
guiche_stream_unref (GuicheStream *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_assert (self->state == GUICHE_STREAM_CLOSED);
  guiche_stream_transport_close (&self->transport);
  guiche_stream_queue_clear (&self->queue);
  guiche_stream_window_clear (&self->window);
  guiche_websocket_decoder_clear (&self->decoder);
  guiche_hub_tenant_unref (self->tenant);
  g_free (self->address);
  g_free (self->name);
  g_free (self);
}

void
guiche_stream_abort (GuicheStream *self)
{
  if (self->state == GUICHE_STREAM_CLOSED)
    return;
  self->state = GUICHE_STREAM_CLOSED;
  guiche_hub_forget_stream (self->tenant->hub, self);
  guiche_stream_transport_close (&self->transport);
  guiche_stream_queue_clear (&self->queue);
  guiche_stream_window_clear (&self->window);
  guiche_websocket_decoder_clear (&self->decoder);
}

void
guiche_stream_send (GuicheStream *self, GuicheSegment *segment, GuicheUrgency urgency)
{
  GuicheHub *hub = self->tenant->hub;

  if (self->queue.n_items == 0)
    self->progress_us = now_us (self);
  guiche_stream_queue_push (&self->queue, segment);
  guiche_hub_loop_mark_dirty (hub, self, urgency);
}

void
guiche_stream_send_text (GuicheStream *self, const char *text, gsize length, GuicheUrgency urgency)
{
  g_autoptr (GuicheSegment) segment =
                 guiche_segment_new_text (&self->tenant->hub->queued_bytes, text, length);

  guiche_stream_send (self, segment, urgency);
}

static void
send_frame (GuicheStream *self, const void *frame, gsize length)
{
  g_autoptr (GuicheSegment) segment =
                 guiche_segment_new (&self->tenant->hub->queued_bytes, length, 1);

  memcpy (segment->data, frame, length);
  guiche_stream_send (self, segment, GUICHE_URGENCY_ANSWER);
}

static void
count_close (GuicheHub *hub, guint code)
{
  if (code == GUICHE_CLOSE_TOO_SLOW)
    hub->stats.closed_slow++;
  else if (code == GUICHE_CLOSE_PROTOCOL_ERROR || code == GUICHE_CLOSE_UNSUPPORTED ||
           (code >= GUICHE_CLOSE_INVALID_TEXT && code <= GUICHE_CLOSE_TOO_BIG))
    hub->stats.closed_protocol++;
}

/* Enters the closing state; what the peer says from now on is read and ignored. */
static void
begin_closing (GuicheStream *self, guint code, const char *reason)
{
  guint8 frame[2 + GUICHE_WEBSOCKET_MAX_CONTROL];
  gsize length = guiche_websocket_write_close (frame, code, reason);

  self->state = GUICHE_STREAM_CLOSING;
  self->stopped_us = now_us (self);
  send_frame (self, frame, length);
  guiche_hub_timer_set (self->tenant->hub, self, self->stopped_us + CLOSING_US);
}

void
guiche_stream_part (GuicheStream *self, guint code, const char *reason)
{
  if (!guiche_stream_is_open (self))
    return;
  g_debug ("closing a stream with %u: %s", code, reason != NULL ? reason : "no reason");
  count_close (self->tenant->hub, code);
  begin_closing (self, code, reason);
}

void
guiche_stream_close (GuicheStream *self, guint code, const char *reason)
{
  /* Under TLS a record of what is queued may already have been offered. */
  if (guiche_stream_is_open (self) && self->transport.tls == NULL)
    guiche_stream_queue_drop_unwritten (&self->queue);
  guiche_stream_part (self, code, reason);
}

/* The peer's half of the closing handshake: answered with the same code when it came first. */
static void
handle_close (GuicheStream *self, const GuicheWebsocketItem *item)
{
  if (guiche_stream_is_open (self))
    begin_closing (self, item->code, NULL);
  self->ends_when_flushed = TRUE;
  guiche_hub_loop_mark_dirty (self->tenant->hub, self, GUICHE_URGENCY_ANSWER);
}

static gboolean
take_frame_token (GuicheStream *self)
{
  if (!self->tenant->hub->has_limits || self->frame_tokens >= 1.0f) {
    self->frame_tokens -= 1.0f;
    return TRUE;
  }
  guiche_stream_close (self, GUICHE_CLOSE_POLICY, "too many frames");
  return FALSE;
}

static void
refill (GuicheStream *self)
{
  gint64 now = now_us (self);
  float elapsed_s = (float) (now - self->tokens_us) / (float) G_USEC_PER_SEC;

  self->tokens_us = now;
  self->frame_tokens = MIN (2 * FRAME_RATE, MAX (self->frame_tokens, 0) + elapsed_s * FRAME_RATE);
  guiche_hub_refill_ops (self, elapsed_s);
}

static void
handle_item (GuicheStream *self, const GuicheWebsocketItem *item)
{
  switch (item->kind) {
  case GUICHE_WEBSOCKET_ITEM_CLOSE:
    handle_close (self, item);
    return;
  case GUICHE_WEBSOCKET_ITEM_FAILED:
    guiche_stream_close (self, item->code, NULL);
    return;
  case GUICHE_WEBSOCKET_ITEM_PONG:
    self->pong_us = now_us (self);
    take_frame_token (self);
    return;
  case GUICHE_WEBSOCKET_ITEM_MESSAGE:
    if (!guiche_stream_is_open (self) || !take_frame_token (self))
      return;
    if (item->opcode == GUICHE_WEBSOCKET_TEXT)
      guiche_hub_handle_text (self, (const char *) item->data, item->length);
    else
      guiche_stream_close (self, GUICHE_CLOSE_UNSUPPORTED, "text only");
    return;
  default:
    return;
  }
}

/* Incomplete frames of all streams together are bounded, or many clients could each hold a little.
 */
static void
account_held (GuicheStream *self)
{
  GuicheHub *hub = self->tenant->hub;
  gsize held = guiche_websocket_decoder_held (&self->decoder);

  hub->held_bytes += held - self->held;
  self->held = held;
  if (held > 0 && hub->held_bytes > GUICHE_HUB_HELD_BYTES)
    guiche_stream_close (self, GUICHE_CLOSE_TRY_LATER, "too much in parts");
}

void
guiche_stream_process (GuicheStream *self, guint8 *data, gsize length)
{
  guint8 pong[2 + GUICHE_WEBSOCKET_MAX_CONTROL];
  gsize n_pong = 0;
  guint8 *cursor = data;
  GuicheWebsocketItem item;

  if (self->tenant->hub->has_limits)
    refill (self);
  while (self->state != GUICHE_STREAM_CLOSED && !self->ends_when_flushed &&
         guiche_websocket_decoder_next (&self->decoder, &cursor, data + length, &item) !=
             GUICHE_WEBSOCKET_ITEM_NONE) {
    if (item.kind != GUICHE_WEBSOCKET_ITEM_PING) {
      handle_item (self, &item);
      continue;
    }
    /* Only the last of several pings needs an answer (RFC 6455, 5.5.3). */
    take_frame_token (self);
    n_pong = guiche_websocket_write_header (pong, GUICHE_WEBSOCKET_PONG, item.length);
    memcpy (pong + n_pong, item.data, item.length);
    n_pong += item.length;
  }
  if (self->state == GUICHE_STREAM_CLOSED)
    return;
  if (n_pong > 0 && guiche_stream_is_open (self))
    send_frame (self, pong, n_pong);
  account_held (self);
}

/* A client that does not read its answers is not heard further. */
static gboolean
may_read (const GuicheStream *self)
{
  return self->state == GUICHE_STREAM_CLOSING ||
         (self->n_ops < GUICHE_STREAM_MAX_OPS && self->queue.n_bytes < GUICHE_STREAM_BUSY_BYTES);
}

void
guiche_stream_receive (GuicheStream *self)
{
  GuicheHub *hub = self->tenant->hub;
  gssize n;

  if (self->state == GUICHE_STREAM_CLOSED)
    return;
  self->has_more_input = !may_read (self);
  if (self->has_more_input) {
    guiche_stream_transport_want_read (&self->transport, FALSE);
    return;
  }
  n = guiche_stream_transport_read (&self->transport, hub->read_buffer, GUICHE_HUB_READ_BYTES);
  if (n == GUICHE_TRANSPORT_BLOCKED)
    return;
  if (n <= 0) {
    guiche_stream_abort (self);
    return;
  }
  guiche_stream_process (self, hub->read_buffer, (gsize) n);
  if (self->state != GUICHE_STREAM_CLOSED && (self->has_hung_up || n == GUICHE_HUB_READ_BYTES))
    guiche_hub_loop_mark_input (hub, self);
}

static void
resume_input (GuicheStream *self)
{
  if (!self->has_more_input || !may_read (self))
    return;
  self->has_more_input = FALSE;
  guiche_stream_transport_want_read (&self->transport, TRUE);
  guiche_hub_loop_mark_input (self->tenant->hub, self);
}

/* FALSE when the connection is gone. */
static gboolean
write_some (GuicheStream *self)
{
  GuicheHub *hub = self->tenant->hub;
  struct iovec vectors[MAX_VECTORS];
  guint n_vectors = guiche_stream_queue_peek (&self->queue, vectors, MAX_VECTORS);
  gssize n = guiche_stream_transport_write (&self->transport, vectors, n_vectors);

  self->is_blocked = n == GUICHE_TRANSPORT_BLOCKED;
  if (self->is_blocked)
    return TRUE;
  if (n < 0)
    return FALSE;
  hub->stats.writes++;
  hub->stats.bytes_sent += (guint64) n;
  hub->stats.frames_sent += guiche_stream_queue_advance (&self->queue, (gsize) n);
  self->progress_us = now_us (self);
  return TRUE;
}

/* Everything is written: what was waiting for that. */
static void
finish_flush (GuicheStream *self)
{
  if (self->ends_when_flushed) {
    guiche_stream_abort (self);
    return;
  }
  /* Its closing frame cannot be understood any more: it sees the end and hangs up. */
  if (self->decoder.has_failed && self->transport.fd >= 0)
    shutdown (self->transport.fd, SHUT_WR);
  resume_input (self);
  guiche_hub_replay_resume (self);
}

void
guiche_stream_flush (GuicheStream *self)
{
  if (self->state == GUICHE_STREAM_CLOSED)
    return;
  self->is_blocked = FALSE;
  while (self->queue.n_items > 0 && !self->is_blocked) {
    if (!write_some (self)) {
      guiche_stream_abort (self);
      return;
    }
  }
  guiche_stream_transport_want_write (&self->transport, self->is_blocked);
  if (self->is_blocked)
    guiche_hub_timer_set (self->tenant->hub, self, self->progress_us + GUICHE_STREAM_STALLED_US);
  else
    finish_flush (self);
}
