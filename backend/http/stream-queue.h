/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/uio.h>

G_BEGIN_DECLS

/**
 * GuicheSegment:
 *
 * One or more frames ready for the wire, written once and shared by every stream they go to.
 * Reference-counted, main thread only.
 */
typedef struct {
  guint ref_count;
  guint32 length;
  guint32 n_frames;
  gsize *account; /* (borrowed): bytes alive, for who bounds them */
  guint8 data[];
} GuicheSegment;

/* @length bytes to be filled by the caller. */
GuicheSegment *guiche_segment_new (gsize *account, gsize length, guint n_frames);
/* One text frame. */
GuicheSegment *guiche_segment_new_text (gsize *account, const char *text, gsize length);
GuicheSegment *guiche_segment_ref (GuicheSegment *self);
void guiche_segment_unref (GuicheSegment *self);

/**
 * GuicheStreamQueue:
 *
 * What one stream still has to write: references to segments, in order. Holds no memory
 * when empty.
 */
typedef struct {
  GuicheSegment **items; /* (owned) (nullable): a ring */
  guint first;
  guint n_items;
  guint capacity; /* a power of two, or 0 */
  guint offset;   /* bytes of the first already written */
  gsize n_bytes;  /* still to write */
} GuicheStreamQueue;

void guiche_stream_queue_clear (GuicheStreamQueue *self);
void guiche_stream_queue_push (GuicheStreamQueue *self,
                               GuicheSegment *segment); /* takes a reference of its own */
/* Drops everything but a segment that is partly written: the frame boundary is kept. */
void guiche_stream_queue_drop_unwritten (GuicheStreamQueue *self);
/* Fills at most @n_vectors and returns how many. */
guint guiche_stream_queue_peek (const GuicheStreamQueue *self,
                                struct iovec *vectors,
                                guint n_vectors);
/* @n_written bytes have gone; returns the frames that have gone with them. */
guint guiche_stream_queue_advance (GuicheStreamQueue *self, gsize n_written);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheSegment, guiche_segment_unref)

G_END_DECLS
