/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-audio"

#include "audio/playback.h"

#include "audio/audio-error.h"
#include "audio/audio-thread.h"
#include "audio/sound-file.h"

#include <gst/gst.h>

#define POSITION_MS 50
#define PREPARING_MS 10000

struct _GuichePlayback {
  gatomicrefcount ref_count;
  GuicheAudioThread *thread; /* (owned) */
  GWeakRef owner;
  GuichePlaybackFunc function;
  char *path;

  /* (thread playback) */
  GstElement *pipeline;    /* (owned) (nullable) */
  GSource *position_timer; /* (owned) (nullable) */
  gint64 duration_ms, start_ms;
  gint64 abandoned_at_us; /* 0, or when a stopped pipeline need not be ready any more */
  double rate, used_rate;
  gboolean is_playing, is_ready, is_over;
};

/* For each GuicheSoundType: the elements, and how they are joined. */
static const struct {
  const char *needed[6];
  const char *source;
} kinds[] = {
  [GUICHE_SOUND_OGG_OPUS] = { { "oggdemux", "opusdec", "scaletempo", NULL }, "oggdemux ! opusdec" },
  [GUICHE_SOUND_WAVE] = { { "wavparse", "scaletempo", NULL }, "wavparse" },
  [GUICHE_SOUND_MP4_AAC] = { { "qtdemux", "avdec_aac", "scaletempo", NULL },
                             "qtdemux ! avdec_aac" },
};

/* --- events ------------------------------------------------------------------------------------
 */

typedef struct {
  GuichePlayback *playback; /* (owned) */
  GuichePlaybackEvent event;
} Posted;

static void
playback_unref (GuichePlayback *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  guiche_audio_thread_release (self->thread);
  g_weak_ref_clear (&self->owner);
  g_free (self->path);
  g_free (self);
}

static void
posted_free (gpointer data)
{
  Posted *posted = data;

  playback_unref (posted->playback);
  g_clear_error (&posted->event.error);
  g_free (posted);
}

static gboolean
deliver_cb (gpointer data)
{
  Posted *posted = data;
  g_autoptr (GObject) owner = g_weak_ref_get (&posted->playback->owner);

  if (owner)
    posted->playback->function (owner, posted->playback, &posted->event);
  return G_SOURCE_REMOVE;
}

static void
post (GuichePlayback *self, GuichePlaybackEvent event)
{
  Posted *posted = g_new (Posted, 1);

  g_atomic_ref_count_inc (&self->ref_count);
  *posted = (Posted){ self, event };
  guiche_audio_reply (deliver_cb, posted, posted_free);
}

/* --- the pipeline (thread playback) --------------------------------------------------------------
 */

static void
tear_down (GuichePlayback *self)
{
  g_autoptr (GstBus) bus = NULL;

  self->is_over = TRUE;
  if (self->position_timer)
    g_source_destroy (self->position_timer);
  g_clear_pointer (&self->position_timer, g_source_unref);
  if (!self->pipeline)
    return;
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_remove_watch (bus);
  guiche_audio_stop_pipeline (self->pipeline);
  gst_clear_object (&self->pipeline);
}

/* The end of a playback that was released while its pipeline was still being prepared. */
static void
abandon (GuichePlayback *self)
{
  tear_down (self);
  playback_unref (self);
}

static void
fail (GuichePlayback *self, GError *error)
{
  if (self->is_over) {
    g_error_free (error);
    return;
  }
  tear_down (self);
  post (self, (GuichePlaybackEvent){ .kind = GUICHE_PLAYBACK_FAILED, .error = error });
}

static gint64
query_position_ms (GuichePlayback *self)
{
  gint64 position = 0;

  gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position);
  return position / GST_MSECOND;
}

static void
seek_to (GuichePlayback *self, gint64 position_ms)
{
  gst_element_seek (self->pipeline, self->rate, GST_FORMAT_TIME,
                    GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET,
                    position_ms * GST_MSECOND, GST_SEEK_TYPE_NONE, 0);
  self->used_rate = self->rate;
}

