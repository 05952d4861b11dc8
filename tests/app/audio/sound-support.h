/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* For the audio tests: running the main loop until something is so, sounds made by GStreamer, and
 * how much of a frequency is in a sound. */

/* Runs the main loop until it is so; fails the test after @deadline_ms. */
#define test_wait_for(expression, deadline_ms)                                                     \
  do {                                                                                             \
    gint64 wait_end = g_get_monotonic_time () + (gint64) (deadline_ms) *1000 * test_patience ();   \
    guint wait_id = g_timeout_add (10, test_keep_going, NULL);                                     \
    gboolean wait_is_over = FALSE;                                                                 \
    while (!(wait_is_over = !!(expression)) && g_get_monotonic_time () < wait_end)                 \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (wait_id);                                                                     \
    if (!wait_is_over)                                                                             \
      g_assertion_message_expr (G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, #expression);         \
  } while (0)
gboolean test_keep_going (gpointer data);
/* By how much a loaded machine or a sanitised program may be slower. */
gint64 test_patience (void);

/* Runs a gst-launch description to its end. */
void test_launch (const char *description);
/* Starts one that runs until test_stop(). */
GSubprocess *test_launch_in_background (const char *description);
void test_stop (GSubprocess *process);
/* Runs a command that must succeed; (transfer full): what it printed, trimmed. */
char *test_run (const char *command);

/* The amplitude (0..1) of @hertz where an Ogg/Opus, WAVE or MP4 file is loudest. */
double test_tone (const char *path, double hertz);
/* How much of it is no silence. */
gint64 test_loud_ms (const char *path);
gint64 test_duration_ms (const char *path);
