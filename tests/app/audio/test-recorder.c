/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With a real PulseAudio (tests/support/desktop-session): sink `microphone` is what the default
 * microphone hears. */
#include "audio/capture.h"
#include "audio/microphones.h"
#include "audio/recorder.h"
#include "audio/sound-file.h"
#include "audio/waveform.h"
#include "base/error.h"
#include "sound-support.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  GuicheRecorder *recorder;
  GuicheRecording *recording; /* (nullable) */
  GError *error;              /* (nullable) */
  guint n_peaks, n_loud;
  guint n_at_silence;
  gint64 silent_since_us;
  char *folder;
} Fixture;

static void
on_recorded (Fixture *fixture, GuicheRecording *recording)
{
  g_assert_null (fixture->recording);
  fixture->recording = guiche_recording_copy (recording);
}

static void
on_failed (Fixture *fixture, GError *error)
{
  g_assert_null (fixture->error);
  fixture->error = g_error_copy (error);
}

static void
on_peak (Fixture *fixture, guint peak)
{
  fixture->n_peaks++;
  fixture->n_loud += peak > 60 ? 1 : 0;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("guiche-recorder-XXXXXX", NULL);
  fixture->recorder = guiche_recorder_new (fixture->folder);
  g_signal_connect_swapped (fixture->recorder, "recorded", G_CALLBACK (on_recorded), fixture);
  g_signal_connect_swapped (fixture->recorder, "failed", G_CALLBACK (on_failed), fixture);
  g_signal_connect_swapped (fixture->recorder, "peak", G_CALLBACK (on_peak), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->folder);

  g_assert_finalize_object (fixture->recorder);
  g_clear_pointer (&fixture->recording, guiche_recording_free);
  g_clear_error (&fixture->error);
  g_free (test_run (command));
  g_free (fixture->folder);
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir))
    n_files++;
  return n_files;
}

static void
test_tone_recorded (Fixture *fixture, gconstpointer data)
{
  GSubprocess *tone = test_launch_in_background (
      "audiotestsrc is-live=true freq=1000 volume=0.5 ! pulsesink device=microphone");
  GuicheSoundInfo info;
  g_autoptr (GBytes) waveform = NULL;
  const guint8 *amplitudes;
  gsize n_amplitudes;
  guint loudest = 0;

  guiche_recorder_start (fixture->recorder, NULL);
  g_assert_cmpint (guiche_recorder_get_state (fixture->recorder), ==, GUICHE_RECORDER_STARTING);
  test_wait_for (fixture->n_loud >= 40 || fixture->error, 10000);
  g_assert_no_error (fixture->error);
  guiche_recorder_finish (fixture->recorder);
  test_wait_for (fixture->recording || fixture->error, 6000);
  g_assert_no_error (fixture->error);
  test_stop (tone);

  g_assert_true (guiche_sound_inspect_file (fixture->recording->path, &info, NULL));
  g_assert_cmpuint (info.n_channels, ==, 1);
  g_assert_cmpint (ABS (info.duration_ms - fixture->recording->duration_ms), <, 60);
  g_assert_cmpint (fixture->recording->duration_ms, >=, 2000);
  waveform = guiche_waveform_from_hex (fixture->recording->waveform);
  g_assert_nonnull (waveform);
  amplitudes = g_bytes_get_data (waveform, &n_amplitudes);
  for (gsize i = 0; i < n_amplitudes; i++)
    loudest = MAX (loudest, amplitudes[i]);
  g_assert_cmpuint (loudest, >, 60);
  g_assert_cmpfloat (test_tone (fixture->recording->path, 1000), >, 0.1);
  g_assert_cmpfloat (test_tone (fixture->recording->path, 1000), >,
                     20 * test_tone (fixture->recording->path, 1300));
}

