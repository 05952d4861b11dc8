/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-audio"

#include "audio/capture.h"

#include "audio/audio-error.h"
#include "audio/audio-thread.h"
#include "audio/microphones.h"

#include <gst/gst.h>

#define RATE 48000
#define PEAK_SAMPLES (RATE / 20)
#define SILENCE_MS 3000 /* a live microphone that gives nothing for so long was unplugged */

struct _GuicheCapture {
  gatomicrefcount ref_count;
  GuicheAudioThread *thread; /* (owned) */
  GWeakRef owner;
  GuicheCaptureFunc function;
  char *path;
  char *microphone;
  guint64 maximum_samples;

  /* (thread capture) */
  GstElement *pipeline; /* (owned) (nullable) */
  GSource *watchdog;    /* (owned) (nullable) */
  guint64 samples_seen;
  gboolean is_over;

  /* (thread streaming), read by the watchdog */
  gint is_paused; /* (atomic) */
  gint n_heard;   /* (atomic): buffers that came */
  guint64 n_samples;
  guint64 n_in_peak;
  gint peak;
};

static const char *const needed[] = { "audioconvert", "audioresample", "capsfilter", "queue",
                                      "opusenc",      "oggmux",        "filesink",   NULL };

/* --- events ----------------------------------------------------------------------------------- */

typedef struct {
  GuicheCapture *capture; /* (owned) */
  GuicheCaptureEvent event;
} Posted;

static void
capture_unref (GuicheCapture *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  guiche_audio_thread_release (self->thread);
  g_weak_ref_clear (&self->owner);
  g_free (self->path);
  g_free (self->microphone);
  g_free (self);
}

static void
posted_free (gpointer data)
{
  Posted *posted = data;

  capture_unref (posted->capture);
  g_free (posted->event.microphone);
  g_clear_error (&posted->event.error);
  g_free (posted);
}

static gboolean
deliver_cb (gpointer data)
{
  Posted *posted = data;
  g_autoptr (GObject) owner = g_weak_ref_get (&posted->capture->owner);

  if (owner)
    posted->capture->function (owner, posted->capture, &posted->event);
  return G_SOURCE_REMOVE;
}

static void
post (GuicheCapture *self, GuicheCaptureEvent event)
{
  Posted *posted = g_new (Posted, 1);

  g_atomic_ref_count_inc (&self->ref_count);
  *posted = (Posted){ self, event };
  guiche_audio_reply (deliver_cb, posted, posted_free);
}

static void
tear_down (GuicheCapture *self)
{
  g_autoptr (GstBus) bus = NULL;

  self->is_over = TRUE;
  if (self->watchdog)
    g_source_destroy (self->watchdog);
  g_clear_pointer (&self->watchdog, g_source_unref);
  if (!self->pipeline)
    return;
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_remove_watch (bus);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
}

static void
fail (GuicheCapture *self, GError *error)
{
  if (self->is_over) {
    g_error_free (error);
    return;
  }
  tear_down (self);
  post (self, (GuicheCaptureEvent){ .kind = GUICHE_CAPTURE_FAILED, .error = error });
}

/* --- samples (thread streaming) ----------------------------------------------------------------
 */

static void
count_samples (GuicheCapture *self, const gint16 *samples, gsize n_samples)
{
  for (gsize i = 0; i < n_samples; i++) {
    self->peak = MAX (self->peak, ABS ((gint) samples[i]));
    if (++self->n_in_peak < PEAK_SAMPLES)
      continue;
    post (self,
          (GuicheCaptureEvent){ .kind = GUICHE_CAPTURE_PEAK,
                                .peak = (guint8) MIN (self->peak >> 7, 255),
                                .duration_ms = (gint64) (self->n_samples + i) * 1000 / RATE });
    self->n_in_peak = 0;
    self->peak = 0;
  }
  self->n_samples += n_samples;
}

/* Drops what comes during a pause and gives what is kept times without holes. */
static GstPadProbeReturn
on_samples (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GuicheCapture *self = data;
  GstBuffer *buffer;
  GstMapInfo map;
  gsize n_samples;

  g_atomic_int_inc (&self->n_heard);
  if (g_atomic_int_get (&self->is_paused) || self->n_samples >= self->maximum_samples)
    return GST_PAD_PROBE_DROP;
  buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  n_samples = gst_buffer_get_size (buffer) / sizeof (gint16);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (self->n_samples, GST_SECOND, RATE);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n_samples, GST_SECOND, RATE);
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    count_samples (self, (const gint16 *) map.data, n_samples);
    gst_buffer_unmap (buffer, &map);
  }
  if (self->n_samples >= self->maximum_samples)
    gst_element_post_message (self->pipeline,
                              gst_message_new_application (GST_OBJECT (self->pipeline),
                                                           gst_structure_new_empty ("full")));
  return GST_PAD_PROBE_OK;
}

/* --- the take (thread capture) -----------------------------------------------------------------
 */

