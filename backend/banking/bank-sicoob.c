/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sicoob, "Leiaute cobrança sistemas de terceiros": the client code is not the account, and the
 * parcela belongs to the campo livre. */
#include "banking/bank-private.h"

#include <string.h>

#define NUMBER_WIDTH 7

/* Cooperativa (4), client (10) and number (7) times 3, 1, 9, 7, 3, … from the left; modulo 11, a
 * rest of 0 or 1 gives 0. */
static char
check_digit (const char *cooperativa, const char *client, const char *number)
{
  static const guint weights[] = { 3, 1, 9, 7 };
  char digits[4 + 10 + NUMBER_WIDTH];
  guint sum = 0, rest;

  memcpy (digits, cooperativa, 4);
  memcpy (digits + 4, "000", 3);
  memcpy (digits + 7, client, 7);
  memcpy (digits + 14, number, NUMBER_WIDTH);
  for (gsize i = 0; i < sizeof digits; i++)
    sum += (guint) (digits[i] - '0') * weights[i % 4];
  rest = sum % 11;
  return (char) (rest < 2 ? '0' : '0' + (11 - rest));
}

static gboolean
campo_livre (const GuicheBoletoInput *input,
             GuicheNossoNumero *out_number,
             char out[GUICHE_CAMPO_LIVRE_LENGTH],
             GError **error)
{
  const char *modalidade = *input->modalidade != '\0' ? input->modalidade : "01";
  const char *parcela = *input->parcela != '\0' ? input->parcela : "001";

  if (!guiche_bank_put_digits (input->carteira, 1, out, "carteira", error) ||
      !guiche_bank_put_digits (input->agencia, 4, out + 1, "agencia", error) ||
      !guiche_bank_put_digits (modalidade, 2, out + 5, "modalidade", error) ||
      !guiche_bank_put_digits (input->convenio, 7, out + 7, "convenio", error) ||
      !guiche_bank_put_digits (input->numero, NUMBER_WIDTH, out + 14, "numero", error) ||
      !guiche_bank_put_digits (parcela, 3, out + 22, "parcela", error))
    return FALSE;
  out[21] = check_digit (out + 1, out + 7, out + 14);
  memcpy (out_number->digits, out + 14, NUMBER_WIDTH);
  out_number->digits[NUMBER_WIDTH] = '\0';
  out_number->dv[0] = out[21];
  out_number->dv[1] = '\0';
  return TRUE;
}

const GuicheBank guiche_bank_sicoob = { "756", "Sicoob", campo_livre };
