/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Banco do Brasil, "Especificações técnicas" 2016, anexos VII to XI: four sizes of agreement. */
#include "banking/bank-private.h"

#include <string.h>

#define FREE_WIDTH 17

/* Weights 9 down to 2 from the right, modulo 11; 10 is X. The weights 2 to 9 give 11 less that. */
static char
check_digit (const char *digits, gsize n)
{
  int rest = (11 - guiche_modulo_11_rest (digits, n)) % 11;

  return rest == 10 ? 'X' : (char) ('0' + rest);
}

/* Convênio and number in 11 digits with a check digit: convênios of four and six digits. */
static gboolean
put_eleven (const GuicheBoletoInput *input,
            gsize convenio_width,
            GuicheNossoNumero *out_number,
            char *out,
            GError **error)
{
  if (!guiche_bank_put_digits (input->convenio, convenio_width, out, "convenio", error) ||
      !guiche_bank_put_digits (input->numero, 11 - convenio_width, out + convenio_width, "numero",
                               error) ||
      !guiche_bank_put_digits (input->agencia, 4, out + 11, "agencia", error) ||
      !guiche_bank_put_digits (input->conta, 8, out + 15, "conta", error) ||
      !guiche_bank_put_digits (input->carteira, 2, out + 23, "carteira", error))
    return FALSE;
  memcpy (out_number->digits, out, 11);
  out_number->digits[11] = '\0';
  out_number->dv[0] = check_digit (out, 11);
  out_number->dv[1] = '\0';
  return TRUE;
}

/* Convênios above 1,000,000: 17 digits, of which seven are the convênio; no digit in the files. */
static gboolean
put_seventeen (const GuicheBoletoInput *input,
               GuicheNossoNumero *out_number,
               char *out,
               GError **error)
{
  memcpy (out, "000000", 6);
  if (!guiche_bank_put_digits (input->convenio, 7, out + 6, "convenio", error) ||
      !guiche_bank_put_digits (input->numero, 10, out + 13, "numero", error) ||
      !guiche_bank_put_digits (input->carteira, 2, out + 23, "carteira", error))
    return FALSE;
  memcpy (out_number->digits, out + 6, FREE_WIDTH);
  out_number->digits[FREE_WIDTH] = '\0';
  out_number->dv[0] = '\0';
  return TRUE;
}

/* The old agreements without registration: convênio of six and 17 digits as the company likes. */
static gboolean
put_free (const GuicheBoletoInput *input, GuicheNossoNumero *out_number, char *out, GError **error)
{
  if (!guiche_bank_put_digits (input->convenio, 6, out, "convenio", error) ||
      !guiche_bank_put_digits (input->numero, FREE_WIDTH, out + 6, "numero", error))
    return FALSE;
  memcpy (out + 23, "21", 2);
  memcpy (out_number->digits, out + 6, FREE_WIDTH);
  out_number->digits[FREE_WIDTH] = '\0';
  out_number->dv[0] = '\0';
  return TRUE;
}

static gboolean
is_free (const GuicheBoletoInput *input)
{
  if (input->tipo != NULL &&
      (strstr (input->tipo, "livre") != NULL || strstr (input->tipo, "17") != NULL))
    return TRUE;
  return strlen (input->convenio) == 6 && strlen (input->numero) == FREE_WIDTH;
}

static gboolean
campo_livre (const GuicheBoletoInput *input,
             GuicheNossoNumero *out_number,
             char out[GUICHE_CAMPO_LIVRE_LENGTH],
             GError **error)
{
  switch (strlen (input->convenio)) {
  case 4:
    return put_eleven (input, 4, out_number, out, error);
  case 6:
    return is_free (input) ? put_free (input, out_number, out, error)
                           : put_eleven (input, 6, out_number, out, error);
  case 7:
    return put_seventeen (input, out_number, out, error);
  default:
    return guiche_banking_refuse (error, "convenio", "range",
                                  "convenio: Banco do Brasil's have 4, 6 or 7 digits");
  }
}

const GuicheBank guiche_bank_bb = { "001", "Banco do Brasil", campo_livre };
