/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sound-support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>

#define RATE 48000

gboolean
test_keep_going (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

gint64
test_patience (void)
{
  return g_getenv ("GUICHE_SANITIZED") ? 8 : 4;
}

void
test_launch (const char *description)
{
  g_autofree char *command = g_strdup_printf ("gst-launch-1.0 -q %s", description);
  g_autofree char *output = test_run (command);
}

GSubprocess *
test_launch_in_background (const char *description)
{
  g_autofree char *command = g_strdup_printf ("gst-launch-1.0 -q %s", description);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_shell_parse_argv (command, NULL, &argv, &error);
  g_assert_no_error (error);
  process = g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  return process;
}

void
test_stop (GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGINT);
  g_subprocess_wait (process, NULL, NULL);
  g_object_unref (process);
}

char *
test_run (const char *command)
{
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_command_line_sync (command, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return g_strstrip (output);
}

static gint16 *
decode (const char *path, gsize *out_n_samples)
{
  const char *decoder = g_str_has_suffix (path, ".wav")   ? "wavparse"
                        : g_str_has_suffix (path, ".m4a") ? "qtdemux ! avdec_aac"
                                                          : "oggdemux ! opusdec";
  g_autofree char *raw = g_strconcat (path, ".raw", NULL);
  g_autofree char *description =
      g_strdup_printf ("filesrc location=%s ! %s ! audioconvert ! audioresample ! "
                       "audio/x-raw,format=S16LE,rate=48000,channels=1 ! filesink location=%s",
                       path, decoder, raw);
  g_autoptr (GError) error = NULL;
  char *samples;
  gsize length;

  test_launch (description);
  g_file_get_contents (raw, &samples, &length, &error);
  g_assert_no_error (error);
  g_unlink (raw);
  *out_n_samples = length / sizeof (gint16);
  return (gint16 *) samples;
}

#define SLICE (RATE / 100)

static gboolean
is_loud (const gint16 *samples)
{
  for (gsize i = 0; i < SLICE; i++)
    if (ABS (samples[i]) > 1600)
      return TRUE;
  return FALSE;
}

gint64
test_loud_ms (const char *path)
{
  gsize n_samples;
  g_autofree gint16 *samples = decode (path, &n_samples);
  gint64 loud_ms = 0;

  for (gsize i = 0; i + SLICE <= n_samples; i += SLICE)
    loud_ms += is_loud (samples + i) ? 10 : 0;
  return loud_ms;
}

/* Where the loudest @n_used samples begin: what listens starts before, ends after, and a loaded
 * machine leaves gaps. */
static gsize
find_loudest (const gint16 *samples, gsize n_samples, gsize n_used)
{
  double sum = 0, loudest = -1;
  gsize found = 0;

  for (gsize i = 0; i < n_samples; i++) {
    sum += (double) samples[i] * samples[i];
    if (i >= n_used)
      sum -= (double) samples[i - n_used] * samples[i - n_used];
    if (i + 1 >= n_used && sum > loudest) {
      loudest = sum;
      found = i + 1 - n_used;
    }
  }
  return found;
}

/* Goertzel's algorithm over the loudest half second. */
double
test_tone (const char *path, double hertz)
{
  gsize n_samples;
  g_autofree gint16 *samples = decode (path, &n_samples);
  gsize n_used = MIN (n_samples, RATE / 2), first = find_loudest (samples, n_samples, n_used);
  double k = 2 * cos (2 * G_PI * hertz / RATE), previous = 0, before = 0;

  g_assert_cmpuint (n_samples, >, RATE / 10);
  for (gsize i = first; i < first + n_used; i++) {
    double next = samples[i] / 32768.0 + k * previous - before;

    before = previous;
    previous = next;
  }
  return sqrt (previous * previous + before * before - k * previous * before) * 2 / n_used;
}

gint64
test_duration_ms (const char *path)
{
  gsize n_samples;
  g_autofree gint16 *samples = decode (path, &n_samples);

  return (gint64) n_samples * 1000 / RATE;
}
