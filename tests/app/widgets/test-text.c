/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "widgets/error-text.h"
#include "widgets/presence.h"
#include "widgets/time-text.h"

#include <gio/gio.h>
#include <locale.h>

/* Friday, 20 November 2026, 14:32 UTC */
#define NOW (G_GINT64_CONSTANT (1795185120) * G_USEC_PER_SEC)
#define DAY (G_GINT64_CONSTANT (24 * 60 * 60) * G_USEC_PER_SEC)
#define MINUTE (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

static void
assert_short (gint64 at_us, const char *expected)
{
  g_autofree char *text = guiche_time_text_short (at_us, NOW);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_time_short (void)
{
  assert_short (0, "");
  assert_short (NOW, "14:32");
  assert_short (NOW - 14 * 60 * MINUTE, "00:32");
  assert_short (NOW - 15 * 60 * MINUTE, "Yesterday");
  assert_short (NOW + DAY, "Tomorrow");
  assert_short (NOW - 2 * DAY, "Wed");
  assert_short (NOW - 6 * DAY, "Sat");
  assert_short (NOW - 7 * DAY, "13 Nov");
  assert_short (NOW - 365 * DAY, "20 Nov 2025");
}

static void
test_time_long (void)
{
  g_autofree char *today = guiche_time_text_full (NOW, NOW);
  g_autofree char *this_year = guiche_time_text_day (NOW - 30 * DAY, NOW);
  g_autofree char *last_year = guiche_time_text_day (NOW - 365 * DAY, NOW);
  g_autofree char *never = guiche_time_text_full (0, NOW);

  g_assert_cmpstr (today, ==, "Today, 14:32");
  g_assert_cmpstr (this_year, ==, "Wednesday, 21 October");
  g_assert_cmpstr (last_year, ==, "Thursday, 20 November 2025");
  g_assert_cmpstr (never, ==, "");
}

static void
assert_elapsed (gint64 elapsed_us, const char *expected)
{
  g_autofree char *text = guiche_time_text_elapsed (elapsed_us);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_time_elapsed (void)
{
  assert_elapsed (-5 * MINUTE, "now");
  assert_elapsed (MINUTE - 1, "now");
  assert_elapsed (59 * MINUTE, "59 min");
  assert_elapsed (60 * MINUTE, "1 h");
  assert_elapsed (DAY, "1 day");
  assert_elapsed (3 * DAY, "3 days");
}

/* A person never reads a message of the back end, and every code has a sentence of its own or a
 * wait. */
static void
test_error_sentences (void)
{
  for (int code = 0; code < GUICHE_N_ERRORS; code++) {
    g_autoptr (GError) error =
                   g_error_new_literal (GUICHE_ERROR, code, "loading ticket 12: internal words");
    g_autofree char *text = guiche_error_text (error);

    g_assert_cmpuint (strlen (text), >, 10);
    g_assert_null (strstr (text, "internal words"));
    g_assert_true (g_str_has_suffix (text, ".") || g_str_has_suffix (text, "?"));
  }
}

static void
test_error_waiting (void)
{
  g_autoptr (GError) error = g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_LOCKED_OUT, "locked");
  g_autofree char *seconds = NULL;
  g_autofree char *minutes = NULL;

  guiche_error_set_detail_int (error, "retry_after_s", 30);
  seconds = guiche_error_text (error);
  g_assert_cmpstr (seconds, ==, "Too many attempts. Try again in 30 seconds.");
  guiche_error_set_detail_int (error, "retry_after_s", 121);
  minutes = guiche_error_text (error);
  g_assert_cmpstr (minutes, ==, "Too many attempts. Try again in 3 minutes.");
}

static void
test_error_foreign (void)
{
  g_autoptr (GError) full = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "x");
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "x");
  g_autofree char *full_text = guiche_error_text (full);
  g_autofree char *other_text = guiche_error_text (other);

  g_assert_nonnull (strstr (full_text, "disk is full"));
  g_assert_nonnull (strstr (other_text, "Try again"));
  g_assert_false (guiche_error_can_retry (other));
}

static void
test_presence (void)
{
  static const char *const presences[] = { "available", "busy", "away", "offline", "unheard-of" };
  g_autoptr (GHashTable) icons = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (presences); i++) {
    g_hash_table_add (icons, (gpointer) guiche_presence_icon_name (presences[i]));
    g_assert_cmpstr (guiche_presence_label (presences[i]), !=, "");
  }
  /* a shape for each, and the unknown is offline */
  g_assert_cmpuint (g_hash_table_size (icons), ==, 4);
  g_assert_cmpstr (guiche_presence_label ("unheard-of"), ==, guiche_presence_label ("offline"));
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/time/short", test_time_short);
  g_test_add_func ("/widgets/time/long", test_time_long);
  g_test_add_func ("/widgets/time/elapsed", test_time_elapsed);
  g_test_add_func ("/widgets/error/sentences", test_error_sentences);
  g_test_add_func ("/widgets/error/waiting", test_error_waiting);
  g_test_add_func ("/widgets/error/foreign", test_error_foreign);
  g_test_add_func ("/widgets/presence", test_presence);
  return g_test_run ();
}
