/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-audio"

#include "audio/recorder.h"

#include "audio/audio-error.h"
#include "audio/capture.h"
#include "audio/waveform.h"
#include "base/error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define ANSWER_MS 5000
#define FIRST_START_MS 60000

struct _GuicheRecorder {
  GObject parent_instance;
  char *folder;
  char *path;             /* (nullable): of the take */
  char *microphone;       /* (nullable): label */
  GuicheCapture *capture; /* (owned) (nullable) */
  GByteArray *peaks;      /* (owned) */
  gint64 maximum_ms;
  gint64 duration_ms;
  double level;
  GuicheRecorderState state;
  guint timeout_id;
};

G_DEFINE_FINAL_TYPE (GuicheRecorder, guiche_recorder, G_TYPE_OBJECT)
G_DEFINE_BOXED_TYPE (GuicheRecording,
                     guiche_recording,
                     guiche_recording_copy,
                     guiche_recording_free)

enum {
  PROP_STATE = 1,
  PROP_DURATION_MS,
  PROP_LEVEL,
  PROP_MICROPHONE,
  N_PROPS
};

enum {
  SIGNAL_PEAK,
  SIGNAL_RECORDED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

GuicheRecording *
guiche_recording_copy (const GuicheRecording *self)
{
  GuicheRecording *copy = g_new (GuicheRecording, 1);

  *copy = (GuicheRecording){ g_strdup (self->path), g_strdup (self->waveform), self->duration_ms };
  return copy;
}

void
guiche_recording_free (GuicheRecording *self)
{
  g_free (self->path);
  g_free (self->waveform);
  g_free (self);
}

static void
set_state (GuicheRecorder *self, GuicheRecorderState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_level (GuicheRecorder *self, double level)
{
  self->level = level;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEVEL]);
}

static void
drop_capture (GuicheRecorder *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_pointer (&self->capture, guiche_capture_release);
  set_level (self, 0);
}

static void
drop_take (GuicheRecorder *self)
{
  drop_capture (self);
  if (self->path)
    g_unlink (self->path);
  g_clear_pointer (&self->path, g_free);
  set_state (self, GUICHE_RECORDER_IDLE);
}

static void
fail (GuicheRecorder *self, const GError *error)
{
  drop_take (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
on_no_answer (gpointer data)
{
  GuicheRecorder *self = data;
  g_autoptr (GError) error = guiche_audio_error_no_answer ();

  self->timeout_id = 0;
  fail (self, error);
}

static void
expect_answer (GuicheRecorder *self, guint within_ms)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  self->timeout_id = g_timeout_add_once (within_ms, on_no_answer, self);
}

static void
take_finished (GuicheRecorder *self, gint64 duration_ms)
{
  g_autoptr (GBytes) waveform = guiche_waveform_reduce (self->peaks->data, self->peaks->len);
  g_autofree char *hex = guiche_waveform_to_hex (waveform);
  g_autofree char *path = g_steal_pointer (&self->path);
  GuicheRecording recording = { path, hex, duration_ms };

  drop_capture (self);
  self->duration_ms = duration_ms;
  set_state (self, GUICHE_RECORDER_IDLE);
  g_signal_emit (self, signals[SIGNAL_RECORDED], 0, &recording);
}

static void
peak_heard (GuicheRecorder *self, const GuicheCaptureEvent *event)
{
  if (self->state == GUICHE_RECORDER_STARTING) {
    g_clear_handle_id (&self->timeout_id, g_source_remove);
    set_state (self, GUICHE_RECORDER_RECORDING);
  }
  g_byte_array_append (self->peaks, &event->peak, 1);
  self->duration_ms = event->duration_ms;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION_MS]);
  set_level (self, event->peak / 255.0);
  g_signal_emit (self, signals[SIGNAL_PEAK], 0, (guint) event->peak);
}

static void
on_capture_event (GObject *owner, GuicheCapture *capture, const GuicheCaptureEvent *event)
{
  GuicheRecorder *self = GUICHE_RECORDER (owner);

  if (capture != self->capture)
    return;
  switch (event->kind) {
  case GUICHE_CAPTURE_PREPARING:
    expect_answer (self, ANSWER_MS);
    break;
  case GUICHE_CAPTURE_STARTED:
    g_free (self->microphone);
    self->microphone = g_strdup (event->microphone);
    g_object_notify_by_pspec (owner, properties[PROP_MICROPHONE]);
    break;
  case GUICHE_CAPTURE_PEAK:
    peak_heard (self, event);
    break;
  case GUICHE_CAPTURE_FULL:
    expect_answer (self, ANSWER_MS);
    set_state (self, GUICHE_RECORDER_FINISHING);
    break;
  case GUICHE_CAPTURE_FINISHED:
    take_finished (self, event->duration_ms);
    break;
  case GUICHE_CAPTURE_FAILED:
    fail (self, event->error);
    break;
  }
}

