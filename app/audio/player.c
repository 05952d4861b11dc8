/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-audio"

#include "audio/player.h"

#include "audio/audio-error.h"
#include "audio/playback.h"

#define ANSWER_MS 5000
#define FIRST_START_MS 60000

struct _GuichePlayer {
  GObject parent_instance;
  GuichePlayback *playback; /* (owned) (nullable) */
  char *key;                /* (nullable) */
  GuichePlayerState state;
  gint64 position_ms, duration_ms;
  double rate;
  guint timeout_id;
};

G_DEFINE_FINAL_TYPE (GuichePlayer, guiche_player, G_TYPE_OBJECT)

enum {
  PROP_STATE = 1,
  PROP_KEY,
  PROP_POSITION_MS,
  PROP_DURATION_MS,
  PROP_RATE,
  N_PROPS
};

enum {
  SIGNAL_FAILED,
  SIGNAL_ENDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_state (GuichePlayer *self, GuichePlayerState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_place (GuichePlayer *self, gint64 position_ms, gint64 duration_ms)
{
  if (duration_ms > 0 && self->duration_ms != duration_ms) {
    self->duration_ms = duration_ms;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION_MS]);
  }
  if (self->position_ms == position_ms)
    return;
  self->position_ms = position_ms;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION_MS]);
}

static void
set_key (GuichePlayer *self, const char *key)
{
  if (g_strcmp0 (self->key, key) == 0)
    return;
  g_free (self->key);
  self->key = g_strdup (key);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEY]);
}

static void
fail (GuichePlayer *self, const GError *error)
{
  g_autofree char *key = g_strdup (self->key);

  guiche_player_stop (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, key, error);
}

static void
on_no_answer (gpointer data)
{
  GuichePlayer *self = data;
  g_autoptr (GError) error = guiche_audio_error_no_answer ();

  self->timeout_id = 0;
  fail (self, error);
}

static void
expect_answer (GuichePlayer *self, guint within_ms)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  self->timeout_id = g_timeout_add_once (within_ms, on_no_answer, self);
}

static void
ended (GuichePlayer *self)
{
  g_autofree char *key = g_strdup (self->key);

  guiche_player_stop (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, key);
}

static void
on_playback_event (GObject *owner, GuichePlayback *playback, const GuichePlaybackEvent *event)
{
  GuichePlayer *self = GUICHE_PLAYER (owner);

  if (playback != self->playback)
    return;
  switch (event->kind) {
  case GUICHE_PLAYBACK_PREPARING:
    expect_answer (self, ANSWER_MS);
    break;
  case GUICHE_PLAYBACK_READY:
    g_clear_handle_id (&self->timeout_id, g_source_remove);
    set_place (self, self->position_ms, event->duration_ms);
    if (self->state == GUICHE_PLAYER_LOADING)
      set_state (self, GUICHE_PLAYER_PLAYING);
    break;
  case GUICHE_PLAYBACK_POSITION:
    if (self->state == GUICHE_PLAYER_PLAYING)
      set_place (self, event->position_ms, event->duration_ms);
    break;
  case GUICHE_PLAYBACK_ENDED:
    ended (self);
    break;
  case GUICHE_PLAYBACK_FAILED:
    fail (self, event->error);
    break;
  }
}

static void
guiche_player_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GuichePlayer *self = GUICHE_PLAYER (object);

  switch (prop_id) {
  case PROP_STATE:
    g_value_set_uint (value, self->state);
    break;
  case PROP_KEY:
    g_value_set_string (value, self->key);
    break;
  case PROP_POSITION_MS:
    g_value_set_int64 (value, self->position_ms);
    break;
  case PROP_DURATION_MS:
    g_value_set_int64 (value, self->duration_ms);
    break;
  case PROP_RATE:
    g_value_set_double (value, self->rate);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
guiche_player_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  guiche_player_set_rate (GUICHE_PLAYER (object), g_value_get_double (value));
}

