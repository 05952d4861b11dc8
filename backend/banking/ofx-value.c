/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/check-digit.h"
#include "banking/ofx.h"

#include <string.h>

#define MAX_INTEGER_DIGITS 16

/* The last separator is the decimal one, another kind before it groups thousands (OFX 3.2.9.2 knows
 * one separator; banks write both). More than two decimals must be zeros. */
gboolean
guiche_ofx_parse_amount (const char *text, gint64 *out_cents)
{
  gboolean is_negative = *text == '-';
  const char *digits = text + (*text == '-' || *text == '+');
  gsize length = strlen (digits);
  const char *comma = strrchr (digits, ','), *point = strrchr (digits, '.');
  const char *decimal = comma > point ? comma : point;
  char thousands = decimal == NULL ? '\0' : decimal == comma ? '.' : ',';
  gint64 cents = 0;
  gsize n_digits = 0, n_decimals = 0;

  for (gsize i = 0; i < length; i++) {
    const char *at = digits + i;

    if (at == decimal)
      continue;
    if (*at == thousands && at < decimal && n_digits > 0)
      continue;
    if (!g_ascii_isdigit (*at))
      return FALSE;
    if (decimal == NULL || at < decimal)
      n_digits++;
    else if (++n_decimals > 2 && *at != '0')
      return FALSE;
    if (n_digits > MAX_INTEGER_DIGITS)
      return FALSE;
    if (n_decimals <= 2)
      cents = cents * 10 + (*at - '0');
  }
  if (n_digits + n_decimals == 0)
    return FALSE;
  for (; n_decimals < 2; n_decimals++)
    cents *= 10;
  *out_cents = is_negative ? -cents : cents;
  return TRUE;
}

static int
number (const char *text, int n)
{
  int value = 0;

  for (int i = 0; i < n; i++)
    value = value * 10 + (text[i] - '0');
  return value;
}

gboolean
guiche_ofx_parse_day (const char *text, GuicheDay *out_day)
{
  return strlen (text) >= 8 && guiche_is_digits (text, 8) &&
         guiche_day_from_civil (number (text, 4), number (text + 4, 2), number (text + 6, 2),
                                out_day);
}
