/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FEBRABAN, "Layout padrão de arrecadação/recebimento com utilização do código de barras". Only
 * recognised: it belongs to utilities and governments. */
#include "banking/boleto.h"
#include "banking/check-digit.h"

#include <string.h>

#define BLOCK 11
#define N_BLOCKS 4

/* The third digit says how every check digit is made: 6 and 7 modulo 10, 8 and 9 modulo 11. */
static int
check_digit (char kind, const char *digits, gsize n)
{
  int rest;

  if (kind == '6' || kind == '7')
    return guiche_modulo_10 (digits, n);
  rest = guiche_modulo_11_rest (digits, n);
  return rest < 2 ? 0 : 11 - rest;
}

static gboolean
has_right_barcode (const char *barcode)
{
  char digits[GUICHE_BARCODE_LENGTH - 1];

  memcpy (digits, barcode, 3);
  memcpy (digits + 3, barcode + 4, sizeof digits - 3);
  return barcode[3] == '0' + check_digit (barcode[2], digits, sizeof digits);
}

gboolean
guiche_arrecadacao_is_valid (const char *digits)
{
  gsize length = strlen (digits);
  char barcode[GUICHE_BARCODE_LENGTH];

  if ((length != GUICHE_ARRECADACAO_LENGTH && length != GUICHE_BARCODE_LENGTH) ||
      !guiche_is_digits (digits, length) || digits[0] != '8' || digits[2] < '6')
    return FALSE;
  if (length == GUICHE_BARCODE_LENGTH)
    return has_right_barcode (digits);
  for (gsize i = 0; i < N_BLOCKS; i++) {
    const char *block = digits + i * (BLOCK + 1);

    if (block[BLOCK] != '0' + check_digit (digits[2], block, BLOCK))
      return FALSE;
    memcpy (barcode + i * BLOCK, block, BLOCK);
  }
  return has_right_barcode (barcode);
}
