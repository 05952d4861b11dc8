/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/stream-window.h"

#include <string.h>

#define MARK_EVENTS (GUICHE_WINDOW_MAX_EVENTS / 32)
#define MARK_BYTES (GUICHE_WINDOW_MAX_BYTES / 32)

struct _GuicheWindowMark {
  gint64 seq; /* of the last event in it */
  guint32 n_events;
  guint32 n_bytes;
};

void
guiche_stream_window_clear (GuicheStreamWindow *self)
{
  g_free (self->marks);
  memset (self, 0, sizeof *self);
}

gboolean
guiche_stream_window_admits (const GuicheStreamWindow *self, guint n_events, gsize n_bytes)
{
  if (self->n_events == 0 && n_events == 1)
    return TRUE;
  return self->n_events + n_events <= GUICHE_WINDOW_MAX_EVENTS &&
         self->n_bytes + n_bytes <= GUICHE_WINDOW_MAX_BYTES;
}

void
guiche_stream_window_push (GuicheStreamWindow *self, gint64 last_seq, guint n_events, gsize n_bytes)
{
  GuicheWindowMark *mark = self->n_marks > 0 ? &self->marks[self->n_marks - 1] : NULL;

  if (mark == NULL || mark->n_events + n_events > MARK_EVENTS ||
      mark->n_bytes + n_bytes > MARK_BYTES) {
    if (self->n_marks == self->capacity) {
      self->capacity = self->capacity == 0 ? 4 : self->capacity * 2;
      self->marks = g_renew (GuicheWindowMark, self->marks, self->capacity);
    }
    mark = &self->marks[self->n_marks++];
    memset (mark, 0, sizeof *mark);
  }
  mark->seq = last_seq;
  mark->n_events += n_events;
  mark->n_bytes += (guint32) n_bytes;
  self->n_events += n_events;
  self->n_bytes += (guint) n_bytes;
}

void
guiche_stream_window_acknowledge (GuicheStreamWindow *self, gint64 seq)
{
  guint n = 0;

  while (n < self->n_marks && self->marks[n].seq <= seq) {
    self->n_events -= self->marks[n].n_events;
    self->n_bytes -= self->marks[n].n_bytes;
    n++;
  }
  if (n == 0)
    return;
  if (n == self->n_marks) {
    guiche_stream_window_clear (self);
    return;
  }
  self->n_marks -= n;
  memmove (self->marks, self->marks + n, self->n_marks * sizeof *self->marks);
}

gboolean
guiche_stream_window_is_open (const GuicheStreamWindow *self)
{
  return self->n_events <= GUICHE_WINDOW_MAX_EVENTS * 7 / 8 &&
         self->n_bytes <= GUICHE_WINDOW_MAX_BYTES * 7 / 8;
}
