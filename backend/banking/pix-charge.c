/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/pix-charge.h"

#include "banking/document.h"
#include "banking/money.h"
#include "banking/refusal.h"
#include "base/json.h"

#include <string.h>

#define MAX_MESSAGE 140
#define MAX_NAME 200
#define MAX_DAYS_AFTER_DUE 9999
#define MAX_CENTS G_GINT64_CONSTANT (999999999999) /* \d{1,10}\.\d{2} */
#define RATE_PER_HUNDREDTH (GUICHE_RATE_SCALE / 100)

gboolean
guiche_pix_txid_is_valid (const char *txid)
{
  gsize n = strlen (txid);

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (txid[i]))
      return FALSE;
  return n >= 26 && n <= 35;
}

static void
write_amount (GuicheJsonWriter *out, const char *name, gint64 cents)
{
  char text[GUICHE_MONEY_TEXT_SIZE];

  guiche_money_format (cents, text);
  guiche_json_writer_member_string (out, name, text);
}

static gboolean
is_amount (gint64 value, gboolean is_percent)
{
  return is_percent ? value % RATE_PER_HUNDREDTH == 0 && value <= 100 * GUICHE_RATE_SCALE
                    : value >= 0 && value <= MAX_CENTS;
}

/* `{"modalidade", "valorPerc"}`: cents, or a percentage with two decimals. */
static gboolean
write_modality (GuicheJsonWriter *out,
                const char *name,
                int modality,
                gint64 value,
                gboolean is_percent,
                GError **error)
{
  if (!is_amount (value, is_percent))
    return guiche_banking_refuse (error, name, "range", "%s: an amount of two decimals is needed",
                                  name);
  guiche_json_writer_name (out, name);
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_int (out, "modalidade", modality);
  write_amount (out, "valorPerc", is_percent ? value / RATE_PER_HUNDREDTH : value);
  guiche_json_writer_end_object (out);
  return TRUE;
}

static void
write_day (GuicheJsonWriter *out, const char *name, GuicheDay day)
{
  char text[GUICHE_DAY_ISO_LENGTH + 1];

  guiche_day_format_iso (day, text);
  guiche_json_writer_member_string (out, name, text);
}

/* Up to three of one kind with their days. */
static gboolean
write_fixed_discounts (const GuicheChargeTerms *terms, GuicheJsonWriter *out, GError **error)
{
  GuicheDiscountKind kind = terms->discounts[0].kind;
  gboolean is_percent = kind == GUICHE_DISCOUNT_PERCENT_UNTIL;

  guiche_json_writer_name (out, "desconto");
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_int (out, "modalidade", kind);
  guiche_json_writer_name (out, "descontoDataFixa");
  guiche_json_writer_begin_array (out);
  for (guint i = 0; i < GUICHE_MAX_DISCOUNTS; i++) {
    const GuicheDiscount *discount = &terms->discounts[i];

    if (discount->kind == GUICHE_DISCOUNT_NONE)
      continue;
    if (discount->kind != kind || !is_amount (discount->amount, is_percent) ||
        discount->until == GUICHE_DAY_NONE || discount->until > terms->due)
      return guiche_banking_refuse (error, "desconto", "range",
                                    "desconto: days up to the due date, all of one kind");
    guiche_json_writer_begin_object (out);
    write_day (out, "data", discount->until);
    write_amount (out, "valorPerc",
                  is_percent ? discount->amount / RATE_PER_HUNDREDTH : discount->amount);
    guiche_json_writer_end_object (out);
  }
  guiche_json_writer_end_array (out);
  guiche_json_writer_end_object (out);
  return TRUE;
}

static gboolean
write_discounts (const GuicheChargeTerms *terms, GuicheJsonWriter *out, GError **error)
{
  const GuicheDiscount *first = &terms->discounts[0];

  switch (first->kind) {
  case GUICHE_DISCOUNT_NONE:
    return TRUE;
  case GUICHE_DISCOUNT_CENTS_UNTIL:
  case GUICHE_DISCOUNT_PERCENT_UNTIL:
    return write_fixed_discounts (terms, out, error);
  case GUICHE_DISCOUNT_CENTS_PER_DAY:
  case GUICHE_DISCOUNT_CENTS_PER_BANKING_DAY:
  case GUICHE_DISCOUNT_PERCENT_PER_DAY:
  case GUICHE_DISCOUNT_PERCENT_PER_BANKING_DAY:
  default:
    return write_modality (out, "desconto", first->kind, first->amount,
                           first->kind >= GUICHE_DISCOUNT_PERCENT_PER_DAY, error);
  }
}

static gboolean
write_terms (const GuicheChargeTerms *terms, GuicheJsonWriter *out, GError **error)
{
  gboolean is_cents = terms->interest_kind == GUICHE_INTEREST_CENTS_PER_DAY ||
                      terms->interest_kind == GUICHE_INTEREST_CENTS_PER_BANKING_DAY;

  if (terms->fine_kind != GUICHE_FINE_NONE &&
      !write_modality (out, "multa", terms->fine_kind, terms->fine,
                       terms->fine_kind == GUICHE_FINE_PERCENT, error))
    return FALSE;
  if (terms->interest_kind != GUICHE_INTEREST_NONE &&
      !write_modality (out, "juros", terms->interest_kind, terms->interest, !is_cents, error))
    return FALSE;
  if (terms->abatement_cents != 0 &&
      !write_modality (out, "abatimento", 1, terms->abatement_cents, FALSE, error))
    return FALSE;
  return write_discounts (terms, out, error);
}

