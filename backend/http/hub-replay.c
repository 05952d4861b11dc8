/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-private.h"

#include <string.h>

#define PAGE_EVENTS 256
#define SEGMENT_EVENTS 32

/* One page on its way through the read pool. */
typedef struct {
  GuicheStream *stream; /* (owned) */
  const GuicheServerHooks *hooks;
  GuicheViewer *viewer; /* (owned) */
  gint64 since;
  gboolean must_reload;
  gboolean wants_name;
  gboolean is_remembered; /* the hub has the events: only the viewer is asked for */
  GPtrArray *events;      /* (owned) (nullable) */
  gint64 next;
  gboolean has_more;
  char *name; /* (owned) (nullable) */
  gboolean is_revoked;
} Page;

static void
page_free (Page *page)
{
  guiche_stream_unref (page->stream);
  g_clear_pointer (&page->viewer, guiche_viewer_unref);
  g_clear_pointer (&page->events, g_ptr_array_unref);
  g_free (page->name);
  g_free (page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

/* The chunk that has the first event after @seq; NULL: not remembered that far. */
static GList *
find_chunk (GuicheHubTenant *tenant, gint64 seq)
{
  GList *link = tenant->recent.tail;

  while (link != NULL && guiche_hub_chunk_first_seq (link->data) > seq + 1)
    link = link->prev;
  return link;
}

/* Whether nothing was missed, or only what is remembered: most who come back after a lost network.
 */
static gboolean
is_remembered (GuicheHubTenant *tenant, gint64 seq)
{
  if (tenant->published_seq == 0 || seq > tenant->published_seq)
    return FALSE;
  return seq < 0 || seq == tenant->published_seq || find_chunk (tenant, seq) != NULL;
}

/* (thread reader): what the session may see by now, if it may see anything. */
static gboolean
reload_viewer (GuicheTx *tx, Page *page)
{
  g_autoptr (GError) error = NULL;
  GuicheViewer *viewer = page->viewer;

  if (page->hooks->session_is_valid != NULL &&
      !page->hooks->session_is_valid (tx, &page->stream->session_id, &error))
    return FALSE;
  viewer = page->hooks->load_viewer (tx, viewer->role, &page->stream->subject,
                                     &viewer->conversation_id, &error);
  if (viewer == NULL)
    return FALSE;
  guiche_viewer_unref (page->viewer);
  page->viewer = viewer;
  return TRUE;
}

static void
load_name (GuicheTx *tx, Page *page)
{
  if (page->wants_name && page->hooks->display_name != NULL)
    page->name = page->hooks->display_name (tx, page->viewer->role, &page->stream->subject, NULL);
}

/* (thread reader) */
static gboolean
run_page (GuicheTx *tx, gpointer data, GError **error)
{
  Page *page = data;

  if (page->must_reload && !reload_viewer (tx, page)) {
    page->is_revoked = TRUE;
    return TRUE;
  }
  load_name (tx, page);
  if (page->is_remembered)
    return TRUE;
  if (page->since < 0) {
    page->next = guiche_events_last_seq (tx, error);
    page->events = g_ptr_array_new ();
    return page->next >= 0;
  }
  page->events = guiche_events_read (tx, page->since, PAGE_EVENTS, page->viewer, &page->next,
                                     &page->has_more, error);
  return page->events != NULL;
}

/* Sends what the window admits of @events, of which the viewer sees all. Returns how many. */
static guint
push_admitted (GuicheStream *stream, GuicheEvent *const *events, guint n_events)
{
  guint n_pushed = 0;

  while (n_pushed < n_events) {
    guint n = MIN (n_events - n_pushed, SEGMENT_EVENTS);
    g_autoptr (GuicheSegment) segment = NULL;

    /* Near the bound, and with large events, one at a time. */
    if (stream->window.n_bytes > GUICHE_WINDOW_MAX_BYTES / 2 ||
        g_bytes_get_size (events[n_pushed]->wire) > GUICHE_WINDOW_MAX_BYTES / 64)
      n = 1;
    segment = guiche_hub_frame_events (&stream->tenant->hub->queued_bytes, events + n_pushed, n);
    if (!guiche_hub_push_events (stream, segment, stream->seq, events[n_pushed + n - 1]->seq))
      return n_pushed;
    n_pushed += n;
    stream->seq = events[n_pushed - 1]->seq;
  }
  return n_pushed;
}

static void
send_ready (GuicheStream *stream)
{
  char text[64];

  if (stream->is_ready)
    return;
  stream->is_ready = TRUE;
  g_snprintf (text, sizeof text, "{\"op\":\"ready\",\"seq\":%" G_GINT64_FORMAT "}", stream->seq);
  guiche_stream_send_text (stream, text, strlen (text), GUICHE_URGENCY_ANSWER);
  if (stream->group->viewer->role >= GUICHE_ROLE_AGENT)
    guiche_hub_presence_send_all (stream);
}

/* What was published after its @seq, from memory. FALSE: not remembered that far. */
static gboolean
push_recent (GuicheStream *stream)
{
  GList *link = find_chunk (stream->tenant, stream->seq);

  if (link == NULL)
    return FALSE;
  for (; link != NULL; link = link->next) {
    GuicheHubChunk *chunk = link->data;
    guint64 mask;

    if (guiche_hub_chunk_last_seq (chunk) <= stream->seq)
      continue;
    mask = guiche_hub_chunk_match (chunk, stream->group->viewer, stream->seq);
    if (mask != 0 && !guiche_hub_push_events (stream, guiche_hub_chunk_frames (chunk, mask),
                                              stream->seq, guiche_hub_chunk_newest (chunk, mask)))
      return TRUE;
    stream->seq = guiche_hub_chunk_last_seq (chunk);
  }
  return TRUE;
}

/* Everything the table had is sent: joins the living, or reads on. */
static void
catch_up (GuicheStream *stream)
{
  GuicheHubTenant *tenant = stream->tenant;

  if (tenant->published_seq > stream->seq && !push_recent (stream)) {
    guiche_hub_replay (stream);
    return;
  }
  if (stream->state == GUICHE_STREAM_PAUSED)
    return;
  if (stream->seq > tenant->published_seq) {
    stream->state = GUICHE_STREAM_JOINING;
    g_queue_push_tail (&tenant->joining, stream);
  } else {
    stream->state = GUICHE_STREAM_LIVE;
  }
  send_ready (stream);
}

static void
take_page (GuicheStream *stream, Page *page)
{
  GuicheEvent **events;

  if (page->viewer != stream->group->viewer && page->must_reload) {
    guiche_hub_index_remove (stream->tenant->index, stream);
    guiche_hub_index_add (stream->tenant->index, stream, page->viewer);
  }
  if (page->name != NULL) {
    g_free (stream->name);
    stream->name = g_steal_pointer (&page->name);
  }
  if (page->is_remembered) {
    if (stream->seq < 0)
      stream->seq = stream->tenant->published_seq;
    catch_up (stream);
    return;
  }
  events = (GuicheEvent **) page->events->pdata;
  if (push_admitted (stream, events, page->events->len) < page->events->len)
    return;
  stream->seq = page->next;
  if (page->has_more)
    guiche_hub_replay (stream);
  else
    catch_up (stream);
}

static void
take_failure (GuicheStream *stream, const GError *error)
{
  static const char required[] = "{\"op\":\"snapshot_required\"}";

  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_SNAPSHOT_REQUIRED)) {
    guiche_stream_send_text (stream, required, strlen (required), GUICHE_URGENCY_ANSWER);
    guiche_stream_part (stream, GUICHE_CLOSE_SNAPSHOT_REQUIRED, "snapshot required");
    return;
  }
  g_warning ("reading events for a stream: %s", error->message);
  guiche_stream_close (stream, GUICHE_CLOSE_INTERNAL, "events cannot be read");
}

