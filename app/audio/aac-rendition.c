/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-audio"

#include "audio/aac-rendition.h"

#include "audio/audio-error.h"
#include "audio/audio-thread.h"
#include "audio/sound-file.h"
#include "base/error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define LIMIT_S 30

static const char *const encoders[] = { "fdkaacenc", "voaacenc", "avenc_aac" };
static const char *const needed[] = { "oggdemux", "opusdec", "aacparse", "mp4mux", NULL };

/* (nullable) */
static const char *
find_encoder (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (encoders[i]);

    if (factory)
      return encoders[i];
  }
  return NULL;
}

static GstElement *
build (const char *from, const char *to, GError **error)
{
  const char *encoder = find_encoder ();
  g_autofree char *description = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstElement) sink = NULL;
  GstElement *pipeline;

  if (!guiche_audio_require (needed, error))
    return NULL;
  if (!encoder) {
    static const char *const wanted[] = { "voaacenc", NULL };

    guiche_audio_require (wanted, error);
    return NULL;
  }
  description =
      g_strdup_printf ("filesrc name=source ! oggdemux ! opusdec ! audioconvert ! "
                       "audio/x-raw,channels=1,rate=48000 ! %s bitrate=48000 ! aacparse ! "
                       "mp4mux faststart=true ! filesink name=file",
                       encoder);
  pipeline = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (!pipeline)
    return NULL;
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_object_set (source, "location", from, NULL);
  g_object_set (sink, "location", to, NULL);
  return pipeline;
}

static gboolean
run (GstElement *pipeline, GError **error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message =
      gst_bus_timed_pop_filtered (bus, LIMIT_S * GST_SECOND, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  guiche_audio_stop_pipeline (pipeline);
  if (message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return TRUE;
  g_propagate_error (error, message ? guiche_audio_error_from_message (message)
                                    : guiche_audio_error_no_answer ());
  return FALSE;
}

static void
rendition_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *from = data;
  g_autofree char *to = g_strconcat (from, ".m4a", NULL);
  g_autoptr (GstElement) pipeline = NULL;
  GuicheSoundInfo info;
  GError *error = NULL;

  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  if (guiche_sound_inspect_file (from, &info, &error))
    pipeline = build (from, to, &error);
  if (pipeline && run (pipeline, &error)) {
    g_task_return_pointer (task, g_steal_pointer (&to), g_free);
    return;
  }
  g_unlink (to);
  g_task_return_error (task, error);
}

void
guiche_aac_rendition_async (const char *path,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, rendition_thread);
}

char *
guiche_aac_rendition_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
