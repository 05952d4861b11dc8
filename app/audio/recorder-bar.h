/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "audio/player.h"
#include "audio/recorder.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheRecorderBar:
 *
 * Recording a voice note where the text entry was: level and waveform live, pause, listen before
 * sending, discard, send. The take belongs to the bar until it is sent or discarded.
 *
 * Signals: `recorded` (GuicheRecording): to be sent, the receiver owns the file; `closed`: the bar
 * has nothing (more) to show; `failed` (GError of GUICHE_ERROR_AUDIO).
 */
#define GUICHE_TYPE_RECORDER_BAR (guiche_recorder_bar_get_type ())
G_DECLARE_FINAL_TYPE (GuicheRecorderBar, guiche_recorder_bar, GUICHE, RECORDER_BAR, GtkBox)

/* Stops what @player plays when a recording starts. */
GtkWidget *guiche_recorder_bar_new (GuichePlayer *player, GuicheRecorder *recorder);
void guiche_recorder_bar_start (GuicheRecorderBar *self, const char *microphone);
/* Sends what was said, at once (a held key let go); discards what is shorter than half a second. */
void guiche_recorder_bar_send (GuicheRecorderBar *self);
void guiche_recorder_bar_discard (GuicheRecorderBar *self);
gboolean guiche_recorder_bar_is_active (GuicheRecorderBar *self);

G_END_DECLS