/* (thread main) */
static void
page_done (gpointer data, GError *error)
{
  g_autoptr (Page) page = data;
  GuicheStream *stream = page->stream;
  GuicheHub *hub = stream->tenant->hub;

  if (hub == NULL)
    return;
  hub->n_pages--;
  guiche_hub_replay_start_waiting (hub);
  stream->is_reading = FALSE;
  if (!guiche_stream_is_open (stream))
    return;
  if (page->is_revoked)
    guiche_stream_part (stream, GUICHE_CLOSE_UNAUTHENTICATED, "session ended");
  else if (stream->must_reload)
    guiche_hub_replay (stream); /* the viewer has changed meanwhile: this page may show too much */
  else if (error != NULL)
    take_failure (stream, error);
  else
    take_page (stream, page);
}

static void
start_page (GuicheHub *hub, GuicheStream *stream)
{
  Page *page = g_new0 (Page, 1);
  GuicheActor actor = { .role = stream->group->viewer->role, .id = stream->subject };

  page->stream = guiche_stream_ref (stream);
  page->hooks = hub->hooks;
  page->viewer = guiche_viewer_ref (stream->group->viewer);
  page->since = stream->seq;
  page->must_reload = stream->must_reload;
  page->is_remembered = is_remembered (stream->tenant, stream->seq);
  page->wants_name = stream->name == NULL;
  actor.session_id = stream->session_id;
  actor.viewer = page->viewer;
  stream->must_reload = FALSE;
  stream->is_reading = TRUE;
  hub->n_pages++;
  hub->stats.replay_pages++;
  guiche_tenant_read (stream->tenant->tenant, &actor, run_page, page_done, page);
}

