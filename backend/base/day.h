/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheDay:
 *
 * A calendar day without time or zone: days since 1970-01-01 of the proleptic Gregorian
 * calendar. Days of the years 1 to 9999 only; %GUICHE_DAY_NONE where there is none.
 */
typedef gint32 GuicheDay;

#define GUICHE_DAY_NONE G_MININT32
#define GUICHE_DAY_ISO_LENGTH 10

/* FALSE, and *out_day as it was, when there is no such day. */
gboolean guiche_day_from_civil (int year, int month, int day, GuicheDay *out_day);
void guiche_day_to_civil (GuicheDay day, int *out_year, int *out_month, int *out_day);
/* Exactly YYYY-MM-DD. */
gboolean guiche_day_parse_iso (const char *text, GuicheDay *out_day);
void guiche_day_format_iso (GuicheDay day, char out[GUICHE_DAY_ISO_LENGTH + 1]);
/* 0 is Sunday, 6 is Saturday. */
int guiche_day_weekday (GuicheDay day);
/* Easter Sunday of a year of the Gregorian calendar. */
GuicheDay guiche_day_easter (int year);

G_END_DECLS
