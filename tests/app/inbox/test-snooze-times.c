/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/snooze-times.h"

static char *
end_of (GuicheSnooze choice, int day, int hour)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, day, hour, 20, 0);
  g_autoptr (GDateTime) end = guiche_snooze_end (choice, now);

  return end != NULL ? g_date_time_format (end, "%F %H:%M") : g_strdup ("none");
}

static void
assert_end (GuicheSnooze choice, int day, int hour, const char *expected)
{
  g_autofree char *end = end_of (choice, day, hour);

  g_assert_cmpstr (end, ==, expected);
}

/* 20 November 2026 is a Friday. */
static void
test_ends (void)
{
  assert_end (GUICHE_SNOOZE_ONE_HOUR, 20, 23, "2026-11-21 00:20");
  assert_end (GUICHE_SNOOZE_AFTERNOON, 20, 9, "2026-11-20 14:00");
  assert_end (GUICHE_SNOOZE_AFTERNOON, 20, 13, "none");
  assert_end (GUICHE_SNOOZE_TOMORROW, 20, 9, "2026-11-21 09:00");
  assert_end (GUICHE_SNOOZE_TOMORROW, 30, 9, "2026-12-01 09:00");
  assert_end (GUICHE_SNOOZE_MONDAY, 20, 9, "2026-11-23 09:00");
  assert_end (GUICHE_SNOOZE_MONDAY, 23, 9, "2026-11-30 09:00");
  assert_end (GUICHE_SNOOZE_MONDAY, 22, 9, "none");
}

/* Whatever the hour, a choice that is offered ends later than now, and no two say the same. */
static void
test_always_later (void)
{
  for (int day = 16; day <= 22; day++) {
    for (int hour = 0; hour < 24; hour++) {
      g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, day, hour, 20, 0);
      g_autoptr (GHashTable) seen = g_hash_table_new_full (
          g_date_time_hash, g_date_time_equal, (GDestroyNotify) g_date_time_unref, NULL);

      for (GuicheSnooze choice = 0; choice < GUICHE_N_SNOOZES; choice++) {
        GDateTime *end = guiche_snooze_end (choice, now);

        if (end == NULL)
          continue;
        g_assert_cmpint (g_date_time_compare (end, now), >, 0);
        g_assert_true (g_hash_table_add (seen, end));
      }
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inbox/snooze/ends", test_ends);
  g_test_add_func ("/inbox/snooze/always-later", test_always_later);
  return g_test_run ();
}