void
guiche_hub_replay_start_waiting (GuicheHub *hub)
{
  GList *link = hub->waiting.head;

  while (link != NULL && hub->n_pages < GUICHE_HUB_MAX_PAGES) {
    GuicheStream *stream = link->data;

    link = link->next;
    if (!guiche_hub_tenant_follow (stream->tenant))
      continue;
    g_queue_unlink (&hub->waiting, &stream->waiting_link);
    stream->is_waiting = FALSE;
    start_page (hub, stream);
  }
}

void
guiche_hub_replay (GuicheStream *stream)
{
  GuicheHub *hub = stream->tenant->hub;

  if (!guiche_stream_is_open (stream))
    return;
  if (stream->state == GUICHE_STREAM_JOINING)
    g_queue_remove (&stream->tenant->joining, stream);
  stream->state = GUICHE_STREAM_REPLAYING;
  if (stream->is_reading || stream->is_waiting)
    return;
  stream->is_waiting = TRUE;
  stream->waiting_link.data = stream;
  g_queue_push_tail_link (&hub->waiting, &stream->waiting_link);
  guiche_hub_replay_start_waiting (hub);
}

void
guiche_hub_replay_resume (GuicheStream *stream)
{
  if (stream->state != GUICHE_STREAM_PAUSED || !guiche_stream_window_is_open (&stream->window))
    return;
  /* Who was only a little behind goes on from memory. */
  stream->state = GUICHE_STREAM_REPLAYING;
  if (stream->must_reload || !stream->is_ready)
    guiche_hub_replay (stream);
  else
    catch_up (stream);
}

void
guiche_hub_replay_acknowledged (GuicheStream *stream, gint64 seq)
{
  guiche_stream_window_acknowledge (&stream->window, seq);
  if (stream->state != GUICHE_STREAM_PAUSED)
    return;
  stream->stopped_us = guiche_clock_monotonic_us (stream->tenant->hub->clock);
  guiche_hub_replay_resume (stream);
}

void
guiche_hub_replay_forget (GuicheHub *self, GuicheStream *stream)
{
  g_queue_remove (&stream->tenant->joining, stream);
  if (stream->is_waiting)
    g_queue_unlink (&self->waiting, &stream->waiting_link);
  stream->is_waiting = FALSE;
}