static gboolean
write_payer (const GuichePixCharge *charge, GuicheJsonWriter *out, GError **error)
{
  gboolean is_person;

  if (charge->payer_document == NULL)
    return !charge->has_due_date ||
           guiche_banking_refuse (error, "devedor", "required", "devedor: a cobv needs its payer");
  is_person = guiche_document_is_valid (GUICHE_DOCUMENT_CPF, charge->payer_document);
  if (!is_person && !guiche_document_is_valid (GUICHE_DOCUMENT_CNPJ, charge->payer_document))
    return guiche_banking_refuse (error, "devedor", "check-digit", "devedor: no CPF and no CNPJ");
  if (charge->payer_name == NULL || *charge->payer_name == '\0' ||
      g_utf8_strlen (charge->payer_name, -1) > MAX_NAME)
    return guiche_banking_refuse (error, "devedor", "range",
                                  "devedor: a name of 1 to %d characters", MAX_NAME);
  guiche_json_writer_name (out, "devedor");
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_string (out, is_person ? "cpf" : "cnpj", charge->payer_document);
  guiche_json_writer_member_string (out, "nome", charge->payer_name);
  guiche_json_writer_end_object (out);
  return TRUE;
}

static gboolean
check (const GuichePixCharge *charge, GError **error)
{
  if (charge->terms.face_cents <= 0 || charge->terms.face_cents > MAX_CENTS)
    return guiche_banking_refuse (error, "valor", "range", "valor: 0.01 to 9999999999.99");
  if (charge->key == NULL || *charge->key == '\0')
    return guiche_banking_refuse (error, "chave", "required", "chave is needed");
  if (charge->message != NULL && g_utf8_strlen (charge->message, -1) > MAX_MESSAGE)
    return guiche_banking_refuse (error, "solicitacaoPagador", "range",
                                  "solicitacaoPagador: at most %d characters", MAX_MESSAGE);
  if (charge->has_due_date ? charge->days_after_due > MAX_DAYS_AFTER_DUE
                           : charge->expires_s < 1 || charge->expires_s > G_MAXINT32)
    return guiche_banking_refuse (error, "calendario", "range",
                                  "calendario: the time to pay is out of range");
  return TRUE;
}

gboolean
guiche_pix_charge_write (const GuichePixCharge *charge, GuicheJsonWriter *out, GError **error)
{
  if (!check (charge, error))
    return FALSE;
  guiche_json_writer_begin_object (out);
  guiche_json_writer_name (out, "calendario");
  guiche_json_writer_begin_object (out);
  if (charge->has_due_date) {
    write_day (out, "dataDeVencimento", charge->terms.due);
    guiche_json_writer_member_int (out, "validadeAposVencimento", charge->days_after_due);
  } else {
    guiche_json_writer_member_int (out, "expiracao", charge->expires_s);
  }
  guiche_json_writer_end_object (out);
  if (!write_payer (charge, out, error))
    return FALSE;
  guiche_json_writer_name (out, "valor");
  guiche_json_writer_begin_object (out);
  write_amount (out, "original", charge->terms.face_cents);
  if (charge->has_due_date && !write_terms (&charge->terms, out, error))
    return FALSE;
  guiche_json_writer_end_object (out);
  guiche_json_writer_member_string (out, "chave", charge->key);
  if (charge->message != NULL)
    guiche_json_writer_member_string (out, "solicitacaoPagador", charge->message);
  guiche_json_writer_end_object (out);
  return TRUE;
}

static gboolean
read_amount (JsonObject *object, const char *name, gint64 *out, GError **error)
{
  const char *text = NULL;

  if (!guiche_json_get_string (object, name, TRUE, &text, error))
    return FALSE;
  return guiche_money_parse (text, FALSE, out) ||
         guiche_banking_refuse (error, name, "digits", "%s: an amount as 10.00 is needed", name);
}

gboolean
guiche_pix_answer_read (JsonObject *answer, GuichePixAnswer *out, GError **error)
{
  JsonObject *amount = NULL;

  *out = (GuichePixAnswer){ 0 };
  return guiche_json_get_string (answer, "txid", TRUE, &out->txid, error) &&
         guiche_json_get_string (answer, "status", TRUE, &out->status, error) &&
         guiche_json_get_string (answer, "pixCopiaECola", FALSE, &out->copy_and_paste, error) &&
         guiche_json_get_string (answer, "location", FALSE, &out->location, error) &&
         guiche_json_get_array (answer, "pix", FALSE, &out->payments, error) &&
         guiche_json_get_object (answer, "valor", TRUE, &amount, error) &&
         read_amount (amount, "original", &out->amount_cents, error);
}

gboolean
guiche_pix_payment_read (JsonObject *payment, GuichePixPayment *out, GError **error)
{
  *out = (GuichePixPayment){ 0 };
  return guiche_json_get_string (payment, "endToEndId", TRUE, &out->end_to_end, error) &&
         guiche_json_get_string (payment, "txid", FALSE, &out->txid, error) &&
         guiche_json_get_string (payment, "horario", FALSE, &out->at, error) &&
         read_amount (payment, "valor", &out->amount_cents, error);
}
