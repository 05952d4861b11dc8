/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/time-text.h"

#include <glib/gi18n.h>

static GDateTime *
local_time (gint64 at_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

/* Calendar days between two local times; negative when @at is in the future. */
static int
days_between (GDateTime *at, GDateTime *now)
{
  g_autoptr (GDate) from = g_date_new_dmy (g_date_time_get_day_of_month (at),
                                           g_date_time_get_month (at), g_date_time_get_year (at));
  g_autoptr (GDate) to = g_date_new_dmy (g_date_time_get_day_of_month (now),
                                         g_date_time_get_month (now), g_date_time_get_year (now));

  return g_date_days_between (from, to);
}

char *
guiche_time_text_clock (gint64 at_us)
{
  g_autoptr (GDateTime) at = at_us > 0 ? local_time (at_us) : NULL;

  /* Translators: the time of the day, in the format of g_date_time_format() */
  return at != NULL ? g_date_time_format (at, C_ ("time", "%H:%M")) : g_strdup ("");
}

char *
guiche_time_text_short (gint64 at_us, gint64 now_us)
{
  g_autoptr (GDateTime) at = at_us > 0 ? local_time (at_us) : NULL;
  g_autoptr (GDateTime) now = local_time (now_us);
  int days;

  if (at == NULL || now == NULL)
    return g_strdup ("");

  days = days_between (at, now);
  if (days == 0)
    return guiche_time_text_clock (at_us);
  if (days == 1)
    return g_strdup (_ ("Yesterday"));
  if (days == -1)
    return g_strdup (_ ("Tomorrow"));
  if (days > 1 && days < 7)
    return g_date_time_format (at, "%a");
  if (g_date_time_get_year (at) == g_date_time_get_year (now))
    /* Translators: a short date of this year, in the format of g_date_time_format() */
    return g_date_time_format (at, C_ ("date", "%-d %b"));
  /* Translators: a short date of another year, in the format of g_date_time_format() */
  return g_date_time_format (at, C_ ("date", "%-d %b %Y"));
}

char *
guiche_time_text_day (gint64 at_us, gint64 now_us)
{
  g_autoptr (GDateTime) at = at_us > 0 ? local_time (at_us) : NULL;
  g_autoptr (GDateTime) now = local_time (now_us);
  int days;

  if (at == NULL || now == NULL)
    return g_strdup ("");

  days = days_between (at, now);
  if (days == 0)
    return g_strdup (_ ("Today"));
  if (days == 1)
    return g_strdup (_ ("Yesterday"));
  if (days == -1)
    return g_strdup (_ ("Tomorrow"));
  if (g_date_time_get_year (at) == g_date_time_get_year (now))
    /* Translators: a day of this year, in the format of g_date_time_format() */
    return g_date_time_format (at, C_ ("date", "%A, %-d %B"));
  /* Translators: a day of another year, in the format of g_date_time_format() */
  return g_date_time_format (at, C_ ("date", "%A, %-d %B %Y"));
}

char *
guiche_time_text_full (gint64 at_us, gint64 now_us)
{
  g_autofree char *day = guiche_time_text_day (at_us, now_us);
  g_autofree char *clock = guiche_time_text_clock (at_us);

  if (*day == '\0')
    return g_strdup ("");
  /* Translators: a day and the time of the day: Today, 14:32 */
  return g_strdup_printf (_ ("%s, %s"), day, clock);
}

char *
guiche_time_text_elapsed (gint64 elapsed_us)
{
  gint64 minutes = elapsed_us / (60 * G_USEC_PER_SEC);

  if (minutes < 1)
    return g_strdup (_ ("now"));
  if (minutes < 60)
    /* Translators: minutes, as short as possible */
    return g_strdup_printf (ngettext ("%d min", "%d min", (int) minutes), (int) minutes);
  if (minutes < 24 * 60)
    /* Translators: hours, as short as possible */
    return g_strdup_printf (ngettext ("%d h", "%d h", (int) (minutes / 60)), (int) (minutes / 60));
  return g_strdup_printf (ngettext ("%d day", "%d days", (int) (minutes / (24 * 60))),
                          (int) (minutes / (24 * 60)));
}
