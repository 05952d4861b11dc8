/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuichePlayback:
 *
 * One sound file being played on a thread of its own, through a pipeline fixed for its type (never
 * decodebin). Functions are asked on the main thread; events come there. The engine of
 * GuichePlayer.
 */
typedef struct _GuichePlayback GuichePlayback;

typedef enum {
  GUICHE_PLAYBACK_PREPARING, /* GStreamer is ready */
  GUICHE_PLAYBACK_READY,     /* prepared; duration_ms is known */
  GUICHE_PLAYBACK_POSITION,  /* position_ms, some twenty times a second while it plays */
  GUICHE_PLAYBACK_ENDED,
  GUICHE_PLAYBACK_FAILED
} GuichePlaybackEventKind;

typedef struct {
  GuichePlaybackEventKind kind;
  gint64 position_ms;
  gint64 duration_ms;
  GError *error; /* (nullable): GUICHE_ERROR_AUDIO, when failed */
} GuichePlaybackEvent;

typedef void (*GuichePlaybackFunc) (GObject *owner,
                                    GuichePlayback *playback,
                                    const GuichePlaybackEvent *event);

/* @owner is held weakly. It begins to play by itself, at @start_ms. */
GuichePlayback *guiche_playback_start (GObject *owner,
                                       GuichePlaybackFunc function,
                                       const char *path,
                                       gint64 start_ms,
                                       double rate);
void guiche_playback_set_playing (GuichePlayback *self, gboolean is_playing);
void guiche_playback_seek (GuichePlayback *self, gint64 position_ms);
void guiche_playback_set_rate (GuichePlayback *self, double rate);
void guiche_playback_release (GuichePlayback *self);

G_END_DECLS