/* What was heard before the pause may still arrive. */
static gboolean
is_silent_for_700_ms (Fixture *fixture)
{
  if (fixture->n_at_silence != fixture->n_peaks || fixture->silent_since_us == 0) {
    fixture->n_at_silence = fixture->n_peaks;
    fixture->silent_since_us = g_get_monotonic_time ();
  }
  return g_get_monotonic_time () - fixture->silent_since_us > 700000;
}

static void
test_pause (Fixture *fixture, gconstpointer data)
{
  guint n_before;

  guiche_recorder_start (fixture->recorder, NULL);
  test_wait_for (fixture->n_peaks >= 10, 10000);
  guiche_recorder_pause (fixture->recorder);
  test_wait_for (is_silent_for_700_ms (fixture), 10000);
  n_before = fixture->n_peaks;
  guiche_recorder_resume (fixture->recorder);
  test_wait_for (fixture->n_peaks >= n_before + 10, 5000);
  guiche_recorder_finish (fixture->recorder);
  test_wait_for (fixture->recording || fixture->error, 6000);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (fixture->recording->duration_ms, <, (gint64) (fixture->n_peaks + 4) * 50);
  g_assert_cmpint (
      ABS (test_duration_ms (fixture->recording->path) - fixture->recording->duration_ms), <, 60);
}

static void
test_maximum (Fixture *fixture, gconstpointer data)
{
  guiche_recorder_set_maximum_ms (fixture->recorder, 500);
  guiche_recorder_start (fixture->recorder, NULL);
  test_wait_for (fixture->recording || fixture->error, 8000);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (ABS (fixture->recording->duration_ms - 500), <, 100);
}

static void
test_discard (Fixture *fixture, gconstpointer data)
{
  guiche_recorder_start (fixture->recorder, NULL);
  test_wait_for (fixture->n_peaks >= 4, 10000);
  g_assert_cmpuint (count_files (fixture), ==, 1);
  guiche_recorder_discard (fixture->recorder);
  g_assert_cmpint (guiche_recorder_get_state (fixture->recorder), ==, GUICHE_RECORDER_IDLE);
  test_wait_for (count_files (fixture) == 0, 2000);
  g_assert_null (fixture->recording);
}

static void
expect_failure (Fixture *fixture, const char *words, guint deadline_ms)
{
  test_wait_for (fixture->recording || fixture->error, deadline_ms);
  g_assert_error (fixture->error, GUICHE_ERROR, GUICHE_ERROR_AUDIO);
  g_assert_nonnull (strstr (fixture->error->message, words));
  g_assert_cmpint (guiche_recorder_get_state (fixture->recorder), ==, GUICHE_RECORDER_IDLE);
  test_wait_for (count_files (fixture) == 0, 2000);
}

/* Only what the loudspeakers play is left as a source: that is no microphone. */
static void
test_no_microphone (Fixture *fixture, gconstpointer data)
{
  g_free (test_run ("pactl set-default-source speakers.monitor"));
  guiche_recorder_start (fixture->recorder, NULL);
  expect_failure (fixture, "No microphone", 6000);
  g_free (test_run ("pactl set-default-source microphone.monitor"));
}

/* PulseAudio moves a stream to another source while there is one: take all of them. */
static void
test_unplugged (Fixture *fixture, gconstpointer data)
{
  guiche_recorder_start (fixture->recorder, NULL);
  test_wait_for (fixture->n_peaks >= 10 || fixture->error, 10000);
  g_assert_no_error (fixture->error);
  g_free (test_run ("pactl unload-module module-null-sink"));
  expect_failure (fixture, "disconnected", 8000);
  g_free (test_run ("pactl load-module module-null-sink sink_name=microphone rate=48000"));
  g_free (test_run ("pactl load-module module-null-sink sink_name=speakers rate=48000"));
  g_free (test_run ("pactl set-default-source microphone.monitor"));
  g_free (test_run ("pactl set-default-sink speakers"));
}

