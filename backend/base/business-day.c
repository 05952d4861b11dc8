/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/business-day.h"

static const struct {
  guint8 month, day;
  guint16 since; /* the first year, 0 for always */
} fixed_days[] = {
  { 1, 1, 0 },  { 4, 21, 0 },  { 5, 1, 0 },      { 9, 7, 0 },   { 10, 12, 1980 },
  { 11, 2, 0 }, { 11, 15, 0 }, { 11, 20, 2024 }, { 12, 25, 0 },
};

/* Days from Easter Sunday. */
static const struct {
  int offset;
  GuicheHolidayKind kind;
} movable_days[] = {
  { -48, GUICHE_HOLIDAY_BANKING }, /* Monday of Carnival */
  { -47, GUICHE_HOLIDAY_BANKING },
  { -2, GUICHE_HOLIDAY_NATIONAL }, /* Good Friday */
  { 60, GUICHE_HOLIDAY_BANKING },  /* Corpus Christi */
};

GuicheHolidayKind
guiche_day_holiday (GuicheDay day)
{
  int year, month, day_of_month;
  GuicheDay easter;

  guiche_day_to_civil (day, &year, &month, &day_of_month);
  for (gsize i = 0; i < G_N_ELEMENTS (fixed_days); i++)
    if (fixed_days[i].month == month && fixed_days[i].day == day_of_month &&
        year >= fixed_days[i].since)
      return GUICHE_HOLIDAY_NATIONAL;
  if (month < 2 || month > 6)
    return GUICHE_HOLIDAY_NONE;
  easter = guiche_day_easter (year);
  for (gsize i = 0; i < G_N_ELEMENTS (movable_days); i++)
    if (day == easter + movable_days[i].offset)
      return movable_days[i].kind;
  return GUICHE_HOLIDAY_NONE;
}

static gboolean
contains (const GuicheHolidays *local, GuicheDay day)
{
  gsize low = 0, high = local == NULL ? 0 : local->n_days;

  while (low < high) {
    gsize middle = low + (high - low) / 2;

    if (local->days[middle] == day)
      return TRUE;
    if (local->days[middle] < day)
      low = middle + 1;
    else
      high = middle;
  }
  return FALSE;
}

gboolean
guiche_day_is_banking_day (GuicheDay day, const GuicheHolidays *local)
{
  int weekday = guiche_day_weekday (day);

  return weekday != 0 && weekday != 6 && guiche_day_holiday (day) == GUICHE_HOLIDAY_NONE &&
         !contains (local, day);
}

GuicheDay
guiche_day_next_banking_day (GuicheDay day, const GuicheHolidays *local)
{
  while (!guiche_day_is_banking_day (day, local))
    day++;
  return day;
}

int
guiche_day_count_banking_days (GuicheDay from, GuicheDay to, const GuicheHolidays *local)
{
  int n = 0;

  for (GuicheDay day = from + 1; day <= to; day++)
    n += guiche_day_is_banking_day (day, local);
  return n;
}
