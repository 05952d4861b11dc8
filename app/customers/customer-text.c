/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "customers/customer-text.h"

#include "base/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define CPF_DIGITS 11
#define CNPJ_DIGITS 14

char *
guiche_customer_text_phone (const char *digits)
{
  gsize length = digits != NULL ? strlen (digits) : 0;

  if (length > 0 && strspn (digits, "0123456789") != length)
    return g_strdup (digits);

  if ((length == 12 || length == 13) && g_str_has_prefix (digits, "55"))
    return g_strdup_printf ("+55 %.2s %.*s-%s", digits + 2, (int) length - 8, digits + 4,
                            digits + length - 4);
  if (length == 10 || length == 11)
    return g_strdup_printf ("%.2s %.*s-%s", digits, (int) length - 6, digits + 2,
                            digits + length - 4);
  return g_strdup (digits != NULL ? digits : "");
}

char *
guiche_customer_text_document (const char *digits)
{
  gsize length = digits != NULL ? strlen (digits) : 0;

  if (length == CPF_DIGITS && strspn (digits, "0123456789") == length)
    return g_strdup_printf ("%.3s.%.3s.%.3s-%s", digits, digits + 3, digits + 6, digits + 9);
  if (length == CNPJ_DIGITS && strspn (digits, "0123456789") == length)
    return g_strdup_printf ("%.2s.%.3s.%.3s/%.4s-%s", digits, digits + 2, digits + 5, digits + 8,
                            digits + 12);
  return g_strdup (digits != NULL ? digits : "");
}

static const struct {
  const char *status, *text, *css_class;
} statuses[] = {
  { "active", N_ ("Active"), "success" },
    { "suspended", N_ ("Suspended"), "warning" },
      { "cancelled", N_ ("Cancelled"), "error" },
        { "lead", N_ ("Not a customer yet"), "accent" },
      };

const char *
guiche_customer_text_status (const char *status)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    if (g_strcmp0 (status, statuses[i].status) == 0)
      return _ (statuses[i].text);
  }
  return "";
}

const char *
guiche_customer_text_status_css_class (const char *status)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    if (g_strcmp0 (status, statuses[i].status) == 0)
      return statuses[i].css_class;
  }
  return "dim-label";
}

gboolean
guiche_customer_text_is_phone (const char *text)
{
  g_autofree char *digits = guiche_text_digits (text);
  gsize length = strlen (digits);

  if (*text == '\0')
    return TRUE;
  return strspn (text, "0123456789 +-().") == strlen (text) && length >= 8 && length <= 15;
}

gboolean
guiche_customer_text_is_email (const char *text)
{
  const char *at = strchr (text, '@');

  if (*text == '\0')
    return TRUE;
  return at != NULL && at != text && strchr (at + 1, '@') == NULL && strchr (at + 1, '.') != NULL &&
         at[1] != '.' && text[strlen (text) - 1] != '.' && strpbrk (text, " \t\r\n<>,;\"") == NULL;
}

/* Modulo 11, weights counted down to 2 and wrapping at @highest. */
static char
check_digit (const char *digits, gsize length, guint highest)
{
  guint sum = 0;
  guint weight = 2;

  for (gsize i = length; i > 0; i--) {
    sum += (guint) (digits[i - 1] - '0') * weight;
    weight = weight == highest ? 2 : weight + 1;
  }
  return (char) ('0' + (sum % 11 < 2 ? 0 : 11 - sum % 11));
}

gboolean
guiche_customer_text_is_document (const char *text)
{
  g_autofree char *digits = guiche_text_digits (text);
  gsize length = strlen (digits);
  guint highest = length == CPF_DIGITS ? 12 : 9;

  if (*text == '\0')
    return TRUE;
  if ((length != CPF_DIGITS && length != CNPJ_DIGITS) ||
      strspn (text, "0123456789./- ") != strlen (text) ||
      strspn (digits, (const char[]){ digits[0], '\0' }) == length)
    return FALSE;
  return digits[length - 2] == check_digit (digits, length - 2, highest) &&
         digits[length - 1] == check_digit (digits, length - 1, highest);
}
