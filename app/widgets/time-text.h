/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times as people read them, in local time and in their language. All (transfer full); 0 gives "".
 */

/* For a row: 14:32 today, "Yesterday", the weekday within a week, else the date. */
char *guiche_time_text_short (gint64 at_us, gint64 now_us);
/* 14:32 */
char *guiche_time_text_clock (gint64 at_us);
/* "Today", "Yesterday" or the whole date: for day separators. */
char *guiche_time_text_day (gint64 at_us, gint64 now_us);
/* Day and time, for tooltips and dialogs. */
char *guiche_time_text_full (gint64 at_us, gint64 now_us);
/* How long, in the largest unit: "now", "5 min", "3 h", "2 days". */
char *guiche_time_text_elapsed (gint64 elapsed_us);

G_END_DECLS
