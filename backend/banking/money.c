/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/money.h"

__extension__ typedef __int128 Wide;

gboolean
guiche_money_add (gint64 a, gint64 b, gint64 *out)
{
  return !__builtin_add_overflow (a, b, out);
}

gboolean
guiche_money_subtract (gint64 a, gint64 b, gint64 *out)
{
  return !__builtin_sub_overflow (a, b, out);
}

gboolean
guiche_money_multiply (gint64 a, gint64 b, gint64 *out)
{
  return !__builtin_mul_overflow (a, b, out);
}

gboolean
guiche_money_apply_rate (gint64 amount,
                         gint64 rate,
                         gint64 count,
                         gint64 divisor,
                         gint64 *out_cents)
{
  Wide product, whole_divisor;

  g_return_val_if_fail (divisor > 0, FALSE);

  if (__builtin_mul_overflow ((Wide) amount * rate, (Wide) count, &product))
    return FALSE;
  whole_divisor = (Wide) divisor * GUICHE_RATE_SCALE;
  product = product < 0 ? (product - whole_divisor / 2) / whole_divisor
                        : (product + whole_divisor / 2) / whole_divisor;
  if (product > G_MAXINT64 || product < G_MININT64)
    return FALSE;
  *out_cents = (gint64) product;
  return TRUE;
}

/* Digits, and after a point @min to @max more, as a whole number scaled by 10^@max. */
static gboolean
parse_scaled (const char *text, int min, int max, gint64 *out)
{
  gint64 value = 0;
  int n_digits = 0, n_decimals = 0;
  const char *at = text;

  for (; g_ascii_isdigit (*at); at++, n_digits++)
    if (__builtin_mul_overflow (value, 10, &value) ||
        __builtin_add_overflow (value, *at - '0', &value))
      return FALSE;
  if (*at == '.') {
    at++;
    for (; g_ascii_isdigit (*at) && n_decimals < max; at++, n_decimals++)
      if (__builtin_mul_overflow (value, 10, &value) ||
          __builtin_add_overflow (value, *at - '0', &value))
        return FALSE;
    if (n_decimals == 0)
      return FALSE;
  }
  if (*at != '\0' || n_digits == 0 || n_decimals < min)
    return FALSE;
  for (; n_decimals < max; n_decimals++)
    if (__builtin_mul_overflow (value, 10, &value))
      return FALSE;
  *out = value;
  return TRUE;
}

gboolean
guiche_rate_parse (const char *text, gint64 *out_rate)
{
  return parse_scaled (text, 0, 6, out_rate);
}

gboolean
guiche_money_parse (const char *text, gboolean allows_short, gint64 *out_cents)
{
  return parse_scaled (text, allows_short ? 0 : 2, 2, out_cents);
}

void
guiche_money_format (gint64 cents, char out[GUICHE_MONEY_TEXT_SIZE])
{
  guint64 absolute = cents < 0 ? -(guint64) cents : (guint64) cents;

  g_snprintf (out, GUICHE_MONEY_TEXT_SIZE, "%s%" G_GUINT64_FORMAT ".%02u", cents < 0 ? "-" : "",
              absolute / 100, (guint) (absolute % 100));
}
