/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/stream-queue.h"

#include "http/websocket.h"

#include <string.h>

#define FIRST_CAPACITY 8

GuicheSegment *
guiche_segment_new (gsize *account, gsize length, guint n_frames)
{
  GuicheSegment *self = g_malloc (sizeof *self + length);

  self->ref_count = 1;
  self->length = (guint32) length;
  self->n_frames = n_frames;
  self->account = account;
  *account += length;
  return self;
}

GuicheSegment *
guiche_segment_new_text (gsize *account, const char *text, gsize length)
{
  guint8 header[GUICHE_WEBSOCKET_MAX_HEADER];
  gsize n_header = guiche_websocket_write_header (header, GUICHE_WEBSOCKET_TEXT, length);
  GuicheSegment *self = guiche_segment_new (account, n_header + length, 1);

  memcpy (self->data, header, n_header);
  memcpy (self->data + n_header, text, length);
  return self;
}

GuicheSegment *
guiche_segment_ref (GuicheSegment *self)
{
  self->ref_count++;
  return self;
}

void
guiche_segment_unref (GuicheSegment *self)
{
  if (--self->ref_count > 0)
    return;
  *self->account -= self->length;
  g_free (self);
}

static GuicheSegment **
item_at (const GuicheStreamQueue *self, guint index)
{
  return &self->items[(self->first + index) & (self->capacity - 1)];
}

static void
grow (GuicheStreamQueue *self)
{
  guint capacity = self->capacity == 0 ? FIRST_CAPACITY : self->capacity * 2;
  GuicheSegment **items = g_new (GuicheSegment *, capacity);

  for (guint i = 0; i < self->n_items; i++)
    items[i] = *item_at (self, i);
  g_free (self->items);
  self->items = items;
  self->first = 0;
  self->capacity = capacity;
}

void
guiche_stream_queue_push (GuicheStreamQueue *self, GuicheSegment *segment)
{
  if (self->n_items == self->capacity)
    grow (self);
  *item_at (self, self->n_items++) = guiche_segment_ref (segment);
  self->n_bytes += segment->length;
}

static void
release_memory (GuicheStreamQueue *self)
{
  g_clear_pointer (&self->items, g_free);
  self->first = 0;
  self->capacity = 0;
  self->offset = 0;
}

void
guiche_stream_queue_clear (GuicheStreamQueue *self)
{
  for (guint i = 0; i < self->n_items; i++)
    guiche_segment_unref (*item_at (self, i));
  self->n_items = 0;
  self->n_bytes = 0;
  release_memory (self);
}

void
guiche_stream_queue_drop_unwritten (GuicheStreamQueue *self)
{
  while (self->n_items > (self->offset > 0 ? 1u : 0u)) {
    GuicheSegment *last = *item_at (self, --self->n_items);

    self->n_bytes -= last->length;
    guiche_segment_unref (last);
  }
}

guint
guiche_stream_queue_peek (const GuicheStreamQueue *self, struct iovec *vectors, guint n_vectors)
{
  guint n = MIN (self->n_items, n_vectors);

  for (guint i = 0; i < n; i++) {
    GuicheSegment *segment = *item_at (self, i);
    guint offset = i == 0 ? self->offset : 0;

    vectors[i].iov_base = segment->data + offset;
    vectors[i].iov_len = segment->length - offset;
  }
  return n;
}

guint
guiche_stream_queue_advance (GuicheStreamQueue *self, gsize n_written)
{
  guint n_frames = 0;

  g_assert (n_written <= self->n_bytes);
  self->n_bytes -= n_written;
  while (n_written > 0) {
    GuicheSegment *segment = *item_at (self, 0);
    gsize left = segment->length - self->offset;

    if (n_written < left) {
      self->offset += (guint) n_written;
      return n_frames;
    }
    n_written -= left;
    n_frames += segment->n_frames;
    self->offset = 0;
    self->first = (self->first + 1) & (self->capacity - 1);
    self->n_items--;
    guiche_segment_unref (segment);
  }
  if (self->n_items == 0 && self->capacity > FIRST_CAPACITY)
    release_memory (self);
  return n_frames;
}
