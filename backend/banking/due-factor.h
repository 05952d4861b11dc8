/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/day.h"

G_BEGIN_DECLS

/* The fator de vencimento: four digits that count the days of a due date. 1000 is 2000-07-03 and,
 * after 9999 on 2025-02-21, 1000 again on 2025-02-22, and so on every 9000 days (FEBRABAN
 * comunicado FB-009/2023; BB anexo IV). Read within a window around today, where it is never
 * ambiguous. */
#define GUICHE_DUE_FACTOR_DAYS_BACK 3000
#define GUICHE_DUE_FACTOR_DAYS_FORWARD 5500

/* 0 for GUICHE_DAY_NONE (no due date); days before 2000-07-03 give what was counted then, below
 * 1000, and before 1997-10-07 there is none: -1. */
int guiche_due_factor (GuicheDay due);
/* @factor 1000 to 9999. FALSE when it falls outside the window of @today. */
gboolean guiche_due_factor_decode (int factor, GuicheDay today, GuicheDay *out_due);

G_END_DECLS
