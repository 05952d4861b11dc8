/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/day.h"

G_BEGIN_DECLS

/**
 * GuicheHolidayKind:
 * @GUICHE_HOLIDAY_NATIONAL: by federal law, for everybody (Leis 662/1949, 6.802/1980, 9.093/1995,
 *   14.759/2023: 20 November since 2024).
 * @GUICHE_HOLIDAY_BANKING: banks settle nothing though work is not forbidden: Monday and Tuesday of
 *   Carnival and Corpus Christi (Resolução CMN 4.880/2020, FEBRABAN's calendar).
 */
typedef enum {
  GUICHE_HOLIDAY_NONE,
  GUICHE_HOLIDAY_NATIONAL,
  GUICHE_HOLIDAY_BANKING,
} GuicheHolidayKind;

/**
 * GuicheHolidays:
 *
 * Which days nobody works, beyond weekends and what is of the whole country: the days of a state,
 * a city or a company. Borrowed while in use; NULL means none.
 */
typedef struct {
  const GuicheDay *days; /* ascending */
  gsize n_days;
} GuicheHolidays;

/* Brazil's, fixed and movable, without weekends. */
GuicheHolidayKind guiche_day_holiday (GuicheDay day);
/* Banks work: no weekend, no holiday of either kind, none of @local (nullable). */
gboolean guiche_day_is_banking_day (GuicheDay day, const GuicheHolidays *local);
/* @day itself when it is a banking day. */
GuicheDay guiche_day_next_banking_day (GuicheDay day, const GuicheHolidays *local);
/* Banking days after @from up to @to; 0 when @to is not later. */
int guiche_day_count_banking_days (GuicheDay from, GuicheDay to, const GuicheHolidays *local);

G_END_DECLS