static gboolean
finish_cb (gpointer data)
{
  GuicheCapture *self = data;

  if (!self->is_over)
    gst_element_send_event (self->pipeline, gst_event_new_eos ());
  return G_SOURCE_REMOVE;
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer data)
{
  GuicheCapture *self = data;

  if (self->is_over)
    return G_SOURCE_REMOVE;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    fail (self, guiche_audio_error_from_message (message));
    return G_SOURCE_REMOVE;
  }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS) {
    gint64 duration_ms = (gint64) self->n_samples * 1000 / RATE;

    tear_down (self);
    post (self,
          (GuicheCaptureEvent){ .kind = GUICHE_CAPTURE_FINISHED, .duration_ms = duration_ms });
    return G_SOURCE_REMOVE;
  }
  if (gst_message_has_name (message, "full")) {
    post (self, (GuicheCaptureEvent){ .kind = GUICHE_CAPTURE_FULL });
    finish_cb (self);
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_watchdog (gpointer data)
{
  GuicheCapture *self = data;
  guint64 n_heard = (guint64) g_atomic_int_get (&self->n_heard);

  if (n_heard != self->samples_seen) {
    self->samples_seen = n_heard;
    return G_SOURCE_CONTINUE;
  }
  fail (self,
        n_heard > 0 ? guiche_audio_error_disconnected () : guiche_audio_error_no_microphone ());
  return G_SOURCE_REMOVE;
}

static GuicheMicrophone *
choose (GuicheCapture *self, GPtrArray *microphones)
{
  for (guint i = 0; i < microphones->len; i++) {
    GuicheMicrophone *microphone = microphones->pdata[i];

    if (g_strcmp0 (microphone->name, self->microphone) == 0)
      return microphone;
  }
  return microphones->len > 0 ? microphones->pdata[0] : NULL;
}

static GstElement *
make_filter (void)
{
  GstElement *filter = gst_element_factory_make ("capsfilter", "format");
  g_autoptr (GstCaps) caps =
                 gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate",
                                      G_TYPE_INT, RATE, "channels", G_TYPE_INT, 1, NULL);

  g_object_set (filter, "caps", caps, NULL);
  return filter;
}

static GstElement *
make_encoder (void)
{
  GstElement *encoder = gst_element_factory_make ("opusenc", "encoder");

  g_object_set (encoder, "bitrate", 32000, NULL);
  gst_util_set_object_arg (G_OBJECT (encoder), "audio-type", "voice");
  return encoder;
}

static gboolean
build (GuicheCapture *self, GuicheMicrophone *microphone)
{
  GstElement *source = gst_device_create_element (microphone->device, "microphone");
  GstElement *convert = gst_element_factory_make ("audioconvert", NULL);
  GstElement *resample = gst_element_factory_make ("audioresample", NULL);
  GstElement *filter = make_filter ();
  GstElement *queue = gst_element_factory_make ("queue", NULL);
  GstElement *encoder = make_encoder ();
  GstElement *mux = gst_element_factory_make ("oggmux", NULL);
  GstElement *sink = gst_element_factory_make ("filesink", "file");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (filter, "src");
  g_autoptr (GstBus) bus = NULL;

  if (!source)
    return FALSE;
  self->pipeline = gst_pipeline_new ("capture");
  g_object_set (sink, "location", self->path, "async", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (sink), "buffer-mode",
                           "unbuffered"); /* a full disk shows at once */
  gst_bin_add_many (GST_BIN (self->pipeline), source, convert, resample, filter, queue, encoder,
                    mux, sink, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_samples, self, NULL);
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_add_watch (bus, on_bus_message, self);
  return gst_element_link_many (source, convert, resample, filter, queue, encoder, mux, sink, NULL);
}

static gboolean
start_cb (gpointer data)
{
  GuicheCapture *self = data;
  g_autoptr (GPtrArray) microphones = NULL;
  GuicheMicrophone *microphone;
  GError *error = NULL;

  post (self, (GuicheCaptureEvent){ .kind = GUICHE_CAPTURE_PREPARING });
  if (!guiche_audio_require (needed, &error)) {
    fail (self, error);
    return G_SOURCE_REMOVE;
  }
  microphones = guiche_microphones_list ();
  microphone = choose (self, microphones);
  if (!microphone || !build (self, microphone)) {
    fail (self, guiche_audio_error_no_microphone ());
    return G_SOURCE_REMOVE;
  }
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    return G_SOURCE_REMOVE; /* the reason is on the bus */
  self->watchdog = g_timeout_source_new (SILENCE_MS);
  g_source_set_callback (self->watchdog, on_watchdog, self, NULL);
  g_source_attach (self->watchdog, g_main_context_get_thread_default ());
  post (self, (GuicheCaptureEvent){ .kind = GUICHE_CAPTURE_STARTED,
                                    .microphone = g_strdup (microphone->label) });
  return G_SOURCE_REMOVE;
}

static gboolean
stop_cb (gpointer data)
{
  tear_down (data);
  return G_SOURCE_REMOVE;
}

GuicheCapture *
guiche_capture_start (GObject *owner,
                      GuicheCaptureFunc function,
                      const char *path,
                      const char *microphone,
                      gint64 maximum_ms)
{
  GuicheCapture *self = g_new0 (GuicheCapture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->owner, owner);
  self->function = function;
  self->path = g_strdup (path);
  self->microphone = g_strdup (microphone);
  self->maximum_samples = (guint64) maximum_ms * RATE / 1000;
  self->thread = guiche_audio_thread_new ("guiche-capture");
  guiche_audio_thread_invoke (self->thread, start_cb, self, NULL);
  return self;
}

void
guiche_capture_set_paused (GuicheCapture *self, gboolean is_paused)
{
  g_atomic_int_set (&self->is_paused, is_paused);
}

void
guiche_capture_finish (GuicheCapture *self)
{
  guiche_audio_thread_invoke (self->thread, finish_cb, self, NULL);
}

void
guiche_capture_release (GuicheCapture *self)
{
  g_weak_ref_set (&self->owner, NULL);
  guiche_audio_thread_invoke (self->thread, stop_cb, self, (GDestroyNotify) capture_unref);
}
