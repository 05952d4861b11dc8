/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GUICHE_WINDOW_MAX_EVENTS 4096
#define GUICHE_WINDOW_MAX_BYTES (256 * 1024)

/**
 * GuicheStreamWindow:
 *
 * What was sent and not yet acknowledged, kept as at most 64 marks of up to 1/32 of the
 * bounds each: precise enough to go on early, small enough to be nothing when idle.
 */
typedef struct _GuicheWindowMark GuicheWindowMark;

typedef struct {
  GuicheWindowMark *marks; /* (owned) (nullable): oldest first */
  guint n_marks;
  guint capacity;
  guint n_events;
  guint n_bytes;
} GuicheStreamWindow;

void guiche_stream_window_clear (GuicheStreamWindow *self);
/* An empty window takes one event of any size. */
gboolean guiche_stream_window_admits (const GuicheStreamWindow *self,
                                      guint n_events,
                                      gsize n_bytes);
void guiche_stream_window_push (GuicheStreamWindow *self,
                                gint64 last_seq,
                                guint n_events,
                                gsize n_bytes);
void guiche_stream_window_acknowledge (GuicheStreamWindow *self, gint64 seq);
/* At least an eighth is free again: worth going on. Clients acknowledge every half. */
gboolean guiche_stream_window_is_open (const GuicheStreamWindow *self);

G_END_DECLS
