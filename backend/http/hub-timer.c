/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#define PING_US (30 * G_USEC_PER_SEC)
#define DEAD_US (60 * G_USEC_PER_SEC)
#define PAUSED_US (60 * G_USEC_PER_SEC) /* full window, no acknowledgement */
#define DESERTED_US (60 * G_USEC_PER_SEC)
#define SESSION_CHECK_STEPS 5 /* every session is asked about within so many seconds */

static gint64
second_of (gint64 monotonic_us)
{
  return monotonic_us / G_USEC_PER_SEC;
}

static GQueue *
slot_of (GuicheHub *self, gint64 due_us)
{
  return &self->wheel[second_of (due_us) % GUICHE_HUB_WHEEL_SLOTS];
}

void
guiche_hub_timer_set (GuicheHub *self, GuicheStream *stream, gint64 due_us)
{
  /* The slot of the present second was already visited. */
  due_us = MAX (due_us, (self->wheel_second + 1) * G_USEC_PER_SEC);
  if (stream->state == GUICHE_STREAM_CLOSED || (stream->is_in_timer && stream->due_us <= due_us))
    return;
  if (stream->is_in_timer)
    g_queue_unlink (slot_of (self, stream->due_us), &stream->timer_link);
  stream->is_in_timer = TRUE;
  stream->due_us = due_us;
  stream->timer_link.data = stream;
  g_queue_push_tail_link (slot_of (self, due_us), &stream->timer_link);
}

void
guiche_hub_timer_forget (GuicheHub *self, GuicheStream *stream)
{
  if (stream->is_in_timer)
    g_queue_unlink (slot_of (self, stream->due_us), &stream->timer_link);
  stream->is_in_timer = FALSE;
}

static void
send_ping (GuicheStream *stream, gint64 now_us)
{
  g_autoptr (GuicheSegment) ping = guiche_segment_new (&stream->tenant->hub->queued_bytes, 2, 1);

  ping->data[0] = 0x80 | GUICHE_WEBSOCKET_PING;
  ping->data[1] = 0;
  stream->ping_us = now_us;
  guiche_stream_send (stream, ping, GUICHE_URGENCY_EVENT);
}

/* Microseconds of wall clock until the token expires; at most a wheel's turn. */
static gint64
until_expiry (GuicheStream *stream)
{
  gint64 left;

  if (stream->expires_at_us == 0)
    return DEAD_US;
  left = stream->expires_at_us - guiche_clock_now_us (stream->tenant->hub->clock);
  return MIN (left, DEAD_US);
}

/* Whether the stream ends now; it has been closed or aborted then. */
static gboolean
ends (GuicheStream *stream, gint64 now_us)
{
  if (stream->state == GUICHE_STREAM_CLOSING) {
    guiche_stream_abort (stream);
    return TRUE;
  }
  if (now_us - stream->pong_us >= DEAD_US) {
    stream->tenant->hub->stats.closed_dead++;
    guiche_stream_abort (stream);
    return TRUE;
  }
  if (until_expiry (stream) <= 0)
    guiche_stream_close (stream, GUICHE_CLOSE_UNAUTHENTICATED, "token expired");
  else if (stream->queue.n_items > 0 && now_us - stream->progress_us >= GUICHE_STREAM_STALLED_US)
    guiche_stream_close (stream, GUICHE_CLOSE_TOO_SLOW, "too slow: replay");
  else if (stream->state == GUICHE_STREAM_PAUSED && now_us - stream->stopped_us >= PAUSED_US)
    guiche_stream_close (stream, GUICHE_CLOSE_TOO_SLOW, "nothing acknowledged: replay");
  return !guiche_stream_is_open (stream);
}

static void
look_at (GuicheHub *self, GuicheStream *stream, gint64 now_us)
{
  gint64 due_us;

  if (stream->state == GUICHE_STREAM_CLOSING && now_us - stream->stopped_us < 5 * G_USEC_PER_SEC) {
    guiche_hub_timer_set (self, stream, stream->stopped_us + 5 * G_USEC_PER_SEC);
    return;
  }
  if (ends (stream, now_us))
    return;
  if (now_us - MAX (stream->ping_us, stream->pong_us) >= PING_US)
    send_ping (stream, now_us);
  due_us = MIN (MAX (stream->ping_us, stream->pong_us) + PING_US, stream->pong_us + DEAD_US);
  if (stream->queue.n_items > 0)
    due_us = MIN (due_us, stream->progress_us + GUICHE_STREAM_STALLED_US);
  if (stream->state == GUICHE_STREAM_PAUSED)
    due_us = MIN (due_us, stream->stopped_us + PAUSED_US);
  guiche_hub_timer_set (self, stream, MIN (due_us, now_us + until_expiry (stream)));
}

static void
visit_slot (GuicheHub *self, gint64 second, gint64 now_us)
{
  GQueue *slot = &self->wheel[second % GUICHE_HUB_WHEEL_SLOTS];

  for (guint n = slot->length; n > 0 && slot->length > 0; n--) {
    GuicheStream *stream = g_queue_pop_head_link (slot)->data;

    stream->is_in_timer = FALSE;
    if (second_of (stream->due_us) > second)
      guiche_hub_timer_set (self, stream, stream->due_us);
    else
      look_at (self, stream, now_us);
  }
}

/* Who comes back within a minute is served from memory; later from the table. */
static void
forget_when_deserted (GuicheHubTenant *tenant, gint64 now_us)
{
  if (tenant->streams.length > 0 || now_us - tenant->left_us < DESERTED_US)
    return;
  guiche_hub_tenant_forget_recent (tenant);
  guiche_hub_tenant_unfollow (tenant);
}

void
guiche_hub_timer_advance (GuicheHub *self, gint64 now_us)
{
  gint64 now_second = second_of (now_us);
  GHashTableIter iter;
  gpointer tenant;

  if (now_second - self->wheel_second > GUICHE_HUB_WHEEL_SLOTS)
    self->wheel_second = now_second - GUICHE_HUB_WHEEL_SLOTS;
  while (self->wheel_second < now_second) {
    self->wheel_second++;
    visit_slot (self, self->wheel_second, now_us);
  }
  guiche_hub_nodes_advance (self->nodes, now_us);
  g_hash_table_iter_init (&iter, self->tenants);
  while (g_hash_table_iter_next (&iter, NULL, &tenant)) {
    forget_when_deserted (tenant, now_us);
    guiche_hub_presence_advance (tenant, now_us);
    guiche_hub_sessions_check (tenant, SESSION_CHECK_STEPS);
  }
}

static gboolean
on_second (gpointer user_data)
{
  GuicheHub *self = user_data;

  guiche_hub_timer_advance (self, guiche_clock_monotonic_us (self->clock));
  return G_SOURCE_CONTINUE;
}

void
guiche_hub_timer_start (GuicheHub *self)
{
  self->wheel_second = second_of (guiche_clock_monotonic_us (self->clock));
  self->timer = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->timer, on_second, self, NULL);
  g_source_attach (self->timer, self->context);
}

void
guiche_hub_timer_stop (GuicheHub *self)
{
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}
