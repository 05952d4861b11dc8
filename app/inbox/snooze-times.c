/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/snooze-times.h"

#include <glib/gi18n.h>

#define MORNING_HOUR 9
#define AFTERNOON_HOUR 14

static GDateTime *
at_hour (GDateTime *day, int days_later, int hour)
{
  g_autoptr (GDateTime) later = g_date_time_add_days (day, days_later);

  return g_date_time_new (g_date_time_get_timezone (day), g_date_time_get_year (later),
                          g_date_time_get_month (later), g_date_time_get_day_of_month (later), hour,
                          0, 0);
}

GDateTime *
guiche_snooze_end (GuicheSnooze choice, GDateTime *now)
{
  switch (choice) {
  case GUICHE_SNOOZE_ONE_HOUR:
    return g_date_time_add_hours (now, 1);
  case GUICHE_SNOOZE_AFTERNOON:
    /* later in the day it would be sooner than the hour above */
    return g_date_time_get_hour (now) < AFTERNOON_HOUR - 1 ? at_hour (now, 0, AFTERNOON_HOUR)
                                                           : NULL;
  case GUICHE_SNOOZE_TOMORROW:
    return at_hour (now, 1, MORNING_HOUR);
  case GUICHE_SNOOZE_MONDAY:
    /* on Sundays, tomorrow is that Monday */
    return g_date_time_get_day_of_week (now) == 7
               ? NULL
               : at_hour (now, 8 - g_date_time_get_day_of_week (now), MORNING_HOUR);
  default:
    return NULL;
  }
}

const char *
guiche_snooze_label (GuicheSnooze choice)
{
  static const char *const labels[GUICHE_N_SNOOZES] = {
    [GUICHE_SNOOZE_ONE_HOUR] = N_ ("In one hour"), [GUICHE_SNOOZE_AFTERNOON] =
                            N_ ("This afternoon"), [GUICHE_SNOOZE_TOMORROW] = N_ ("Tomorrow morning"), [GUICHE_SNOOZE_MONDAY] =
                                                                                N_ ("On Monday"),
                                                       };

  return _ (labels[choice]);
}
