/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "audio/player.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheVoiceNote:
 *
 * A voice note to listen to: play and pause, a seekable waveform, the time, the speed.
 *
 * Signal: `play-requested` (int64 start_ms): the holder finds the file and gives it to the player
 * under the note's key.
 */
#define GUICHE_TYPE_VOICE_NOTE (guiche_voice_note_get_type ())
G_DECLARE_FINAL_TYPE (GuicheVoiceNote, guiche_voice_note, GUICHE, VOICE_NOTE, GtkBox)

GtkWidget *guiche_voice_note_new (GuichePlayer *player);
/* Shows another note; @waveform (nullable). */
void guiche_voice_note_set (GuicheVoiceNote *self,
                            const char *key,
                            gint64 duration_ms,
                            GBytes *waveform);

G_END_DECLS
