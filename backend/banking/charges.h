/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/business-day.h"

G_BEGIN_DECLS

typedef enum {
  GUICHE_FINE_NONE,
  GUICHE_FINE_CENTS,
  GUICHE_FINE_PERCENT,
} GuicheFineKind;

/* In the order of the Central Bank's cobv (modalidade 1 to 8). */
typedef enum {
  GUICHE_INTEREST_NONE,
  GUICHE_INTEREST_CENTS_PER_DAY,
  GUICHE_INTEREST_PERCENT_PER_DAY,
  GUICHE_INTEREST_PERCENT_PER_MONTH,
  GUICHE_INTEREST_PERCENT_PER_YEAR,
  GUICHE_INTEREST_CENTS_PER_BANKING_DAY,
  GUICHE_INTEREST_PERCENT_PER_BANKING_DAY,
  GUICHE_INTEREST_PERCENT_PER_MONTH_BANKING_DAYS,
  GUICHE_INTEREST_PERCENT_PER_YEAR_BANKING_DAYS,
} GuicheInterestKind;

/* In the order of CNAB's discount codes (C021) and of cobv (1 to 6). */
typedef enum {
  GUICHE_DISCOUNT_NONE,
  GUICHE_DISCOUNT_CENTS_UNTIL,
  GUICHE_DISCOUNT_PERCENT_UNTIL,
  GUICHE_DISCOUNT_CENTS_PER_DAY,
  GUICHE_DISCOUNT_CENTS_PER_BANKING_DAY,
  GUICHE_DISCOUNT_PERCENT_PER_DAY,
  GUICHE_DISCOUNT_PERCENT_PER_BANKING_DAY,
} GuicheDiscountKind;

#define GUICHE_MAX_DISCOUNTS 3

/* Cents for the kinds of cents, a rate (GUICHE_RATE_SCALE) for the percentages. */
typedef struct {
  GuicheDiscountKind kind;
  gint64 amount;
  GuicheDay until; /* GUICHE_DAY_NONE: the due date */
} GuicheDiscount;

/**
 * GuicheChargeTerms:
 *
 * What was agreed for one title.
 */
typedef struct {
  gint64 face_cents;
  gint64 abatement_cents;
  GuicheDay due;
  GuicheFineKind fine_kind;
  gint64 fine;
  GuicheInterestKind interest_kind;
  gint64 interest;
  GuicheDiscount discounts[GUICHE_MAX_DISCOUNTS];
} GuicheChargeTerms;

typedef struct {
  gint64 fine_cents, interest_cents, discount_cents, abatement_cents;
  gint64 total_cents;
} GuicheCharges;

/**
 * guiche_charges_compute:
 * @paid: the day of payment
 * @local: (nullable): holidays where the payer lives
 *
 * What is owed on a day. Fine once and simple interest from the day after the due date on face less
 * abatement, counted from the due date itself; nothing when the due date is no banking day and
 * @paid is the next one; months of 30 and years of 365 days (21 and 252 banking days); discount on
 * the face, the best one whose day has not passed; halves of a cent upwards. (RULES 3.7; the bank's
 * own figure rules.)
 *
 * Returns: FALSE with field and reason when terms contradict themselves or leave the range
 */
gboolean guiche_charges_compute (const GuicheChargeTerms *terms,
                                 GuicheDay paid,
                                 const GuicheHolidays *local,
                                 GuicheCharges *out,
                                 GError **error);

G_END_DECLS
