/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With a real PulseAudio (tests/support/desktop-session): what is played arrives at
 * `speakers.monitor`. */
#include "audio/player.h"
#include "base/error.h"
#include "sound-support.h"

#include <glib/gstdio.h>

typedef struct {
  GuichePlayer *player;
  GError *error; /* (nullable) */
  guint n_ended;
  char *folder;
} Fixture;

static void
on_failed (Fixture *fixture, const char *key, GError *error)
{
  g_assert_cmpstr (key, ==, "message");
  fixture->error = g_error_copy (error);
}

static void
on_ended (Fixture *fixture)
{
  fixture->n_ended++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("guiche-player-XXXXXX", NULL);
  fixture->player = guiche_player_new ();
  g_signal_connect_swapped (fixture->player, "failed", G_CALLBACK (on_failed), fixture);
  g_signal_connect_swapped (fixture->player, "ended", G_CALLBACK (on_ended), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->folder);

  g_assert_finalize_object (fixture->player);
  g_clear_error (&fixture->error);
  g_free (test_run (command));
  g_free (fixture->folder);
}

static char *
make_sound (Fixture *fixture, const char *name, guint seconds, const char *encoding)
{
  char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *description =
      g_strdup_printf ("audiotestsrc num-buffers=%u samplesperbuffer=960 freq=1000 volume=0.5 ! "
                       "audio/x-raw,rate=48000,channels=1 ! %s ! filesink location=%s",
                       seconds * 50, encoding, path);

  test_launch (description);
  return path;
}

static gboolean
hears (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 && status.st_size > 1000;
}

/* (transfer full): plays a file at a speed to its end; what came out of the loudspeakers. */
static char *
play_through (Fixture *fixture, const char *path, double rate)
{
  g_autofree char *heard = g_build_filename (fixture->folder, "heard.wav", NULL);
  g_autofree char *listen = g_strdup_printf (
      "-e pulsesrc device=speakers.monitor ! audioconvert ! "
      "audio/x-raw,format=S16LE,channels=1 ! wavenc ! filesink buffer-mode=unbuffered "
      "location=%s",
      heard);
  GSubprocess *listener;

  guiche_player_set_rate (fixture->player, rate);
  g_unlink (heard);
  listener = test_launch_in_background (listen);
  test_wait_for (hears (heard), 10000);
  guiche_player_play (fixture->player, "message", path, 0);
  test_wait_for (fixture->n_ended == 1 || fixture->error, 20000);
  g_assert_no_error (fixture->error);
  test_stop (listener);
  fixture->n_ended = 0;
  return g_steal_pointer (&heard);
}

static void
test_kinds (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *name, *encoding;
  } kinds[] = {
    { "a.oga", "opusenc ! oggmux" },
    { "a.wav", "audioconvert ! audio/x-raw,format=S16LE ! wavenc" },
    { "a.m4a", "audioconvert ! voaacenc ! aacparse ! mp4mux" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path = make_sound (fixture, kinds[i].name, 2, kinds[i].encoding);
    g_autofree char *heard = play_through (fixture, path, 1.0);

    g_assert_cmpfloat (test_tone (heard, 1000), >, 0.1);
    g_assert_cmpfloat (test_tone (heard, 1000), >, 20 * test_tone (heard, 1400));
  }
}

/* Twice as fast, the same pitch. */
static void
test_rate (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_sound (fixture, "a.oga", 4, "opusenc ! oggmux");
  g_autofree char *heard = play_through (fixture, path, 2.0);

  g_assert_cmpint (test_loud_ms (heard), <, 2600); /* of 4000 ms of sound */
  g_assert_cmpint (test_loud_ms (heard), >, 1400);
  g_assert_cmpfloat (test_tone (heard, 1000), >, 4 * test_tone (heard, 2000));
  g_assert_cmpfloat (test_tone (heard, 1000), >, 0.05);
}

static void
test_seek_and_pause (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_sound (fixture, "a.oga", 10, "opusenc ! oggmux");
  gint64 stopped_at, until;

  guiche_player_play (fixture->player, "message", path, 0);
  test_wait_for (guiche_player_get_state (fixture->player) == GUICHE_PLAYER_PLAYING, 6000);
  g_assert_cmpint (ABS (guiche_player_get_duration_ms (fixture->player) - 10000), <, 100);
  guiche_player_seek (fixture->player, 4000);
  test_wait_for (guiche_player_get_position_ms (fixture->player) > 4200, 4000);
  guiche_player_pause (fixture->player);
  stopped_at = guiche_player_get_position_ms (fixture->player);
  until = g_get_monotonic_time () + 300000;
  test_wait_for (g_get_monotonic_time () > until, 2000);
  g_assert_cmpint (guiche_player_get_position_ms (fixture->player), ==, stopped_at);
  guiche_player_set_rate (fixture->player, 1.5);
  guiche_player_resume (fixture->player);
  test_wait_for (fixture->n_ended == 1, 10000);
  g_assert_null (guiche_player_get_key (fixture->player));
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a.oga", NULL);

  g_assert_true (g_file_set_contents (path, "MZ this is no sound at all", -1, NULL));
  guiche_player_play (fixture->player, "message", path, 0);
  test_wait_for (fixture->error, 6000);
  g_assert_error (fixture->error, GUICHE_ERROR, GUICHE_ERROR_AUDIO);
  g_assert_cmpint (guiche_player_get_state (fixture->player), ==, GUICHE_PLAYER_STOPPED);
}

static void
test_no_loudspeaker (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_sound (fixture, "a.oga", 2, "opusenc ! oggmux");

  g_setenv ("PULSE_SERVER", "unix:/nonexistent", TRUE);
  guiche_player_play (fixture->player, "message", path, 0);
  test_wait_for (fixture->error, 6000);
  g_assert_error (fixture->error, GUICHE_ERROR, GUICHE_ERROR_AUDIO);
  g_unsetenv ("PULSE_SERVER");
}

static gboolean
has_engines (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (tasks))) {
    g_autofree char *path = g_build_filename ("/proc/self/task", name, "comm", NULL);
    g_autofree char *thread = NULL;

    if (g_file_get_contents (path, &thread, NULL, NULL) &&
        g_str_has_prefix (thread, "guiche-playback"))
      return TRUE;
  }
  return FALSE;
}

/* Let go of at any moment of its start, it ends without a word (a warning would end the test). */
static void
test_stopped_while_it_starts (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_sound (fixture, "a.ogg", 2, "opusenc ! oggmux");

  for (guint i = 0; i < 30; i++) {
    gint64 end = g_get_monotonic_time () + i * 2000;

    guiche_player_play (fixture->player, "message", path, 0);
    while (g_get_monotonic_time () < end)
      g_main_context_iteration (NULL, FALSE);
    guiche_player_stop (fixture->player);
  }
  test_wait_for (!has_engines (), 30000);
  g_assert_no_error (fixture->error);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/audio/player/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("kinds", test_kinds);
  ADD ("rate", test_rate);
  ADD ("seek-and-pause", test_seek_and_pause);
  ADD ("stopped-while-it-starts", test_stopped_while_it_starts);
  ADD ("garbage", test_garbage);
  ADD ("no-loudspeaker", test_no_loudspeaker);
  return g_test_run ();
}
