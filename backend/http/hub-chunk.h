/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/stream-queue.h"
#include "store/event.h"

G_BEGIN_DECLS

#define GUICHE_CHUNK_MAX_EVENTS 64 /* bits of a mask */

/**
 * GuicheHubChunk:
 *
 * Events published together, each a bit in masks of who sees what. Streams that see the same of
 * it share one segment, now and when they come back for it a little later.
 */
typedef struct {
  GuicheEvent **events; /* (owned) */
  guint n_events;
  gsize n_bytes;     /* of the wire, with headers */
  GArray *audiences; /* (element-type GuicheChunkAudience): each text once */
  GArray *framed;    /* (element-type GuicheChunkFrames) */
  gsize *account;    /* (borrowed): of its segments */
} GuicheHubChunk;

typedef struct {
  const char *text; /* (borrowed): from an event */
  guint64 mask;     /* the events that have it */
} GuicheChunkAudience;

typedef struct {
  guint64 mask;
  GuicheSegment *segment; /* (owned) */
} GuicheChunkFrames;

GuicheHubChunk *guiche_hub_chunk_new (GuicheEvent *const *events, guint n_events, gsize *account);
void guiche_hub_chunk_free (GuicheHubChunk *self);
gint64 guiche_hub_chunk_first_seq (const GuicheHubChunk *self);
gint64 guiche_hub_chunk_last_seq (const GuicheHubChunk *self);
/* The newest event in @mask, which is not 0. */
gint64 guiche_hub_chunk_newest (const GuicheHubChunk *self, guint64 mask);
/* What @viewer sees of the events after @seq. */
guint64 guiche_hub_chunk_match (const GuicheHubChunk *self, const GuicheViewer *viewer, gint64 seq);
/* The frames of the events in @mask, made when they are first asked for. (transfer none) */
GuicheSegment *guiche_hub_chunk_frames (GuicheHubChunk *self, guint64 mask);

/* Bytes of one event as a frame, at most. */
gsize guiche_hub_frame_size (const GuicheEvent *event);
/* All of @events in one segment. (transfer full) */
GuicheSegment *guiche_hub_frame_events (gsize *account, GuicheEvent *const *events, guint n_events);

G_END_DECLS
