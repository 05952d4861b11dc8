/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/due-factor.h"

#define CYCLE 9000
#define FIRST_FACTOR 1000
/* 2000-07-03, as days since 1970-01-01 */
#define FIRST_DAY 11141

int
guiche_due_factor (GuicheDay due)
{
  if (due == GUICHE_DAY_NONE)
    return 0;
  if (due < FIRST_DAY)
    return due < FIRST_DAY - FIRST_FACTOR ? -1 : due - (FIRST_DAY - FIRST_FACTOR);
  return FIRST_FACTOR + (due - FIRST_DAY) % CYCLE;
}

gboolean
guiche_due_factor_decode (int factor, GuicheDay today, GuicheDay *out_due)
{
  GuicheDay earliest = today - GUICHE_DUE_FACTOR_DAYS_BACK;
  GuicheDay due = FIRST_DAY + factor - FIRST_FACTOR;

  g_return_val_if_fail (factor >= FIRST_FACTOR && factor < FIRST_FACTOR + CYCLE, FALSE);

  if (due < earliest)
    due += (earliest - due + CYCLE - 1) / CYCLE * CYCLE;
  if (due > today + GUICHE_DUE_FACTOR_DAYS_FORWARD)
    return FALSE;
  *out_due = due;
  return TRUE;
}
