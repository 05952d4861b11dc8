/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/check-digit.h"

#include <string.h>

int
guiche_modulo_10 (const char *digits, gsize n)
{
  static const guint8 doubled[] = { 0, 2, 4, 6, 8, 1, 3, 5, 7, 9 };
  guint sum = 0;

  for (gsize i = 0; i < n; i++) {
    guint digit = (guint) (digits[n - 1 - i] - '0');

    sum += i % 2 == 0 ? doubled[digit] : digit;
  }
  return (int) ((10 - sum % 10) % 10);
}

int
guiche_modulo_11_rest (const char *digits, gsize n)
{
  guint sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (guint) (digits[n - 1 - i] - '0') * (guint) (2 + i % 8);
  return (int) (sum % 11);
}

int
guiche_modulo_11_barcode (const char *digits, gsize n)
{
  int digit = 11 - guiche_modulo_11_rest (digits, n);

  return digit > 9 ? 1 : digit;
}

/* Without a branch in the loop: files are made of digits. */
gboolean
guiche_is_digits (const char *text, gsize n)
{
  guint n_others = 0;

  for (gsize i = 0; i < n; i++)
    n_others += (guchar) (text[i] - '0') > 9;
  return n_others == 0;
}

gboolean
guiche_pad_digits (const char *text, gsize width, char *out)
{
  gsize length = strlen (text);

  if (length == 0 || length > width || !guiche_is_digits (text, length))
    return FALSE;
  memset (out, '0', width - length);
  memcpy (out + width - length, text, length);
  return TRUE;
}
