/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_A_TURN 32
/* After so many writes of answers, and of events, the loop looks for input again, so that an
 * ephemeral frame never waits for a whole fan-out. */
#define WRITES_A_TURN 12
/* Fan-out takes at most a third of the time: after a round of writes to all who merely listen,
 * twice as long is for others, and what is published meanwhile joins the next round. */
#define REST_FACTOR 2
#define REST_MOST_US 2000

typedef struct {
  GSource base;
  GuicheHub *hub;
} HubSource;

static gboolean
has_work (GuicheHub *hub)
{
  return hub->dirty[GUICHE_URGENCY_ANSWER].length > 0 ||
         hub->dirty[GUICHE_URGENCY_INSTANT].length > 0 || hub->input.length > 0 ||
         hub->dead->len > 0;
}

static gboolean
is_round_due (GuicheHub *hub)
{
  return hub->dirty[GUICHE_URGENCY_EVENT].length > 0 &&
         g_get_monotonic_time () >= hub->round_due_us;
}

static gboolean
hub_source_prepare (GSource *source, int *timeout)
{
  GuicheHub *hub = ((HubSource *) source)->hub;
  gint64 left_us = hub->dirty[GUICHE_URGENCY_EVENT].length > 0
                       ? hub->round_due_us - g_get_monotonic_time ()
                       : -1;

  *timeout = left_us > 0 ? (int) (left_us + 999) / 1000 : -1;
  return has_work (hub) || (hub->dirty[GUICHE_URGENCY_EVENT].length > 0 && left_us <= 0);
}

static gboolean
hub_source_check (GSource *source)
{
  GuicheHub *hub = ((HubSource *) source)->hub;

  return has_work (hub) || is_round_due (hub) ||
         g_source_query_unix_fd (source, hub->source_tag) != 0;
}

static void
handle_event (const struct epoll_event *event)
{
  GuicheStream *stream = event->data.ptr;

  if (stream->state == GUICHE_STREAM_CLOSED)
    return;
  if ((event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
    stream->has_hung_up = TRUE;
  if ((event->events & EPOLLOUT) != 0 && stream->is_blocked)
    guiche_stream_flush (stream);
  if ((event->events & ~(guint32) EPOLLOUT) != 0)
    guiche_stream_receive (stream);
}

static void
flush_list (GQueue *list, guint n_most)
{
  while (list->length > 0 && n_most-- > 0) {
    GuicheStream *stream = g_queue_pop_head_link (list)->data;

    stream->is_dirty = FALSE;
    guiche_stream_flush (stream);
  }
}

static void
read_input (GuicheHub *hub)
{
  struct epoll_event events[EVENTS_A_TURN];
  guint n_waiting = hub->input.length;
  int n = epoll_wait (hub->epoll_fd, events, EVENTS_A_TURN, 0);

  for (int i = 0; i < n; i++) {
    handle_event (&events[i]);
    flush_list (&hub->dirty[GUICHE_URGENCY_INSTANT], G_MAXUINT);
  }
  for (; n_waiting > 0 && hub->input.length > 0; n_waiting--) {
    GuicheStream *stream = g_queue_pop_head_link (&hub->input)->data;

    stream->is_in_input = FALSE;
    guiche_stream_receive (stream);
  }
}

/* A part of the round of writes to who merely listens; several turns make a round. */
static void
flush_round (GuicheHub *hub)
{
  gint64 start_us = g_get_monotonic_time ();
  guint n_most;

  if (hub->dirty[GUICHE_URGENCY_EVENT].length == 0 || start_us < hub->round_due_us)
    return;
  if (hub->round_left == 0)
    hub->round_left = hub->dirty[GUICHE_URGENCY_EVENT].length;
  n_most = MIN (hub->round_left, WRITES_A_TURN);
  flush_list (&hub->dirty[GUICHE_URGENCY_EVENT], n_most);
  hub->round_us += g_get_monotonic_time () - start_us;
  hub->round_left -= n_most;
  if (hub->round_left > 0 && hub->dirty[GUICHE_URGENCY_EVENT].length > 0)
    return;
  hub->round_due_us = start_us + MIN (REST_FACTOR * hub->round_us, REST_MOST_US);
  hub->round_left = 0;
  hub->round_us = 0;
}

static gboolean
hub_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  GuicheHub *hub = ((HubSource *) source)->hub;

  read_input (hub);
  flush_list (&hub->dirty[GUICHE_URGENCY_INSTANT], G_MAXUINT);
  flush_list (&hub->dirty[GUICHE_URGENCY_ANSWER], WRITES_A_TURN);
  flush_round (hub);
  g_ptr_array_set_size (hub->dead, 0);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs hub_source_funcs = {
  .prepare = hub_source_prepare,
  .check = hub_source_check,
  .dispatch = hub_source_dispatch,
};

void
guiche_hub_loop_start (GuicheHub *self)
{
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("creating the hub's epoll descriptor: %s", g_strerror (errno));
  self->read_buffer = g_malloc (GUICHE_HUB_READ_BYTES);
  self->dead = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_stream_unref);
  self->source = g_source_new (&hub_source_funcs, sizeof (HubSource));
  ((HubSource *) self->source)->hub = self;
  g_source_set_static_name (self->source, "hub");
  self->source_tag = g_source_add_unix_fd (self->source, self->epoll_fd, G_IO_IN);
  g_source_attach (self->source, self->context);
}

void
guiche_hub_loop_stop (GuicheHub *self)
{
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->dead, g_ptr_array_unref);
  g_clear_pointer (&self->read_buffer, g_free);
  close (self->epoll_fd);
}

