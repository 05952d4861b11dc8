/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuicheRecording:
 *
 * A finished voice note: an Ogg/Opus file (mono, 48 kHz) that the holder owns and removes.
 */
typedef struct {
  char *path;
  char *waveform; /* hex pairs, at most 128 */
  gint64 duration_ms;
} GuicheRecording;

#define GUICHE_TYPE_RECORDING (guiche_recording_get_type ())
GType guiche_recording_get_type (void);
GuicheRecording *guiche_recording_copy (const GuicheRecording *self);
void guiche_recording_free (GuicheRecording *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheRecording, guiche_recording_free)

typedef enum {
  GUICHE_RECORDER_IDLE,
  GUICHE_RECORDER_STARTING,
  GUICHE_RECORDER_RECORDING,
  GUICHE_RECORDER_PAUSED,
  GUICHE_RECORDER_FINISHING
} GuicheRecorderState;

/**
 * GuicheRecorder:
 *
 * Records voice notes, one at a time. Main thread; never blocks it. A sound system that does not
 * answer within five seconds is an error like a missing microphone.
 *
 * Properties (read-only, notify): `state` (uint, GuicheRecorderState), `duration-ms` (int64),
 * `level` (double 0..1), `microphone` (label). Signals: `peak` (uint 0..255): 50 ms more;
 * `recorded` (GuicheRecording); `failed` (GError of GUICHE_ERROR_AUDIO).
 */
#define GUICHE_TYPE_RECORDER (guiche_recorder_get_type ())
G_DECLARE_FINAL_TYPE (GuicheRecorder, guiche_recorder, GUICHE, RECORDER, GObject)

#define GUICHE_RECORDER_MAXIMUM_MS (5 * 60 * 1000)

/* @folder: where the takes are written, made when missing. */
GuicheRecorder *guiche_recorder_new (const char *folder);
void guiche_recorder_set_maximum_ms (GuicheRecorder *self, gint64 maximum_ms);
/* @microphone: a name from guiche_microphones_list(), null or empty for the default. Does nothing
 * unless idle. */
void guiche_recorder_start (GuicheRecorder *self, const char *microphone);
void guiche_recorder_pause (GuicheRecorder *self);
void guiche_recorder_resume (GuicheRecorder *self);
/* Ends the take: `recorded` or `failed` follows. */
void guiche_recorder_finish (GuicheRecorder *self);
/* Drops the take and its file. */
void guiche_recorder_discard (GuicheRecorder *self);
GuicheRecorderState guiche_recorder_get_state (GuicheRecorder *self);
gint64 guiche_recorder_get_duration_ms (GuicheRecorder *self);

G_END_DECLS
