/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/bank.h"

#include "banking/bank-table.h"
#include "banking/check-digit.h"
#include "banking/refusal.h"

#include <string.h>

const GuicheBank *
guiche_bank_find (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (banks); i++)
    if (strcmp (banks[i]->code, code) == 0)
      return banks[i];
  return NULL;
}

gboolean
guiche_bank_put_digits (const char *text, gsize width, char *out, const char *field, GError **error)
{
  gsize length = strlen (text);

  if (length == 0 || !guiche_is_digits (text, length))
    return guiche_banking_refuse (error, field, "digits", "%s: digits are needed", field);
  while (length > width && *text == '0') {
    text++;
    length--;
  }
  if (length > width)
    return guiche_banking_refuse (error, field, "range", "%s: at most %" G_GSIZE_FORMAT " digits",
                                  field, width);
  return guiche_pad_digits (text, width, out);
}
