/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/charges.h"

#include "banking/money.h"
#include "banking/refusal.h"

/* One kind of interest: how long its period is, and in which days. */
static const struct {
  gboolean is_cents, is_banking;
  int days;
} periods[] = {
  [GUICHE_INTEREST_CENTS_PER_DAY] = { TRUE, FALSE, 1 },
  [GUICHE_INTEREST_PERCENT_PER_DAY] = { FALSE, FALSE, 1 },
  [GUICHE_INTEREST_PERCENT_PER_MONTH] = { FALSE, FALSE, 30 },
  [GUICHE_INTEREST_PERCENT_PER_YEAR] = { FALSE, FALSE, 365 },
  [GUICHE_INTEREST_CENTS_PER_BANKING_DAY] = { TRUE, TRUE, 1 },
  [GUICHE_INTEREST_PERCENT_PER_BANKING_DAY] = { FALSE, TRUE, 1 },
  [GUICHE_INTEREST_PERCENT_PER_MONTH_BANKING_DAYS] = { FALSE, TRUE, 21 },
  [GUICHE_INTEREST_PERCENT_PER_YEAR_BANKING_DAYS] = { FALSE, TRUE, 252 },
};

static gboolean
check_terms (const GuicheChargeTerms *terms, GError **error)
{
  if (terms->face_cents < 0)
    return guiche_banking_refuse (error, "v", "range", "The face value is negative");
  if (terms->abatement_cents < 0 || terms->abatement_cents > terms->face_cents)
    return guiche_banking_refuse (error, "abatimento", "range",
                                  "The abatement is negative or above the face value");
  if (terms->fine < 0)
    return guiche_banking_refuse (error, "multa", "range", "The fine is negative");
  if (terms->interest < 0)
    return guiche_banking_refuse (error, "juros", "range", "The interest is negative");
  for (guint i = 0; i < GUICHE_MAX_DISCOUNTS; i++)
    if (terms->discounts[i].amount < 0)
      return guiche_banking_refuse (error, "desc", "range", "A discount is negative");
  return TRUE;
}

static gboolean
compute_fine (const GuicheChargeTerms *terms, gint64 base, gint64 *out)
{
  switch (terms->fine_kind) {
  case GUICHE_FINE_CENTS:
    *out = terms->fine;
    return TRUE;
  case GUICHE_FINE_PERCENT:
    return guiche_money_apply_rate (base, terms->fine, 1, 100, out);
  case GUICHE_FINE_NONE:
  default:
    return TRUE;
  }
}

static gboolean
compute_interest (const GuicheChargeTerms *terms,
                  gint64 base,
                  GuicheDay paid,
                  const GuicheHolidays *local,
                  gint64 *out)
{
  gint64 n_days;

  if (terms->interest_kind == GUICHE_INTEREST_NONE)
    return TRUE;
  n_days = periods[terms->interest_kind].is_banking
               ? guiche_day_count_banking_days (terms->due, paid, local)
               : paid - terms->due;
  if (periods[terms->interest_kind].is_cents)
    return guiche_money_multiply (terms->interest, n_days, out);
  return guiche_money_apply_rate (base, terms->interest, n_days,
                                  100 * periods[terms->interest_kind].days, out);
}

static gboolean
compute_discount (const GuicheChargeTerms *terms,
                  const GuicheDiscount *discount,
                  GuicheDay paid,
                  const GuicheHolidays *local,
                  gint64 *out)
{
  GuicheDay until = discount->until == GUICHE_DAY_NONE ? terms->due : discount->until;
  gint64 n_days = terms->due - paid;

  if (paid > MIN (until, terms->due))
    return TRUE;
  if (discount->kind == GUICHE_DISCOUNT_CENTS_PER_BANKING_DAY ||
      discount->kind == GUICHE_DISCOUNT_PERCENT_PER_BANKING_DAY)
    n_days = guiche_day_count_banking_days (paid, terms->due, local);
  switch (discount->kind) {
  case GUICHE_DISCOUNT_CENTS_UNTIL:
    *out = discount->amount;
    return TRUE;
  case GUICHE_DISCOUNT_PERCENT_UNTIL:
    return guiche_money_apply_rate (terms->face_cents, discount->amount, 1, 100, out);
  case GUICHE_DISCOUNT_CENTS_PER_DAY:
  case GUICHE_DISCOUNT_CENTS_PER_BANKING_DAY:
    return guiche_money_multiply (discount->amount, n_days, out);
  case GUICHE_DISCOUNT_PERCENT_PER_DAY:
  case GUICHE_DISCOUNT_PERCENT_PER_BANKING_DAY:
    return guiche_money_apply_rate (terms->face_cents, discount->amount, n_days, 100, out);
  case GUICHE_DISCOUNT_NONE:
  default:
    return TRUE;
  }
}

static gboolean
add_up (GuicheCharges *charges, gint64 base)
{
  return guiche_money_add (base, charges->fine_cents, &charges->total_cents) &&
         guiche_money_add (charges->total_cents, charges->interest_cents, &charges->total_cents) &&
         guiche_money_subtract (charges->total_cents, charges->discount_cents,
                                &charges->total_cents);
}

static gboolean
refuse_range (GError **error)
{
  return guiche_banking_refuse (error, "v", "range", "The charges leave the range of amounts");
}

gboolean
guiche_charges_compute (const GuicheChargeTerms *terms,
                        GuicheDay paid,
                        const GuicheHolidays *local,
                        GuicheCharges *out,
                        GError **error)
{
  GuicheCharges charges = { .abatement_cents = terms->abatement_cents };
  gint64 base;

  if (!check_terms (terms, error))
    return FALSE;
  base = terms->face_cents - terms->abatement_cents;
  if (paid > guiche_day_next_banking_day (terms->due, local) &&
      (!compute_fine (terms, base, &charges.fine_cents) ||
       !compute_interest (terms, base, paid, local, &charges.interest_cents)))
    return refuse_range (error);
  for (guint i = 0; i < GUICHE_MAX_DISCOUNTS; i++) {
    gint64 discount = 0;

    if (!compute_discount (terms, &terms->discounts[i], paid, local, &discount))
      return refuse_range (error);
    charges.discount_cents = MAX (charges.discount_cents, MIN (discount, base));
  }
  if (!add_up (&charges, base))
    return refuse_range (error);
  *out = charges;
  return TRUE;
}