static void
guiche_player_dispose (GObject *object)
{
  GuichePlayer *self = GUICHE_PLAYER (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_pointer (&self->playback, guiche_playback_release);
  g_clear_pointer (&self->key, g_free);
  G_OBJECT_CLASS (guiche_player_parent_class)->dispose (object);
}

static void
guiche_player_class_init (GuichePlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = guiche_player_dispose;
  object_class->get_property = guiche_player_get_property;
  object_class->set_property = guiche_player_set_property;
  properties[PROP_STATE] =
      g_param_spec_uint ("state", NULL, NULL, 0, GUICHE_PLAYER_PAUSED, 0, flags);
  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, flags);
  properties[PROP_POSITION_MS] =
      g_param_spec_int64 ("position-ms", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_DURATION_MS] =
      g_param_spec_int64 ("duration-ms", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, 1, 2, 1,
                                               flags | G_PARAM_WRITABLE | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_FAILED] =
      g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
guiche_player_init (GuichePlayer *self)
{
  self->rate = 1.0;
}

GuichePlayer *
guiche_player_new (void)
{
  return g_object_new (GUICHE_TYPE_PLAYER, NULL);
}

void
guiche_player_play (GuichePlayer *self, const char *key, const char *path, gint64 start_ms)
{
  guiche_player_stop (self);
  set_key (self, key);
  set_place (self, start_ms, 0);
  set_state (self, GUICHE_PLAYER_LOADING);
  expect_answer (self, FIRST_START_MS);
  self->playback =
      guiche_playback_start (G_OBJECT (self), on_playback_event, path, start_ms, self->rate);
}

void
guiche_player_pause (GuichePlayer *self)
{
  if (self->state != GUICHE_PLAYER_PLAYING && self->state != GUICHE_PLAYER_LOADING)
    return;
  guiche_playback_set_playing (self->playback, FALSE);
  set_state (self, GUICHE_PLAYER_PAUSED);
}

void
guiche_player_resume (GuichePlayer *self)
{
  if (self->state != GUICHE_PLAYER_PAUSED)
    return;
  guiche_playback_set_playing (self->playback, TRUE);
  set_state (self, GUICHE_PLAYER_PLAYING);
}

void
guiche_player_stop (GuichePlayer *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_pointer (&self->playback, guiche_playback_release);
  self->duration_ms = 0;
  set_place (self, 0, 0);
  set_state (self, GUICHE_PLAYER_STOPPED);
  set_key (self, NULL);
}

void
guiche_player_seek (GuichePlayer *self, gint64 position_ms)
{
  if (!self->playback)
    return;
  guiche_playback_seek (self->playback, MAX (position_ms, 0));
  set_place (self, MAX (position_ms, 0), 0);
}

void
guiche_player_set_rate (GuichePlayer *self, double rate)
{
  rate = CLAMP (rate, 1.0, 2.0);
  if (self->rate == rate)
    return;
  self->rate = rate;
  if (self->playback)
    guiche_playback_set_rate (self->playback, rate);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RATE]);
}

void
guiche_player_cycle_rate (GuichePlayer *self)
{
  guiche_player_set_rate (self, self->rate < 1.25 ? 1.5 : self->rate < 1.75 ? 2.0 : 1.0);
}

double
guiche_player_get_rate (GuichePlayer *self)
{
  return self->rate;
}

GuichePlayerState
guiche_player_get_state (GuichePlayer *self)
{
  return self->state;
}

const char *
guiche_player_get_key (GuichePlayer *self)
{
  return self->key;
}

gboolean
guiche_player_is_playing_key (GuichePlayer *self, const char *key)
{
  return self->key && g_strcmp0 (self->key, key) == 0;
}

gint64
guiche_player_get_position_ms (GuichePlayer *self)
{
  return self->position_ms;
}

gint64
guiche_player_get_duration_ms (GuichePlayer *self)
{
  return self->duration_ms;
}
