/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/boleto.h"

#include "banking/check-digit.h"
#include "banking/due-factor.h"
#include "banking/refusal.h"

#include <string.h>

#define CURRENCY_REAL '9'
#define AT_DV 4
#define AT_FACTOR 5
#define AT_VALUE 9
#define AT_CAMPO_LIVRE 19
#define VALUE_WIDTH 10
#define FACTOR_WIDTH 4
/* Above this the value takes the factor's digits too. */
#define MAX_VALUE_WITH_FACTOR G_GINT64_CONSTANT (9999999999)
/* Fourteen digits whose first four are below 1000, or they would read as a factor. */
#define MAX_VALUE G_GINT64_CONSTANT (9999999999999)

static void
put_number (char *out, gint64 value, int width)
{
  for (int i = width - 1; i >= 0; i--, value /= 10)
    out[i] = (char) ('0' + value % 10);
}

static gint64
get_number (const char *digits, int width)
{
  gint64 value = 0;

  for (int i = 0; i < width; i++)
    value = value * 10 + (digits[i] - '0');
  return value;
}

/* Of the 43 digits around it. */
static char
barcode_dv (const char *barcode)
{
  char digits[GUICHE_BARCODE_LENGTH - 1];

  memcpy (digits, barcode, AT_DV);
  memcpy (digits + AT_DV, barcode + AT_DV + 1, sizeof digits - AT_DV);
  return (char) ('0' + guiche_modulo_11_barcode (digits, sizeof digits));
}

/* Five and ten digits with their check digit, a dot after the fifth: AAABC.CCCCX. */
static char *
put_linha_field (char *out, const char *first, gsize n_first, const char *rest, gsize n_rest)
{
  char digits[10];

  memcpy (digits, first, n_first);
  memcpy (digits + n_first, rest, n_rest);
  memcpy (out, digits, 5);
  out[5] = '.';
  memcpy (out + 6, digits + 5, n_first + n_rest - 5);
  out += 1 + n_first + n_rest;
  *out++ = (char) ('0' + guiche_modulo_10 (digits, n_first + n_rest));
  *out++ = ' ';
  return out;
}

static void
put_linha (char *out, const char *barcode)
{
  const char *campo_livre = barcode + AT_CAMPO_LIVRE;

  out = put_linha_field (out, barcode, 4, campo_livre, 5);
  out = put_linha_field (out, campo_livre + 5, 5, campo_livre + 10, 5);
  out = put_linha_field (out, campo_livre + 15, 5, campo_livre + 20, 5);
  *out++ = barcode[AT_DV];
  *out++ = ' ';
  memcpy (out, barcode + AT_FACTOR, FACTOR_WIDTH + VALUE_WIDTH);
  out[FACTOR_WIDTH + VALUE_WIDTH] = '\0';
}

static gboolean
put_factor_and_value (char *barcode, GuicheDay due, gint64 amount_cents, GError **error)
{
  int factor = guiche_due_factor (due);

  if (amount_cents < 0 || amount_cents > MAX_VALUE)
    return guiche_banking_refuse (error, "valor_centavos", "range",
                                  "valor_centavos: 0 to %" G_GINT64_FORMAT, MAX_VALUE);
  if (due != GUICHE_DAY_NONE && factor < 1000)
    return guiche_banking_refuse (error, "vencimento", "range",
                                  "vencimento: no boleto is due before 2000-07-03");
  if (amount_cents > MAX_VALUE_WITH_FACTOR) {
    put_number (barcode + AT_FACTOR, amount_cents, FACTOR_WIDTH + VALUE_WIDTH);
  } else {
    put_number (barcode + AT_FACTOR, factor, FACTOR_WIDTH);
    put_number (barcode + AT_VALUE, amount_cents, VALUE_WIDTH);
  }
  return TRUE;
}

/* The texts that follow from a barcode whose digits are known to be right. */
static void
fill_texts (GuicheBoleto *out, const char *barcode)
{
  memcpy (out->bank, barcode, 3);
  out->bank[3] = '\0';
  memcpy (out->campo_livre, barcode + AT_CAMPO_LIVRE, GUICHE_CAMPO_LIVRE_LENGTH);
  out->campo_livre[GUICHE_CAMPO_LIVRE_LENGTH] = '\0';
  memcpy (out->codigo_barras, barcode, GUICHE_BARCODE_LENGTH);
  out->codigo_barras[GUICHE_BARCODE_LENGTH] = '\0';
  put_linha (out->linha_digitavel, barcode);
}

gboolean
guiche_boleto_encode (const GuicheBoletoTitle *title,
                      GuicheNossoNumero *out_number,
                      GuicheBoleto *out,
                      GError **error)
{
  const GuicheBank *bank = guiche_bank_find (title->input.banco);
  char barcode[GUICHE_BARCODE_LENGTH];

  if (bank == NULL)
    return guiche_banking_refuse (error, "banco", "unknown", "banco: no such bank is known");
  memcpy (barcode, bank->code, 3);
  barcode[3] = CURRENCY_REAL;
  if (!put_factor_and_value (barcode, title->due, title->amount_cents, error) ||
      !bank->campo_livre (&title->input, out_number, barcode + AT_CAMPO_LIVRE, error))
    return FALSE;
  barcode[AT_DV] = barcode_dv (barcode);
  out->due = title->due;
  out->amount_cents = title->amount_cents;
  fill_texts (out, barcode);
  return TRUE;
}

