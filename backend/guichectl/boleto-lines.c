/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl boleto encode|decode, document check: one line of JSON each */
#include "config.h"

#include "banking/boleto.h"
#include "banking/document.h"
#include "banking/refusal.h"
#include "guichectl/banking-lines.h"

#include <string.h>

/* The texts of an input, in the order of their names. */
enum {
  BANCO,
  TIPO,
  AGENCIA,
  CONTA,
  CONVENIO,
  CARTEIRA,
  MODALIDADE,
  PARCELA,
  NUMERO,
  N_TEXTS
};

static const char *const text_names[] = { "banco",    "tipo",       "agencia", "conta", "convenio",
                                          "carteira", "modalidade", "parcela", "numero" };

static gboolean
read_texts (JsonObject *input, char *texts[N_TEXTS], GError **error)
{
  for (guint i = 0; i < N_TEXTS; i++) {
    texts[i] = guichectl_text (input, text_names[i], error);
    if (texts[i] == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
write_boleto (GuicheJsonWriter *out, const GuicheBoleto *boleto)
{
  guiche_json_writer_member_string (out, "campo_livre", boleto->campo_livre);
  guiche_json_writer_member_string (out, "codigo_barras", boleto->codigo_barras);
  guiche_json_writer_member_string (out, "linha_digitavel", boleto->linha_digitavel);
}

static gboolean
encode (JsonObject *input, char *const texts[N_TEXTS], GuicheJsonWriter *out, GError **error)
{
  GuicheBoletoTitle title = {
    .input = { texts[BANCO], texts[TIPO], texts[AGENCIA], texts[CONTA], texts[CONVENIO],
               texts[CARTEIRA], texts[MODALIDADE], texts[PARCELA], texts[NUMERO] },
    .due = GUICHE_DAY_NONE,
  };
  GuicheNossoNumero number;
  GuicheBoleto boleto;

  if (!guichectl_day (input, "vencimento", &title.due, error) ||
      !guichectl_int (input, "valor_centavos", &title.amount_cents, error) ||
      !guiche_boleto_encode (&title, &number, &boleto, error))
    return FALSE;
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_string (out, "nosso_numero", number.digits);
  guiche_json_writer_member_string (out, "nosso_numero_dv", number.dv);
  write_boleto (out, &boleto);
  guiche_json_writer_end_object (out);
  return TRUE;
}

gboolean
guichectl_boleto_encode (JsonObject *input, GuicheJsonWriter *out, GError **error)
{
  char *texts[N_TEXTS] = { NULL };
  gboolean is_done = read_texts (input, texts, error) && encode (input, texts, out, error);

  for (guint i = 0; i < N_TEXTS; i++)
    g_free (texts[i]);
  return is_done;
}

gboolean
guichectl_boleto_decode (JsonObject *input, GuicheJsonWriter *out, GError **error)
{
  g_autofree char *linha = guichectl_text (input, "linha_digitavel", error);
  g_autofree char *barcode = NULL;
  GuicheDay today = guichectl_today ();
  GuicheBoleto boleto;

  if (linha == NULL || !guichectl_day (input, "hoje", &today, error))
    return FALSE;
  barcode = guichectl_text (input, "codigo_barras", error);
  if (barcode == NULL)
    return FALSE;
  if (*linha == '\0' && *barcode == '\0')
    return guiche_banking_refuse (error, "linha_digitavel", "required",
                                  "linha_digitavel or codigo_barras is needed");
  if (*linha != '\0' ? !guiche_boleto_decode_linha (linha, today, &boleto, error)
                     : !guiche_boleto_decode_barcode (barcode, today, &boleto, error))
    return FALSE;
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_string (out, "banco", boleto.bank);
  guichectl_write_day (out, "vencimento", boleto.due);
  guiche_json_writer_member_int (out, "valor_centavos", boleto.amount_cents);
  write_boleto (out, &boleto);
  guiche_json_writer_end_object (out);
  return TRUE;
}

gboolean
guichectl_document_check (JsonObject *input, GuicheJsonWriter *out, GError **error)
{
  g_autofree char *kind_text = guichectl_text (input, "tipo", error);
  g_autofree char *value = NULL;
  GuicheDocumentKind kind;
  char bare[15], formatted[GUICHE_DOCUMENT_FORMATTED_SIZE];
  gboolean is_valid;

  if (kind_text == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (kind_text, "CPF") == 0)
    kind = GUICHE_DOCUMENT_CPF;
  else if (g_ascii_strcasecmp (kind_text, "CNPJ") == 0)
    kind = GUICHE_DOCUMENT_CNPJ;
  else
    return guiche_banking_refuse (error, "tipo", "unknown", "tipo: CPF or CNPJ");
  value = guichectl_text (input, "valor", error);
  if (value == NULL)
    return FALSE;
  is_valid = guiche_document_unmask (kind, value, bare) && guiche_document_is_valid (kind, bare);
  if (is_valid)
    guiche_document_format (kind, bare, formatted);
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_bool (out, "valido", is_valid);
  guiche_json_writer_member_string (out, "formatado", is_valid ? formatted : NULL);
  guiche_json_writer_end_object (out);
  return TRUE;
}
