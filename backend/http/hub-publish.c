/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#include <string.h>

#define CHUNK_BYTES (32 * 1024) /* an eighth of the window: acknowledged in steps */
/* Kept of each tenant for who is only a little behind; little when all tenants keep much. */
#define RECENT_EVENTS 4096
#define RECENT_BYTES (4 * 1024 * 1024)
#define RECENT_BYTES_PRESSED (64 * 1024)
#define RECENT_BYTES_OF_ALL (16 * 1024 * 1024)
#define PRESSED_BYTES (16 * 1024) /* a stream's share while the hub as a whole holds too much */

static gboolean
is_pressed (GuicheStream *stream)
{
  GuicheHub *hub = stream->tenant->hub;

  /* Recent events are framed too: those segments are meant to stay a while. */
  return hub->queued_bytes > GUICHE_HUB_QUEUED_BYTES + hub->recent_bytes &&
         stream->queue.n_bytes > PRESSED_BYTES;
}

gboolean
guiche_hub_push_events (GuicheStream *stream,
                        GuicheSegment *segment,
                        gint64 before_seq,
                        gint64 last_seq)
{
  if (is_pressed (stream) ||
      !guiche_stream_window_admits (&stream->window, segment->n_frames, segment->length)) {
    stream->state = GUICHE_STREAM_PAUSED;
    stream->seq = before_seq;
    stream->stopped_us = guiche_clock_monotonic_us (stream->tenant->hub->clock);
    guiche_hub_timer_set (stream->tenant->hub, stream, stream->stopped_us + G_USEC_PER_SEC);
    return FALSE;
  }
  guiche_stream_window_push (&stream->window, last_seq, segment->n_frames, segment->length);
  /* Who has just acknowledged and lags behind does not wait for the next round. */
  guiche_stream_send (stream, segment,
                      stream->state == GUICHE_STREAM_REPLAYING ? GUICHE_URGENCY_ANSWER
                                                               : GUICHE_URGENCY_EVENT);
  return TRUE;
}

/* Marks in each group the events that it sees: by audience, for most events are alike. */
static GPtrArray *
match (GuicheHubTenant *tenant, GuicheHubChunk *chunk)
{
  GPtrArray *marked = g_ptr_array_new ();

  guiche_hub_index_trim (tenant->index);
  for (guint i = 0; i < chunk->audiences->len; i++) {
    GuicheChunkAudience *audience = &g_array_index (chunk->audiences, GuicheChunkAudience, i);
    GPtrArray *groups = guiche_hub_index_resolve (tenant->index, audience->text)->groups;

    for (guint k = 0; k < groups->len; k++) {
      GuicheHubGroup *group = groups->pdata[k];

      if (group->mask == 0)
        g_ptr_array_add (marked, group);
      group->mask |= audience->mask;
    }
  }
  return marked;
}

static void
push_to_group (GuicheHubChunk *chunk, GuicheHubGroup *group)
{
  gint64 before_seq = guiche_hub_chunk_first_seq (chunk) - 1;
  gint64 last_seq = guiche_hub_chunk_newest (chunk, group->mask);

  for (GList *link = group->streams.head; link != NULL; link = link->next) {
    GuicheStream *stream = link->data;

    if (stream->state == GUICHE_STREAM_LIVE)
      guiche_hub_push_events (stream, guiche_hub_chunk_frames (chunk, group->mask), before_seq,
                              last_seq);
  }
  group->mask = 0;
}

static void
publish_chunk (GuicheHubTenant *tenant, GuicheHubChunk *chunk)
{
  g_autoptr (GPtrArray) marked = match (tenant, chunk);

  for (guint i = 0; i < marked->len; i++)
    push_to_group (chunk, marked->pdata[i]);
}

/* How many of @events go together: bounded by count and bytes, and cut after @stop_seq and
 * after an event that changes what somebody may see. */
static gsize
chunk_size (GuicheEvent *const *events,
            gsize n_events,
            gint64 stop_seq,
            gboolean *out_changes_access)
{
  gsize n = 0, bytes = 0;

  *out_changes_access = FALSE;
  while (n < n_events && n < GUICHE_CHUNK_MAX_EVENTS) {
    bytes += guiche_hub_frame_size (events[n]);
    if (n > 0 && bytes > CHUNK_BYTES)
      break;
    if (strcmp (events[n++]->kind, "access.changed") == 0) {
      *out_changes_access = TRUE;
      break;
    }
    if (events[n - 1]->seq == stop_seq)
      break;
  }
  return n;
}

/* The event's audience names the users whose streams must look anew, from this event on. */
static void
change_access (GuicheHubTenant *tenant, const GuicheEvent *event)
{
  g_auto (GStrv) terms = g_strsplit (event->audience, " ", -1);

  tenant->published_seq = event->seq;
  for (char **term = terms; *term != NULL; term++) {
    GuicheId user_id;

    if (g_str_has_prefix (*term, "u:") && guiche_id_parse (*term + 2, &user_id))
      guiche_hub_viewer_changed (tenant->hub, tenant->tenant, &user_id);
  }
}