static gboolean
on_position_due (gpointer data)
{
  GuichePlayback *self = data;

  if (self->abandoned_at_us > 0) {
    if (g_get_monotonic_time () >= self->abandoned_at_us)
      abandon (self);
    return G_SOURCE_CONTINUE;
  }
  if (self->is_playing && self->is_ready)
    post (self, (GuichePlaybackEvent){ .kind = GUICHE_PLAYBACK_POSITION,
                                       .position_ms = query_position_ms (self),
                                       .duration_ms = self->duration_ms });
  return G_SOURCE_CONTINUE;
}

/* The pipeline is paused with its first buffer: rate and place can be set, then it plays. */
static void
prepared (GuichePlayback *self)
{
  gint64 duration = 0;

  self->is_ready = TRUE;
  if (gst_element_query_duration (self->pipeline, GST_FORMAT_TIME, &duration) && duration > 0)
    self->duration_ms = duration / GST_MSECOND;
  if (self->start_ms > 0 || self->rate != 1.0)
    seek_to (self, self->start_ms);
  post (self,
        (GuichePlaybackEvent){ .kind = GUICHE_PLAYBACK_READY, .duration_ms = self->duration_ms });
  if (self->is_playing)
    gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static gboolean
on_message_when_stopped (GuichePlayback *self, GstMessage *message)
{
  if (!(GST_MESSAGE_TYPE (message) &
        (GST_MESSAGE_ERROR | GST_MESSAGE_EOS | GST_MESSAGE_ASYNC_DONE)))
    return G_SOURCE_CONTINUE;
  abandon (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer data)
{
  GuichePlayback *self = data;

  if (self->is_over)
    return G_SOURCE_REMOVE;
  if (self->abandoned_at_us > 0)
    return on_message_when_stopped (self, message);
  switch (GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ERROR:
    fail (self, guiche_audio_error_from_message (message));
    return G_SOURCE_REMOVE;
  case GST_MESSAGE_EOS:
    tear_down (self);
    post (self,
          (GuichePlaybackEvent){ .kind = GUICHE_PLAYBACK_ENDED, .duration_ms = self->duration_ms });
    return G_SOURCE_REMOVE;
  case GST_MESSAGE_ASYNC_DONE:
    if (!self->is_ready)
      prepared (self);
    break;
  default:
    break;
  }
  return G_SOURCE_CONTINUE;
}

static GstElement *
make_sink (void)
{
  GstElement *sink = gst_element_factory_make ("pulsesink", "speakers");

  if (!sink)
    return gst_element_factory_make ("autoaudiosink", "speakers");
  gst_util_set_object_arg (G_OBJECT (sink), "client-name", "Guichê");
  return sink;
}

static gboolean
build (GuichePlayback *self, GuicheSoundType type, GError **error)
{
  g_autofree char *description =
      g_strdup_printf ("filesrc name=file ! %s ! audioconvert ! scaletempo ! audioconvert ! "
                       "audioresample name=last",
                       kinds[type].source);
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstElement) last = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstElement *sink;

  if (!guiche_audio_require (kinds[type].needed, error))
    return FALSE;
  self->pipeline = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (!self->pipeline)
    return FALSE;
  sink = make_sink ();
  if (!sink) {
    static const char *const sinks[] = { "pulsesink", NULL };

    return guiche_audio_require (sinks, error);
  }
  file = gst_bin_get_by_name (GST_BIN (self->pipeline), "file");
  last = gst_bin_get_by_name (GST_BIN (self->pipeline), "last");
  g_object_set (file, "location", self->path, NULL);
  gst_bin_add (GST_BIN (self->pipeline), sink);
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_add_watch (bus, on_bus_message, self);
  return gst_element_link (last, sink);
}

static gboolean
start_cb (gpointer data)
{
  GuichePlayback *self = data;
  GuicheSoundInfo info;
  GError *error = NULL;

  post (self, (GuichePlaybackEvent){ .kind = GUICHE_PLAYBACK_PREPARING });
  if (!guiche_sound_inspect_file (self->path, &info, &error) || !build (self, info.type, &error)) {
    fail (self, error);
    return G_SOURCE_REMOVE;
  }
  self->duration_ms = info.duration_ms;
  self->position_timer = g_timeout_source_new (POSITION_MS);
  g_source_set_callback (self->position_timer, on_position_due, self, NULL);
  g_source_attach (self->position_timer, g_main_context_get_thread_default ());
  gst_element_set_state (self->pipeline, GST_STATE_PAUSED); /* a failure arrives on the bus */
  return G_SOURCE_REMOVE;
}

/* A pipeline is not stopped while its demuxer still links the rest of it: that is only sound when
 * it is ready. */
static gboolean
stop_cb (gpointer data)
{
  GuichePlayback *self = data;

  if (self->pipeline && !self->is_ready) {
    g_atomic_ref_count_inc (&self->ref_count);
    self->abandoned_at_us = g_get_monotonic_time () + PREPARING_MS * G_TIME_SPAN_MILLISECOND;
    return G_SOURCE_REMOVE;
  }
  tear_down (self);
  return G_SOURCE_REMOVE;
}

/* --- asked from the main thread
 * ------------------------------------------------------------------- */

typedef struct {
  GuichePlayback *playback;
  gint64 position_ms;
  double rate;
  gboolean is_playing;
} Request;

static gboolean
set_playing_cb (gpointer data)
{
  Request *request = data;
  GuichePlayback *self = request->playback;

  self->is_playing = request->is_playing;
  if (!self->is_over && self->is_ready)
    gst_element_set_state (self->pipeline, self->is_playing ? GST_STATE_PLAYING : GST_STATE_PAUSED);
  return G_SOURCE_REMOVE;
}

static gboolean
seek_cb (gpointer data)
{
  Request *request = data;
  GuichePlayback *self = request->playback;

  self->start_ms = request->position_ms;
  if (!self->is_over && self->is_ready)
    seek_to (self, request->position_ms);
  return G_SOURCE_REMOVE;
}

static gboolean
set_rate_cb (gpointer data)
{
  Request *request = data;
  GuichePlayback *self = request->playback;

  self->rate = request->rate;
  if (!self->is_over && self->is_ready && self->rate != self->used_rate)
    seek_to (self, query_position_ms (self));
  return G_SOURCE_REMOVE;
}

static void
ask (GuichePlayback *self, GSourceFunc function, Request request)
{
  request.playback = self;
  guiche_audio_thread_invoke (self->thread, function, g_memdup2 (&request, sizeof request), g_free);
}

GuichePlayback *
guiche_playback_start (GObject *owner,
                       GuichePlaybackFunc function,
                       const char *path,
                       gint64 start_ms,
                       double rate)
{
  GuichePlayback *self = g_new0 (GuichePlayback, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->owner, owner);
  self->function = function;
  self->path = g_strdup (path);
  self->start_ms = start_ms;
  self->rate = rate;
  self->used_rate = 1.0;
  self->is_playing = TRUE;
  self->thread = guiche_audio_thread_new ("guiche-playback");
  guiche_audio_thread_invoke (self->thread, start_cb, self, NULL);
  return self;
}

void
guiche_playback_set_playing (GuichePlayback *self, gboolean is_playing)
{
  ask (self, set_playing_cb, (Request){ .is_playing = is_playing });
}

void
guiche_playback_seek (GuichePlayback *self, gint64 position_ms)
{
  ask (self, seek_cb, (Request){ .position_ms = position_ms });
}

void
guiche_playback_set_rate (GuichePlayback *self, double rate)
{
  ask (self, set_rate_cb, (Request){ .rate = rate });
}

void
guiche_playback_release (GuichePlayback *self)
{
  g_weak_ref_set (&self->owner, NULL);
  guiche_audio_thread_invoke (self->thread, stop_cb, self, (GDestroyNotify) playback_unref);
}
