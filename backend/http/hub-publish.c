/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#include <string.h>

#define CHUNK_EVENTS 64 /* bits of a mask */
#define CHUNK_BYTES (32 * 1024) /* an eighth of the window: acknowledged in steps */
/* Kept of each tenant for who is only a little behind; little when all tenants keep much. */
#define RECENT_EVENTS 4096
#define RECENT_BYTES (1024 * 1024)
#define RECENT_BYTES_PRESSED (64 * 1024)
#define RECENT_BYTES_OF_ALL (16 * 1024 * 1024)
#define PRESSED_BYTES (16 * 1024) /* a stream's share while the hub as a whole holds too much */

/* What is published together: at most 64 events, each a bit in the masks. */
typedef struct {
  GuicheHub *hub;
  GuicheEvent *const *events;
  gsize n_events;
  GPtrArray *audiences; /* with a mask */
  GPtrArray *groups;    /* with a mask */
  GArray *framed;       /* (element-type Framed) */
} Chunk;

/* Streams that see the same events of a chunk share one segment. */
typedef struct {
  guint64 mask;
  GuicheSegment *segment; /* (owned) */
} Framed;

static gsize
frame_size (const GuicheEvent *event)
{
  return g_bytes_get_size (event->wire) + GUICHE_WEBSOCKET_MAX_HEADER;
}

static gsize
write_event (guint8 *out, const GuicheEvent *event)
{
  gsize length;
  const void *wire = g_bytes_get_data (event->wire, &length);
  gsize n_header = guiche_websocket_write_header (out, GUICHE_WEBSOCKET_TEXT, length);

  memcpy (out + n_header, wire, length);
  return n_header + length;
}

static GuicheSegment *
frame_masked (GuicheHub *hub, GuicheEvent *const *events, guint64 mask, gsize n_events)
{
  guint8 header[GUICHE_WEBSOCKET_MAX_HEADER];
  gsize size = 0, offset = 0;
  guint n_frames = 0;
  GuicheSegment *segment;

  for (gsize i = 0; i < n_events; i++) {
    if ((mask >> i & 1) == 0)
      continue;
    n_frames++;
    size += g_bytes_get_size (events[i]->wire) +
            guiche_websocket_write_header (header, GUICHE_WEBSOCKET_TEXT,
                                           g_bytes_get_size (events[i]->wire));
  }
  segment = guiche_segment_new (&hub->queued_bytes, size, n_frames);
  for (gsize i = 0; i < n_events; i++)
    if ((mask >> i & 1) != 0)
      offset += write_event (segment->data + offset, events[i]);
  return segment;
}

GuicheSegment *
guiche_hub_frame_events (GuicheHub *self, GuicheEvent *const *events, gsize n_events)
{
  g_assert (n_events > 0 && n_events <= CHUNK_EVENTS);
  return frame_masked (self, events, G_MAXUINT64, n_events);
}

static gboolean
is_pressed (GuicheStream *stream)
{
  return stream->tenant->hub->queued_bytes > GUICHE_HUB_QUEUED_BYTES &&
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
  guiche_stream_send (stream, segment, FALSE);
  return TRUE;
}

/* Marks in each group the events that it sees: by audience first, for most are alike. */
static void
match (Chunk *chunk, GuicheHubIndex *index)
{
  for (gsize i = 0; i < chunk->n_events; i++) {
    GuicheHubAudience *audience = guiche_hub_index_resolve (index, chunk->events[i]->audience);

    if (audience->mask == 0)
      g_ptr_array_add (chunk->audiences, audience);
    audience->mask |= G_GUINT64_CONSTANT (1) << i;
  }
  for (guint i = 0; i < chunk->audiences->len; i++) {
    GuicheHubAudience *audience = chunk->audiences->pdata[i];

    for (guint k = 0; k < audience->groups->len; k++) {
      GuicheHubGroup *group = audience->groups->pdata[k];

      if (group->mask == 0)
        g_ptr_array_add (chunk->groups, group);
      group->mask |= audience->mask;
    }
    audience->mask = 0;
  }
}