static void
forget_oldest (GuicheHubTenant *tenant)
{
  GuicheHubChunk *chunk = g_queue_pop_head (&tenant->recent);

  tenant->recent_bytes -= chunk->n_bytes;
  tenant->recent_events -= chunk->n_events;
  tenant->hub->recent_bytes -= chunk->n_bytes;
  guiche_hub_chunk_free (chunk);
}

/* Takes @chunk. */
static void
remember (GuicheHubTenant *tenant, GuicheHubChunk *chunk)
{
  gsize most_bytes;

  tenant->recent_bytes += chunk->n_bytes;
  tenant->recent_events += chunk->n_events;
  tenant->hub->recent_bytes += chunk->n_bytes;
  g_queue_push_tail (&tenant->recent, chunk);
  most_bytes =
      tenant->hub->recent_bytes > RECENT_BYTES_OF_ALL ? RECENT_BYTES_PRESSED : RECENT_BYTES;
  while (tenant->recent_events > RECENT_EVENTS || tenant->recent_bytes > most_bytes)
    forget_oldest (tenant);
}

void
guiche_hub_tenant_forget_recent (GuicheHubTenant *self)
{
  while (self->recent.length > 0)
    forget_oldest (self);
}

/* Streams that had read ahead of what is published: live once their last read event is reached. */
static void
admit_joining (GuicheHubTenant *tenant)
{
  GList *link = tenant->joining.head;

  while (link != NULL) {
    GList *next = link->next;
    GuicheStream *stream = link->data;

    if (stream->seq <= tenant->published_seq) {
      stream->state = GUICHE_STREAM_LIVE;
      g_queue_delete_link (&tenant->joining, link);
    }
    link = next;
  }
}

/* The first event after which a joining stream becomes live: chunks end there. */
static gint64
next_admission (GuicheHubTenant *tenant)
{
  gint64 seq = G_MAXINT64;

  for (GList *link = tenant->joining.head; link != NULL; link = link->next)
    seq = MIN (seq, ((GuicheStream *) link->data)->seq);
  return seq;
}

void
guiche_hub_publish (GuicheHub *self,
                    GuicheTenant *tenant,
                    GuicheEvent *const *events,
                    gsize n_events)
{
  GuicheHubTenant *entry = g_hash_table_lookup (self->tenants, tenant);
  gsize n_chunk;

  self->stats.events_published += n_events;
  if (entry == NULL || n_events == 0)
    return;
  if (entry->streams.length == 0) {
    guiche_hub_tenant_forget_recent (entry);
    entry->published_seq = events[n_events - 1]->seq;
    return;
  }
  for (gsize i = 0; i < n_events; i++)
    guiche_hub_learn_audience (entry, events[i]);
  /* There are no gaps: a hub that heard nothing so far knows now up to where. */
  entry->published_seq = events[0]->seq - 1;
  admit_joining (entry);
  for (gsize i = 0; i < n_events; i += n_chunk) {
    GuicheHubChunk *chunk;
    gboolean changes_access;

    n_chunk = chunk_size (events + i, n_events - i, next_admission (entry), &changes_access);
    chunk = guiche_hub_chunk_new (events + i, (guint) n_chunk, &self->queued_bytes);
    publish_chunk (entry, chunk);
    entry->published_seq = guiche_hub_chunk_last_seq (chunk);
    remember (entry, chunk);
    if (changes_access)
      change_access (entry, events[i + n_chunk - 1]);
    admit_joining (entry);
  }
}

void
guiche_hub_broadcast (GuicheHub *self, GuicheTenant *tenant, const char *audience, const char *json)
{
  GuicheHubTenant *entry = g_hash_table_lookup (self->tenants, tenant);

  if (entry != NULL)
    guiche_hub_broadcast_except (entry, audience, json, NULL);
}

void
guiche_hub_broadcast_except (GuicheHubTenant *tenant,
                             const char *audience,
                             const char *json,
                             GuicheStream *except)
{
  g_autoptr (GuicheSegment) segment = NULL;
  GuicheHubAudience *resolved;

  guiche_hub_index_trim (tenant->index);
  resolved = guiche_hub_index_resolve (tenant->index, audience);
  for (guint i = 0; i < resolved->groups->len; i++) {
    GuicheHubGroup *group = resolved->groups->pdata[i];

    for (GList *link = group->streams.head; link != NULL; link = link->next) {
      GuicheStream *stream = link->data;

      if (stream == except || !stream->is_ready || !guiche_stream_is_open (stream) ||
          stream->queue.n_bytes > GUICHE_STREAM_BUSY_BYTES)
        continue;
      if (segment == NULL)
        segment = guiche_segment_new_text (&tenant->hub->queued_bytes, json, strlen (json));
      guiche_stream_send (stream, segment, GUICHE_URGENCY_INSTANT);
    }
  }
}
