/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/business-day.h"

static GuicheDay
day_of (const char *text)
{
  GuicheDay day;

  g_assert_true (guiche_day_parse_iso (text, &day));
  return day;
}

/* Every day of four centuries against GLib's. */
static void
test_civil (void)
{
  GDate date;
  GuicheDay day;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, G_DATE_JANUARY, 1800);
  g_assert_true (guiche_day_from_civil (1800, 1, 1, &day));
  for (; g_date_get_year (&date) < 2200; g_date_add_days (&date, 1), day++) {
    int year, month, day_of_month;
    GuicheDay again;

    guiche_day_to_civil (day, &year, &month, &day_of_month);
    g_assert_cmpint (year, ==, g_date_get_year (&date));
    g_assert_cmpint (month, ==, g_date_get_month (&date));
    g_assert_cmpint (day_of_month, ==, g_date_get_day (&date));
    g_assert_cmpint (guiche_day_weekday (day), ==, g_date_get_weekday (&date) % 7);
    g_assert_true (guiche_day_from_civil (year, month, day_of_month, &again));
    g_assert_cmpint (again, ==, day);
  }
}

static void
test_text (void)
{
  static const char *const wrong[] = { "",           "2026-02-29",  "2026-13-01", "2026-1-01",
                                       "2026-01-1",  "2026-01-011", "20260101",   "0000-01-01",
                                       "2026/01/01", "2026-00-10",  "2026-01-00", "-026-01-01",
                                       NULL };
  char text[GUICHE_DAY_ISO_LENGTH + 1];
  GuicheDay day = 7;

  for (const char *const *at = wrong; *at != NULL; at++)
    g_assert_false (guiche_day_parse_iso (*at, &day));
  g_assert_cmpint (day, ==, 7);
  guiche_day_format_iso (day_of ("2028-02-29"), text);
  g_assert_cmpstr (text, ==, "2028-02-29");
  guiche_day_format_iso (day_of ("0001-01-01"), text);
  g_assert_cmpstr (text, ==, "0001-01-01");
  g_assert_cmpint (day_of ("1970-01-01"), ==, 0);
}

static void
test_holidays (void)
{
  static const struct {
    const char *day;
    GuicheHolidayKind kind;
  } cases[] = {
    { "2026-01-01", GUICHE_HOLIDAY_NATIONAL }, { "2026-02-16", GUICHE_HOLIDAY_BANKING },
    { "2026-02-17", GUICHE_HOLIDAY_BANKING },  { "2026-02-18", GUICHE_HOLIDAY_NONE },
    { "2026-04-03", GUICHE_HOLIDAY_NATIONAL }, { "2026-04-21", GUICHE_HOLIDAY_NATIONAL },
    { "2026-05-01", GUICHE_HOLIDAY_NATIONAL }, { "2026-06-04", GUICHE_HOLIDAY_BANKING },
    { "2026-09-07", GUICHE_HOLIDAY_NATIONAL }, { "2026-10-12", GUICHE_HOLIDAY_NATIONAL },
    { "2026-11-02", GUICHE_HOLIDAY_NATIONAL }, { "2026-11-15", GUICHE_HOLIDAY_NATIONAL },
    { "2026-11-20", GUICHE_HOLIDAY_NATIONAL }, { "2023-11-20", GUICHE_HOLIDAY_NONE },
    { "2026-12-25", GUICHE_HOLIDAY_NATIONAL }, { "2025-03-03", GUICHE_HOLIDAY_BANKING },
    { "2025-03-04", GUICHE_HOLIDAY_BANKING },  { "2025-04-18", GUICHE_HOLIDAY_NATIONAL },
    { "2025-06-19", GUICHE_HOLIDAY_BANKING },  { "2038-03-09", GUICHE_HOLIDAY_BANKING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (guiche_day_holiday (day_of (cases[i].day)), ==, cases[i].kind);
  g_assert_cmpint (guiche_day_easter (2026), ==, day_of ("2026-04-05"));
  g_assert_cmpint (guiche_day_easter (2038), ==, day_of ("2038-04-25"));
  g_assert_cmpint (guiche_day_easter (2285), ==, day_of ("2285-03-22"));
}

static void
test_banking_days (void)
{
  GuicheDay city[] = { day_of ("2026-12-08"), day_of ("2026-12-28") };
  GuicheHolidays local = { city, G_N_ELEMENTS (city) };

  g_assert_cmpint (guiche_day_next_banking_day (day_of ("2026-12-10"), NULL), ==,
                   day_of ("2026-12-10"));
  g_assert_cmpint (guiche_day_next_banking_day (day_of ("2026-12-25"), NULL), ==,
                   day_of ("2026-12-28"));
  g_assert_cmpint (guiche_day_next_banking_day (day_of ("2026-12-25"), &local), ==,
                   day_of ("2026-12-29"));
  g_assert_cmpint (guiche_day_next_banking_day (day_of ("2026-02-14"), NULL), ==,
                   day_of ("2026-02-18"));
  g_assert_cmpint (
      guiche_day_count_banking_days (day_of ("2026-11-19"), day_of ("2026-11-24"), NULL), ==, 2);
  g_assert_cmpint (
      guiche_day_count_banking_days (day_of ("2026-11-24"), day_of ("2026-11-19"), NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/day/civil", test_civil);
  g_test_add_func ("/base/day/text", test_text);
  g_test_add_func ("/base/day/holidays", test_holidays);
  g_test_add_func ("/base/day/banking-days", test_banking_days);
  return g_test_run ();
}