static gboolean
read_factor_and_value (const char *barcode,
                       const char *field,
                       GuicheDay today,
                       GuicheBoleto *out,
                       GError **error)
{
  int factor = (int) get_number (barcode + AT_FACTOR, FACTOR_WIDTH);

  out->due = GUICHE_DAY_NONE;
  if (factor < 1000) {
    out->amount_cents = get_number (barcode + AT_FACTOR, FACTOR_WIDTH + VALUE_WIDTH);
    return TRUE;
  }
  out->amount_cents = get_number (barcode + AT_VALUE, VALUE_WIDTH);
  if (!guiche_due_factor_decode (factor, today, &out->due))
    return guiche_banking_refuse (
        error, field, "due-factor", "%s: due factor %d is no day from %d days ago to %d days ahead",
        field, factor, GUICHE_DUE_FACTOR_DAYS_BACK, GUICHE_DUE_FACTOR_DAYS_FORWARD);
  return TRUE;
}

static gboolean
decode (const char *barcode, const char *field, GuicheDay today, GuicheBoleto *out, GError **error)
{
  if (barcode[3] != CURRENCY_REAL && barcode[3] != '0')
    return guiche_banking_refuse (error, field, "currency", "%s: currency %c is unknown", field,
                                  barcode[3]);
  if (barcode_dv (barcode) != barcode[AT_DV])
    return guiche_banking_refuse (error, field, "check-digit",
                                  "%s: the barcode's check digit is %c, not %c", field,
                                  barcode_dv (barcode), barcode[AT_DV]);
  if (!read_factor_and_value (barcode, field, today, out, error))
    return FALSE;
  fill_texts (out, barcode);
  return TRUE;
}

static gboolean
refuse_arrecadacao (const char *field, const char *digits, GError **error)
{
  return guiche_banking_refuse (
      error, field, "arrecadacao", "%s: this is an arrecadação (utilities, taxes)%s, not a boleto",
      field, guiche_arrecadacao_is_valid (digits) ? "" : " with wrong digits");
}

gboolean
guiche_boleto_decode_barcode (const char *digits,
                              GuicheDay today,
                              GuicheBoleto *out,
                              GError **error)
{
  const char *field = "codigo_barras";
  gsize length = strlen (digits);

  if (!guiche_is_digits (digits, length))
    return guiche_banking_refuse (error, field, "digits", "%s: digits only", field);
  if (length != GUICHE_BARCODE_LENGTH)
    return guiche_banking_refuse (error, field, "width", "%s: %d digits, not %" G_GSIZE_FORMAT,
                                  field, GUICHE_BARCODE_LENGTH, length);
  if (digits[0] == '8')
    return refuse_arrecadacao (field, digits, error);
  return decode (digits, field, today, out, error);
}

/* Takes dots and spaces out; -1 for anything else that is no digit, or for too many. */
static int
compact_linha (const char *text, char out[GUICHE_ARRECADACAO_LENGTH + 1])
{
  int n = 0;

  for (; *text != '\0'; text++) {
    if (*text == '.' || *text == ' ' || *text == '-')
      continue;
    if (!g_ascii_isdigit (*text))
      return -1;
    if (n == GUICHE_ARRECADACAO_LENGTH)
      return n + 1;
    out[n++] = *text;
  }
  out[n] = '\0';
  return n;
}

gboolean
guiche_boleto_decode_linha (const char *text, GuicheDay today, GuicheBoleto *out, GError **error)
{
  static const struct {
    int at, length;
  } fields[] = { { 0, 9 }, { 10, 10 }, { 21, 10 } };

  const char *field = "linha_digitavel";
  char linha[GUICHE_ARRECADACAO_LENGTH + 1];
  char barcode[GUICHE_BARCODE_LENGTH];
  int n = compact_linha (text, linha);

  if (n < 0)
    return guiche_banking_refuse (error, field, "digits", "%s: digits, dots and spaces only",
                                  field);
  if (n == GUICHE_ARRECADACAO_LENGTH && linha[0] == '8')
    return refuse_arrecadacao (field, linha, error);
  if (n != GUICHE_LINHA_LENGTH)
    return guiche_banking_refuse (error, field, "width", "%s: %d digits are needed", field,
                                  GUICHE_LINHA_LENGTH);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    int digit = guiche_modulo_10 (linha + fields[i].at, (gsize) fields[i].length);

    if (linha[fields[i].at + fields[i].length] != '0' + digit)
      return guiche_banking_refuse (error, field, "check-digit",
                                    "%s: the check digit of field %d is %d, not %c", field,
                                    (int) i + 1, digit, linha[fields[i].at + fields[i].length]);
  }
  memcpy (barcode, linha, 4);
  memcpy (barcode + AT_DV, linha + 32, 1 + FACTOR_WIDTH + VALUE_WIDTH);
  memcpy (barcode + AT_CAMPO_LIVRE, linha + 4, 5);
  memcpy (barcode + AT_CAMPO_LIVRE + 5, linha + 10, 10);
  memcpy (barcode + AT_CAMPO_LIVRE + 15, linha + 21, 10);
  return decode (barcode, field, today, out, error);
}