static void
test_no_sound_server (Fixture *fixture, gconstpointer data)
{
  g_autofree char *server = g_strdup (g_getenv ("PULSE_SERVER"));

  g_setenv ("PULSE_SERVER", "unix:/nonexistent", TRUE);
  guiche_recorder_start (fixture->recorder, NULL);
  expect_failure (fixture, "No microphone", 6000);
  g_unsetenv ("PULSE_SERVER");
}

/* A sound server that takes the connection and never says a word. */
static void
test_hanging_sound_server (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pulse", NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autoptr (GSocketAddress) socket_address = g_unix_socket_address_new (path);
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint n_turns = 0;
  gint64 start = g_get_monotonic_time ();

  g_assert_true (g_socket_listener_add_address (listener, socket_address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, NULL));
  g_setenv ("PULSE_SERVER", address, TRUE);
  guiche_recorder_start (fixture->recorder, NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  test_wait_for (n_turns++ > 300 || fixture->error, 5000); /* the window lives on */
  test_wait_for (fixture->error, 8000);
  g_assert_error (fixture->error, GUICHE_ERROR, GUICHE_ERROR_AUDIO);
  g_assert_nonnull (strstr (fixture->error->message, "does not answer"));
  g_unsetenv ("PULSE_SERVER");
  g_unlink (path);
}

static void
on_capture_event (GObject *owner, GuicheCapture *capture, const GuicheCaptureEvent *event)
{
  GError **out_error = g_object_get_data (owner, "error");

  if (event->kind == GUICHE_CAPTURE_FAILED)
    *out_error = g_error_copy (event->error);
}

static void
test_full_disk (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GError) error = NULL;
  GuicheCapture *capture;

  g_object_set_data (owner, "error", &error);
  capture = guiche_capture_start (owner, on_capture_event, "/dev/full", NULL, 60000);
  test_wait_for (error, 15000);
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO);
  g_assert_nonnull (strstr (error->message, "disk is full"));
  guiche_capture_release (capture);
}

static void
test_missing_codec (Fixture *fixture, gconstpointer data)
{
  GstRegistry *registry = gst_registry_get ();
  g_autoptr (GstPluginFeature) encoder = gst_registry_lookup_feature (registry, "opusenc");

  gst_registry_remove_feature (registry, encoder);
  guiche_recorder_start (fixture->recorder, NULL);
  expect_failure (fixture, "opusenc", 6000);
  gst_registry_add_feature (registry, encoder);
}

static void
on_microphones (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GPtrArray **) data = guiche_microphones_list_finish (result, NULL);
}

static void
test_choice (void)
{
  g_autofree char *module = test_run (
      "pactl load-module module-remap-source source_name=headset master=microphone.monitor "
      "source_properties=device.description=Headset");
  g_autofree char *unload = g_strdup_printf ("pactl unload-module %s", module);
  g_autoptr (GPtrArray) microphones = NULL;
  GuicheMicrophone *second;

  guiche_microphones_list_async (NULL, on_microphones, &microphones);
  test_wait_for (microphones, 6000);
  g_assert_cmpuint (microphones->len, ==, 2);
  g_assert_true (((GuicheMicrophone *) microphones->pdata[0])->is_default);
  second = microphones->pdata[1];
  g_assert_cmpstr (second->name, ==, "headset");
  g_assert_cmpstr (second->label, ==, "Headset");
  g_free (test_run (unload));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/audio/recorder/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  ADD ("tone", test_tone_recorded);
  ADD ("pause", test_pause);
  ADD ("maximum", test_maximum);
  ADD ("discard", test_discard);
  ADD ("no-microphone", test_no_microphone);
  ADD ("unplugged", test_unplugged);
  ADD ("missing-codec", test_missing_codec);
  g_test_add_func ("/audio/recorder/full-disk", test_full_disk);
  g_test_add_func ("/audio/recorder/choice", test_choice);
  ADD ("no-sound-server", test_no_sound_server);
  ADD ("hanging-sound-server", test_hanging_sound_server);
  return g_test_run ();
}