static void
guiche_recorder_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  GuicheRecorder *self = GUICHE_RECORDER (object);

  switch (prop_id) {
  case PROP_STATE:
    g_value_set_uint (value, self->state);
    break;
  case PROP_DURATION_MS:
    g_value_set_int64 (value, self->duration_ms);
    break;
  case PROP_LEVEL:
    g_value_set_double (value, self->level);
    break;
  case PROP_MICROPHONE:
    g_value_set_string (value, self->microphone);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
guiche_recorder_dispose (GObject *object)
{
  GuicheRecorder *self = GUICHE_RECORDER (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_pointer (&self->capture, guiche_capture_release);
  if (self->path)
    g_unlink (self->path);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (guiche_recorder_parent_class)->dispose (object);
}

static void
guiche_recorder_finalize (GObject *object)
{
  GuicheRecorder *self = GUICHE_RECORDER (object);

  g_free (self->folder);
  g_free (self->microphone);
  g_byte_array_unref (self->peaks);
  G_OBJECT_CLASS (guiche_recorder_parent_class)->finalize (object);
}

static void
guiche_recorder_class_init (GuicheRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = guiche_recorder_dispose;
  object_class->finalize = guiche_recorder_finalize;
  object_class->get_property = guiche_recorder_get_property;
  properties[PROP_STATE] =
      g_param_spec_uint ("state", NULL, NULL, 0, GUICHE_RECORDER_FINISHING, 0, flags);
  properties[PROP_DURATION_MS] =
      g_param_spec_int64 ("duration-ms", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LEVEL] = g_param_spec_double ("level", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_MICROPHONE] = g_param_spec_string ("microphone", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_PEAK] = g_signal_new ("peak", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_RECORDED] =
      g_signal_new ("recorded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, GUICHE_TYPE_RECORDING);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
guiche_recorder_init (GuicheRecorder *self)
{
  self->peaks = g_byte_array_new ();
  self->maximum_ms = GUICHE_RECORDER_MAXIMUM_MS;
}

GuicheRecorder *
guiche_recorder_new (const char *folder)
{
  GuicheRecorder *self = g_object_new (GUICHE_TYPE_RECORDER, NULL);

  self->folder = g_strdup (folder);
  return self;
}

void
guiche_recorder_set_maximum_ms (GuicheRecorder *self, gint64 maximum_ms)
{
  self->maximum_ms = maximum_ms;
}

void
guiche_recorder_start (GuicheRecorder *self, const char *microphone)
{
  g_autofree char *name = g_strdup_printf ("voice-%" G_GINT64_FORMAT ".oga", g_get_real_time ());

  if (self->state != GUICHE_RECORDER_IDLE)
    return;
  if (g_mkdir_with_parents (self->folder, 0700) != 0) {
    g_autoptr (GError) error =
                   g_error_new (GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                                _ ("The sound cannot be written: %s"), g_strerror (errno));
    fail (self, error);
    return;
  }
  g_free (self->path);
  self->path = g_build_filename (self->folder, name, NULL);
  g_byte_array_set_size (self->peaks, 0);
  self->duration_ms = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION_MS]);
  set_state (self, GUICHE_RECORDER_STARTING);
  expect_answer (self, FIRST_START_MS);
  self->capture = guiche_capture_start (G_OBJECT (self), on_capture_event, self->path, microphone,
                                        self->maximum_ms);
}

void
guiche_recorder_pause (GuicheRecorder *self)
{
  if (self->state != GUICHE_RECORDER_RECORDING)
    return;
  guiche_capture_set_paused (self->capture, TRUE);
  set_level (self, 0);
  set_state (self, GUICHE_RECORDER_PAUSED);
}

void
guiche_recorder_resume (GuicheRecorder *self)
{
  if (self->state != GUICHE_RECORDER_PAUSED)
    return;
  guiche_capture_set_paused (self->capture, FALSE);
  set_state (self, GUICHE_RECORDER_RECORDING);
}

void
guiche_recorder_finish (GuicheRecorder *self)
{
  if (self->state == GUICHE_RECORDER_STARTING) {
    guiche_recorder_discard (self);
    return;
  }
  if (self->state != GUICHE_RECORDER_RECORDING && self->state != GUICHE_RECORDER_PAUSED)
    return;
  set_state (self, GUICHE_RECORDER_FINISHING);
  expect_answer (self, ANSWER_MS);
  guiche_capture_finish (self->capture);
}

void
guiche_recorder_discard (GuicheRecorder *self)
{
  if (self->state != GUICHE_RECORDER_IDLE)
    drop_take (self);
}

GuicheRecorderState
guiche_recorder_get_state (GuicheRecorder *self)
{
  return self->state;
}

gint64
guiche_recorder_get_duration_ms (GuicheRecorder *self)
{
  return self->duration_ms;
}
