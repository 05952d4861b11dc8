/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  GUICHE_PLAYER_STOPPED,
  GUICHE_PLAYER_LOADING,
  GUICHE_PLAYER_PLAYING,
  GUICHE_PLAYER_PAUSED
} GuichePlayerState;

/**
 * GuichePlayer:
 *
 * Plays one sound at a time for the whole application: it goes on while the agent reads another
 * conversation, and a new sound ends the one before. A file is inspected with bounds before
 * GStreamer sees it. Main thread; never blocks it.
 *
 * Properties (notify): `state` (uint, GuichePlayerState), `key` (string, nullable: whose sound it
 * is, a message's id), `position-ms`, `duration-ms` (int64), `rate` (double 1.0 to 2.0, writable:
 * the pitch is kept). Signals: `failed` (key, GError of GUICHE_ERROR_AUDIO); `ended` (key).
 */
#define GUICHE_TYPE_PLAYER (guiche_player_get_type ())
G_DECLARE_FINAL_TYPE (GuichePlayer, guiche_player, GUICHE, PLAYER, GObject)

GuichePlayer *guiche_player_new (void);
/* Plays @path from @start_ms as the sound of @key. */
void guiche_player_play (GuichePlayer *self, const char *key, const char *path, gint64 start_ms);
void guiche_player_pause (GuichePlayer *self);
void guiche_player_resume (GuichePlayer *self);
void guiche_player_stop (GuichePlayer *self);
void guiche_player_seek (GuichePlayer *self, gint64 position_ms);
void guiche_player_set_rate (GuichePlayer *self, double rate);
/* 1 → 1.5 → 2 → 1 */
void guiche_player_cycle_rate (GuichePlayer *self);
double guiche_player_get_rate (GuichePlayer *self);
GuichePlayerState guiche_player_get_state (GuichePlayer *self);
const char *guiche_player_get_key (GuichePlayer *self); /* (nullable) */
gboolean guiche_player_is_playing_key (GuichePlayer *self, const char *key);
gint64 guiche_player_get_position_ms (GuichePlayer *self);
gint64 guiche_player_get_duration_ms (GuichePlayer *self);

G_END_DECLS