static GuicheSegment *
segment_for (Chunk *chunk, guint64 mask)
{
  Framed framed = { .mask = mask };

  /* The newest first: neighbours are often alike. */
  for (guint i = chunk->framed->len; i > 0; i--) {
    Framed *known = &g_array_index (chunk->framed, Framed, i - 1);

    if (known->mask == mask)
      return known->segment;
  }
  framed.segment = frame_masked (chunk->hub, chunk->events, mask, chunk->n_events);
  g_array_append_val (chunk->framed, framed);
  return framed.segment;
}

static void
push_to_group (Chunk *chunk, GuicheHubGroup *group)
{
  GuicheSegment *segment = NULL;
  gint64 last_seq = chunk->events[63 - __builtin_clzll (group->mask)]->seq;

  for (GList *link = group->streams.head; link != NULL; link = link->next) {
    GuicheStream *stream = link->data;

    if (stream->state != GUICHE_STREAM_LIVE)
      continue;
    if (segment == NULL)
      segment = segment_for (chunk, group->mask);
    guiche_hub_push_events (stream, segment, chunk->events[0]->seq - 1, last_seq);
  }
  group->mask = 0;
}

static void
clear_framed (gpointer data)
{
  guiche_segment_unref (((Framed *) data)->segment);
}

static void
publish_chunk (GuicheHubTenant *tenant, GuicheEvent *const *events, gsize n_events)
{
  g_autoptr (GPtrArray) audiences = g_ptr_array_new ();
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();
  g_autoptr (GArray) framed = g_array_new (FALSE, FALSE, sizeof (Framed));
  Chunk chunk = { tenant->hub, events, n_events, audiences, groups, framed };

  g_array_set_clear_func (framed, clear_framed);
  guiche_hub_index_trim (tenant->index);
  match (&chunk, tenant->index);
  for (guint i = 0; i < groups->len; i++)
    push_to_group (&chunk, groups->pdata[i]);
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
  while (n < n_events && n < CHUNK_EVENTS) {
    bytes += frame_size (events[n]);
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
forget_oldest (GuicheHubTenant *tenant, guint n)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < n; i++)
    n_bytes += frame_size (tenant->recent->pdata[i]);
  tenant->recent_bytes -= n_bytes;
  tenant->hub->recent_bytes -= n_bytes;
  g_ptr_array_remove_range (tenant->recent, 0, n);
}

static void
remember (GuicheHubTenant *tenant, GuicheEvent *const *events, gsize n_events)
{
  gsize most_bytes, n_left_bytes;
  guint n_old = 0;

  for (gsize i = 0; i < n_events; i++) {
    gsize n_bytes = frame_size (events[i]);

    g_ptr_array_add (tenant->recent, guiche_event_ref (events[i]));
    tenant->recent_bytes += n_bytes;
    tenant->hub->recent_bytes += n_bytes;
    guiche_hub_learn_audience (tenant, events[i]);
  }
  most_bytes =
      tenant->hub->recent_bytes > RECENT_BYTES_OF_ALL ? RECENT_BYTES_PRESSED : RECENT_BYTES;
  if (tenant->recent->len <= RECENT_EVENTS && tenant->recent_bytes <= most_bytes)
    return;
  /* Shortened by a quarter at a time: the array moves seldom. */
  n_left_bytes = tenant->recent_bytes;
  while (tenant->recent->len - n_old > RECENT_EVENTS * 3 / 4 || n_left_bytes > most_bytes * 3 / 4)
    n_left_bytes -= frame_size (tenant->recent->pdata[n_old++]);
  forget_oldest (tenant, n_old);
}

void
guiche_hub_tenant_forget_recent (GuicheHubTenant *self)
{
  if (self->recent->len > 0)
    forget_oldest (self, self->recent->len);
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
    entry->published_seq = events[n_events - 1]->seq;
    return;
  }
  remember (entry, events, n_events);
  /* There are no gaps: a hub that heard nothing so far knows now up to where. */
  entry->published_seq = events[0]->seq - 1;
  admit_joining (entry);
  for (gsize i = 0; i < n_events; i += n_chunk) {
    gboolean changes_access;

    n_chunk = chunk_size (events + i, n_events - i, next_admission (entry), &changes_access);
    publish_chunk (entry, events + i, n_chunk);
    entry->published_seq = events[i + n_chunk - 1]->seq;
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
      guiche_stream_send (stream, segment, TRUE);
    }
  }
}
