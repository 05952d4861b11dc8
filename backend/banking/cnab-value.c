/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-value.h"

#include "banking/check-digit.h"

#include <string.h>

#define MAX_DIGITS 18
#define FIRST_YEAR_OF_TWO_DIGITS 70

static gboolean
is_blank (const char *text, guint length)
{
  for (guint i = 0; i < length; i++)
    if (text[i] != ' ')
      return FALSE;
  return TRUE;
}

gboolean
guiche_cnab_value_is_number (const char *text, guint length)
{
  return guiche_is_digits (text, length) || is_blank (text, length);
}

gboolean
guiche_cnab_value_number (const char *text, guint length, gint64 *out)
{
  gint64 value = 0;

  if (text[0] == ' ' && is_blank (text, length)) {
    *out = 0;
    return TRUE;
  }
  if (length > MAX_DIGITS || !guiche_is_digits (text, length))
    return FALSE;
  for (guint i = 0; i < length; i++)
    value = value * 10 + (text[i] - '0');
  *out = value;
  return TRUE;
}

static gboolean
is_all (const char *text, guint length, char character)
{
  for (guint i = 0; i < length; i++)
    if (text[i] != character)
      return FALSE;
  return TRUE;
}

GuicheCnabDayState
guiche_cnab_value_day (const char *text, guint length, GuicheDay *out)
{
  gint64 digits;
  int year;

  if (is_all (text, length, '0') || is_all (text, length, ' ') ||
      (length == 6 && (is_all (text, length, '8') || is_all (text, length, '9'))))
    return GUICHE_CNAB_DAY_ABSENT;
  if (!guiche_is_digits (text, length) || !guiche_cnab_value_number (text, length, &digits))
    return GUICHE_CNAB_DAY_INVALID;
  year = (int) (length == 6 ? digits % 100 : digits % 10000);
  if (length == 6) {
    year += year < FIRST_YEAR_OF_TWO_DIGITS ? 2000 : 1900;
    digits /= 100;
  } else {
    digits /= 10000;
  }
  return guiche_day_from_civil (year, (int) (digits % 100), (int) (digits / 100), out)
             ? GUICHE_CNAB_DAY_GIVEN
             : GUICHE_CNAB_DAY_INVALID;
}

char *
guiche_cnab_value_text (const char *text, guint length, gboolean is_trimmed)
{
  char *utf8 = g_malloc (2 * (gsize) length + 1);
  gsize n = 0;

  while (is_trimmed && length > 0 && text[length - 1] == ' ')
    length--;
  for (; is_trimmed && length > 0 && *text == ' '; text++)
    length--;
  for (guint i = 0; i < length; i++) {
    guchar byte = (guchar) text[i];

    if (byte >= 0x80)
      utf8[n++] = (char) (0xC0 | byte >> 6);
    utf8[n++] = (char) (byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
  }
  utf8[n] = '\0';
  return utf8;
}

char *
guiche_cnab_value_dashed (const char *text, guint length)
{
  g_autofree char *number = guiche_cnab_value_text (text, length - 1, FALSE);
  g_autofree char *digit = guiche_cnab_value_text (text + length - 1, 1, FALSE);

  return g_strconcat (number, "-", digit, NULL);
}

gboolean
guiche_cnab_value_put_number (char *out, guint length, gint64 value)
{
  if (value < 0)
    return FALSE;
  for (guint i = length; i > 0; i--, value /= 10)
    out[i - 1] = (char) ('0' + value % 10);
  return value == 0;
}

void
guiche_cnab_value_put_day (char *out, guint length, GuicheDay day)
{
  int year, month, day_of_month;

  if (day == GUICHE_DAY_NONE) {
    memset (out, '0', length);
    return;
  }
  guiche_day_to_civil (day, &year, &month, &day_of_month);
  guiche_cnab_value_put_number (out, 2, day_of_month);
  guiche_cnab_value_put_number (out + 2, 2, month);
  guiche_cnab_value_put_number (out + 4, length - 4, length == 6 ? year % 100 : year);
}

GuicheCnabPut
guiche_cnab_value_put_text (char *out, guint length, const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar character = g_utf8_get_char (text);

    if (n == length)
      return GUICHE_CNAB_PUT_TOO_LONG;
    if (character > 0xFF || character < 0x20 || (character >= 0x7F && character < 0xA0))
      return GUICHE_CNAB_PUT_ENCODING;
    out[n++] = (char) character;
  }
  memset (out + n, ' ', length - n);
  return GUICHE_CNAB_PUT_DONE;
}
