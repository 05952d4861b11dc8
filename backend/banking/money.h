/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Money is gint64 cents, never floating point; every operation that could leave the range says so.
 * A rate is a decimal number with six places: 2 % is 2000000. */
#define GUICHE_RATE_SCALE G_GINT64_CONSTANT (1000000)

gboolean guiche_money_add (gint64 a, gint64 b, gint64 *out);
gboolean guiche_money_subtract (gint64 a, gint64 b, gint64 *out);
gboolean guiche_money_multiply (gint64 a, gint64 b, gint64 *out);
/* @amount × @rate × @count ÷ @divisor, halves away from zero, with no rounding in between. @rate is
 * per GUICHE_RATE_SCALE; a percentage needs a @divisor of 100 times its period. */
gboolean guiche_money_apply_rate (gint64 amount,
                                  gint64 rate,
                                  gint64 count,
                                  gint64 divisor,
                                  gint64 *out_cents);
/* "2", "3.5", "0.033333": digits, a point, at most six more digits. */
gboolean guiche_rate_parse (const char *text, gint64 *out_rate);
/* "10.00" as Pix and the banks write it: digits, a point and exactly two digits; or digits only
 * when
 * @allows_short, then also one decimal. */
gboolean guiche_money_parse (const char *text, gboolean allows_short, gint64 *out_cents);
/* The longest is "-92233720368547758.08". */
#define GUICHE_MONEY_TEXT_SIZE 24
void guiche_money_format (gint64 cents, char out[GUICHE_MONEY_TEXT_SIZE]);

G_END_DECLS