static void
on_tls_ready (gpointer user_data)
{
  g_autoptr (GuicheStream) stream = guiche_stream_ref (user_data);

  if (stream->is_blocked)
    guiche_stream_flush (stream);
  guiche_stream_receive (stream);
}

void
guiche_hub_loop_add (GuicheHub *self, GuicheStream *stream)
{
  /* Edge-triggered, both ways at once: no call to epoll_ctl() ever again. */
  struct epoll_event event = {
    .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
    .data.ptr = stream,
  };

  stream->dirty_link.data = stream;
  stream->input_link.data = stream;
  if (stream->transport.tls != NULL)
    guiche_stream_transport_watch (&stream->transport, self->context, on_tls_ready, stream);
  else if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, stream->transport.fd, &event) != 0)
    g_warning ("watching a stream: %s", g_strerror (errno));
}

void
guiche_hub_loop_mark_dirty (GuicheHub *self, GuicheStream *stream, GuicheUrgency urgency)
{
  if (stream->state == GUICHE_STREAM_CLOSED || (stream->is_dirty && stream->urgency >= urgency))
    return;
  if (stream->is_dirty)
    g_queue_unlink (&self->dirty[stream->urgency], &stream->dirty_link);
  stream->is_dirty = TRUE;
  stream->urgency = urgency;
  g_queue_push_tail_link (&self->dirty[urgency], &stream->dirty_link);
}

void
guiche_hub_loop_mark_input (GuicheHub *self, GuicheStream *stream)
{
  if (stream->is_in_input || stream->state == GUICHE_STREAM_CLOSED)
    return;
  stream->is_in_input = TRUE;
  g_queue_push_tail_link (&self->input, &stream->input_link);
}

void
guiche_hub_loop_forget (GuicheHub *self, GuicheStream *stream)
{
  if (stream->is_dirty)
    g_queue_unlink (&self->dirty[stream->urgency], &stream->dirty_link);
  if (stream->is_in_input)
    g_queue_unlink (&self->input, &stream->input_link);
  stream->is_dirty = FALSE;
  stream->is_in_input = FALSE;
  if (stream->transport.fd >= 0)
    epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, stream->transport.fd, NULL);
}
