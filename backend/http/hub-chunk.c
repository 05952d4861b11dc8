/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-chunk.h"

#include "http/websocket.h"

#include <string.h>

#define BIT(i) (G_GUINT64_CONSTANT (1) << (i))

static void
clear_frames (gpointer data)
{
  guiche_segment_unref (((GuicheChunkFrames *) data)->segment);
}

static void
note_audience (GuicheHubChunk *self, guint index)
{
  GuicheChunkAudience audience = { self->events[index]->audience, BIT (index) };

  /* The newest first: a conversation's events often come one after another. */
  for (guint i = self->audiences->len; i > 0; i--) {
    GuicheChunkAudience *known = &g_array_index (self->audiences, GuicheChunkAudience, i - 1);

    if (strcmp (known->text, audience.text) != 0)
      continue;
    known->mask |= audience.mask;
    return;
  }
  g_array_append_val (self->audiences, audience);
}

GuicheHubChunk *
guiche_hub_chunk_new (GuicheEvent *const *events, guint n_events, gsize *account)
{
  GuicheHubChunk *self = g_new0 (GuicheHubChunk, 1);

  g_assert (n_events > 0 && n_events <= GUICHE_CHUNK_MAX_EVENTS);
  self->events = g_new (GuicheEvent *, n_events);
  self->n_events = n_events;
  self->audiences = g_array_sized_new (FALSE, FALSE, sizeof (GuicheChunkAudience), 4);
  self->framed = g_array_sized_new (FALSE, FALSE, sizeof (GuicheChunkFrames), 2);
  g_array_set_clear_func (self->framed, clear_frames);
  self->account = account;
  for (guint i = 0; i < n_events; i++) {
    self->events[i] = guiche_event_ref (events[i]);
    self->n_bytes += guiche_hub_frame_size (events[i]);
    note_audience (self, i);
  }
  return self;
}

void
guiche_hub_chunk_free (GuicheHubChunk *self)
{
  for (guint i = 0; i < self->n_events; i++)
    guiche_event_unref (self->events[i]);
  g_free (self->events);
  g_array_unref (self->audiences);
  g_array_unref (self->framed);
  g_free (self);
}

gint64
guiche_hub_chunk_first_seq (const GuicheHubChunk *self)
{
  return self->events[0]->seq;
}

gint64
guiche_hub_chunk_last_seq (const GuicheHubChunk *self)
{
  return self->events[self->n_events - 1]->seq;
}

gint64
guiche_hub_chunk_newest (const GuicheHubChunk *self, guint64 mask)
{
  return self->events[63 - __builtin_clzll (mask)]->seq;
}

guint64
guiche_hub_chunk_match (const GuicheHubChunk *self, const GuicheViewer *viewer, gint64 seq)
{
  guint64 mask = 0;

  for (guint i = 0; i < self->audiences->len; i++) {
    const GuicheChunkAudience *audience = &g_array_index (self->audiences, GuicheChunkAudience, i);

    if (guiche_audience_matches (audience->text, viewer))
      mask |= audience->mask;
  }
  /* There are no gaps: what is seen already are the lowest bits. */
  if (seq >= self->events[0]->seq)
    mask &= ~(BIT (seq - self->events[0]->seq) | (BIT (seq - self->events[0]->seq) - 1));
  return mask;
}

gsize
guiche_hub_frame_size (const GuicheEvent *event)
{
  return g_bytes_get_size (event->wire) + GUICHE_WEBSOCKET_MAX_HEADER;
}

static gsize
header_of (guint8 *out, const GuicheEvent *event)
{
  return guiche_websocket_write_header (out, GUICHE_WEBSOCKET_TEXT, g_bytes_get_size (event->wire));
}

static GuicheSegment *
frame_masked (gsize *account, GuicheEvent *const *events, guint n_events, guint64 mask)
{
  guint8 header[GUICHE_WEBSOCKET_MAX_HEADER];
  gsize size = 0, at = 0;
  guint n_frames = 0;
  GuicheSegment *segment;

  for (guint i = 0; i < n_events; i++) {
    if ((mask & BIT (i)) == 0)
      continue;
    n_frames++;
    size += g_bytes_get_size (events[i]->wire) + header_of (header, events[i]);
  }
  segment = guiche_segment_new (account, size, n_frames);
  for (guint i = 0; i < n_events; i++) {
    gsize length;
    const void *wire = g_bytes_get_data (events[i]->wire, &length);

    if ((mask & BIT (i)) == 0)
      continue;
    at += header_of (segment->data + at, events[i]);
    memcpy (segment->data + at, wire, length);
    at += length;
  }
  return segment;
}

GuicheSegment *
guiche_hub_frame_events (gsize *account, GuicheEvent *const *events, guint n_events)
{
  g_assert (n_events > 0 && n_events <= GUICHE_CHUNK_MAX_EVENTS);
  return frame_masked (account, events, n_events, G_MAXUINT64);
}

GuicheSegment *
guiche_hub_chunk_frames (GuicheHubChunk *self, guint64 mask)
{
  GuicheChunkFrames frames = { .mask = mask };

  /* The newest first: neighbours are often alike. */
  for (guint i = self->framed->len; i > 0; i--) {
    GuicheChunkFrames *known = &g_array_index (self->framed, GuicheChunkFrames, i - 1);

    if (known->mask == mask)
      return known->segment;
  }
  frames.segment = frame_masked (self->account, self->events, self->n_events, mask);
  g_array_append_val (self->framed, frames);
  return frames.segment;
}
