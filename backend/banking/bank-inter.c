/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Banco Inter, manual CNAB 400 v1.1 section 6 and samples. Carteira 112 is numbered by the bank and
 * 110 by the company, from a range of ten digits; both have the same check digit. */
#include "banking/bank-private.h"

#include <string.h>

#define AGENCIA "0001"
#define NUMBER_WIDTH 10

/* Modulo 10 over 0001, carteira and the ten digits. */
static char
check_digit (const char *carteira, const char *number)
{
  char digits[4 + 3 + NUMBER_WIDTH];

  memcpy (digits, AGENCIA, 4);
  memcpy (digits + 4, carteira, 3);
  memcpy (digits + 7, number, NUMBER_WIDTH);
  return (char) ('0' + guiche_modulo_10 (digits, sizeof digits));
}

/* Ten digits, or eleven with the check digit; fewer are completed with zeros to ten, never to
 * eleven. */
static gboolean
read_number (const GuicheBoletoInput *input,
             const char *carteira,
             GuicheNossoNumero *out,
             GError **error)
{
  gsize length = strlen (input->numero);
  char number[NUMBER_WIDTH + 1];
  char dv;

  if (length != NUMBER_WIDTH + 1) {
    if (!guiche_bank_put_digits (input->numero, NUMBER_WIDTH, number, "numero", error))
      return FALSE;
    dv = check_digit (carteira, number);
  } else {
    if (!guiche_bank_put_digits (input->numero, NUMBER_WIDTH + 1, number, "numero", error))
      return FALSE;
    dv = check_digit (carteira, number);
    if (dv != input->numero[NUMBER_WIDTH])
      return guiche_banking_refuse (error, "numero", "check-digit",
                                    "numero: the check digit is %c, not %c", dv,
                                    input->numero[NUMBER_WIDTH]);
  }
  memcpy (out->digits, number, NUMBER_WIDTH);
  out->digits[NUMBER_WIDTH] = '\0';
  out->dv[0] = dv;
  out->dv[1] = '\0';
  return TRUE;
}

static gboolean
campo_livre (const GuicheBoletoInput *input,
             GuicheNossoNumero *out_number,
             char out[GUICHE_CAMPO_LIVRE_LENGTH],
             GError **error)
{
  memcpy (out, AGENCIA, 4);
  if (!guiche_bank_put_digits (input->carteira, 3, out + 4, "carteira", error) ||
      !guiche_bank_put_digits (input->convenio, 7, out + 7, "convenio", error) ||
      !read_number (input, out + 4, out_number, error))
    return FALSE;
  if (memcmp (out + 4, "110", 3) != 0 && memcmp (out + 4, "112", 3) != 0)
    return guiche_banking_refuse (error, "carteira", "range", "carteira: Inter has 110 and 112");
  memcpy (out + 14, out_number->digits, NUMBER_WIDTH);
  out[24] = out_number->dv[0];
  return TRUE;
}

const GuicheBank guiche_bank_inter = { "077", "Banco Inter", campo_livre };
