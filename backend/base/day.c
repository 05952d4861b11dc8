/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/day.h"

#define DAYS_OF_ERA 146097
#define DAYS_BEFORE_1970 719468

static int
days_in_month (int year, int month)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return lengths[month - 1] + (month == 2 && is_leap);
}

/* Years are counted from March, so that the leap day is the last of its year. */
gboolean
guiche_day_from_civil (int year, int month, int day, GuicheDay *out_day)
{
  int shifted, era, year_of_era, day_of_year;

  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
      day > days_in_month (year, month))
    return FALSE;
  shifted = year - (month <= 2);
  era = shifted / 400;
  year_of_era = shifted % 400;
  day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  *out_day = era * DAYS_OF_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
             day_of_year - DAYS_BEFORE_1970;
  return TRUE;
}

void
guiche_day_to_civil (GuicheDay day, int *out_year, int *out_month, int *out_day)
{
  int shifted = day + DAYS_BEFORE_1970;
  int era = shifted / DAYS_OF_ERA;
  int day_of_era = shifted % DAYS_OF_ERA;
  int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int month = (5 * day_of_year + 2) / 153;

  *out_day = day_of_year - (153 * month + 2) / 5 + 1;
  *out_month = month + (month < 10 ? 3 : -9);
  *out_year = era * 400 + year_of_era + (*out_month <= 2);
}

static int
read_digits (const char *text, int n)
{
  int value = 0;

  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i]))
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

gboolean
guiche_day_parse_iso (const char *text, GuicheDay *out_day)
{
  int year = read_digits (text, 4);
  int month, day;

  if (year < 0 || text[4] != '-')
    return FALSE;
  month = read_digits (text + 5, 2);
  if (month < 0 || text[7] != '-')
    return FALSE;
  day = read_digits (text + 8, 2);
  return day >= 0 && text[10] == '\0' && guiche_day_from_civil (year, month, day, out_day);
}

static void
write_digits (char *out, int value, int n)
{
  for (int i = n - 1; i >= 0; i--, value /= 10)
    out[i] = (char) ('0' + value % 10);
}

void
guiche_day_format_iso (GuicheDay day, char out[GUICHE_DAY_ISO_LENGTH + 1])
{
  int year, month, day_of_month;

  guiche_day_to_civil (day, &year, &month, &day_of_month);
  write_digits (out, year, 4);
  write_digits (out + 5, month, 2);
  write_digits (out + 8, day_of_month, 2);
  out[4] = out[7] = '-';
  out[GUICHE_DAY_ISO_LENGTH] = '\0';
}

int
guiche_day_weekday (GuicheDay day)
{
  int weekday = (day + 4) % 7;

  return weekday < 0 ? weekday + 7 : weekday;
}

/* The anonymous Gregorian computus (Nature, 1876). */
GuicheDay
guiche_day_easter (int year)
{
  int a = year % 19, b = year / 100, c = year % 100;
  int d = b / 4, e = b % 4;
  int g = (8 * b + 13) / 25;
  int h = (19 * a + b - d - g + 15) % 30;
  int l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
  int m = (a + 11 * h + 19 * l) / 433;
  int month = (h + l - 7 * m + 90) / 25;
  int day = (h + l - 7 * m + 33 * month + 19) % 32;
  GuicheDay easter = GUICHE_DAY_NONE;

  guiche_day_from_civil (year, month, day, &easter);
  return easter;
}
