/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl reconcile: a case of titles and events, and what each title became */
#include "config.h"

#include "banking/money.h"
#include "banking/reconciliation.h"
#include "banking/refusal.h"
#include "guichectl/banking-lines.h"

#include <string.h>

/* A case in memory: the texts that titles and events borrow live as long. */
typedef struct {
  GuicheReconcileTitle *titles;
  GuicheReconcileEvent *events;
  guint n_titles, n_events;
  GPtrArray *texts;
} Case;

static const struct {
  const char *word;
  GuicheEventSource source;
} sources[] = {
  { "cnab", GUICHE_EVENT_CNAB_240 },
  { "cnab240", GUICHE_EVENT_CNAB_240 },
  { "cnab400_bb", GUICHE_EVENT_CNAB_400_BB },
  { "cnab400_inter", GUICHE_EVENT_CNAB_400_INTER },
  { "cnab400_sicoob", GUICHE_EVENT_CNAB_400_SICOOB },
  { "api", GUICHE_EVENT_API },
  { "api_inter", GUICHE_EVENT_API },
  { "api_sicoob", GUICHE_EVENT_API },
  { "api_bb", GUICHE_EVENT_API },
  { "webhook", GUICHE_EVENT_API },
  { "webhook_inter", GUICHE_EVENT_API },
  { "webhook_sicoob", GUICHE_EVENT_API },
  { "webhook_bb", GUICHE_EVENT_API },
  { "pix", GUICHE_EVENT_PIX },
  { "pix_devolucao", GUICHE_EVENT_PIX_REFUND },
  { "extrato", GUICHE_EVENT_STATEMENT },
  { "webhook_baixa_operacional", GUICHE_EVENT_PROVISIONAL },
  { "webhook_baixa_operacional_cancelada", GUICHE_EVENT_PROVISIONAL_CANCELLED },
};

/* A member's text, kept with the case; decimal numbers too, as they are written. */
static const char *
text_of (Case *self, JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return "";
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  if (json_node_get_value_type (node) == G_TYPE_INT64) {
    text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  } else if (json_node_get_value_type (node) == G_TYPE_DOUBLE) {
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    text = g_strdup (g_ascii_formatd (digits, sizeof digits, "%.6f", json_node_get_double (node)));
  } else {
    return "";
  }
  g_ptr_array_add (self->texts, text);
  return text;
}

static gboolean
rate_of (Case *self, JsonObject *object, const char *name, gint64 *out, GError **error)
{
  const char *text = text_of (self, object, name);

  if (*text == '\0' || guiche_rate_parse (text, out))
    return TRUE;
  return guiche_banking_refuse (error, name, "digits", "%s: a percentage is needed", name);
}

static gboolean
read_terms (Case *self, JsonObject *object, GuicheChargeTerms *terms, GError **error)
{
  GuicheDiscount *discount = &terms->discounts[0];
  gint64 fine_rate = 0, interest_rate = 0, discount_rate = 0;

  terms->due = GUICHE_DAY_NONE;
  discount->until = GUICHE_DAY_NONE;
  if (!guichectl_int (object, "valor", &terms->face_cents, error) ||
      !guichectl_day (object, "vencimento", &terms->due, error) ||
      !guichectl_int (object, "abatimento", &terms->abatement_cents, error) ||
      !guichectl_int (object, "multa_valor", &terms->fine, error) ||
      !guichectl_int (object, "juros_dia_valor", &terms->interest, error) ||
      !guichectl_int (object, "desconto_valor", &discount->amount, error) ||
      !guichectl_day (object, "desconto_ate", &discount->until, error) ||
      !rate_of (self, object, "multa_pct", &fine_rate, error) ||
      !rate_of (self, object, "juros_mes_pct", &interest_rate, error) ||
      !rate_of (self, object, "desconto_pct", &discount_rate, error))
    return FALSE;
  if (terms->due == GUICHE_DAY_NONE)
    return guiche_banking_refuse (error, "vencimento", "required", "vencimento is needed");
  terms->fine_kind = fine_rate > 0     ? GUICHE_FINE_PERCENT
                     : terms->fine > 0 ? GUICHE_FINE_CENTS
                                       : GUICHE_FINE_NONE;
  terms->fine = fine_rate > 0 ? fine_rate : terms->fine;
  terms->interest_kind = interest_rate > 0     ? GUICHE_INTEREST_PERCENT_PER_MONTH
                         : terms->interest > 0 ? GUICHE_INTEREST_CENTS_PER_DAY
                                               : GUICHE_INTEREST_NONE;
  terms->interest = interest_rate > 0 ? interest_rate : terms->interest;
  discount->kind = discount_rate > 0      ? GUICHE_DISCOUNT_PERCENT_UNTIL
                   : discount->amount > 0 ? GUICHE_DISCOUNT_CENTS_UNTIL
                                          : GUICHE_DISCOUNT_NONE;
  discount->amount = discount_rate > 0 ? discount_rate : discount->amount;
  return TRUE;
}

static gboolean
read_title (Case *self, JsonObject *object, GuicheReconcileTitle *out, GError **error)
{
  out->id = text_of (self, object, "id");
  out->bank = text_of (self, object, "banco");
  out->convenio = text_of (self, object, "convenio");
  out->nosso_numero = text_of (self, object, "nosso_numero");
  out->nosso_numero_dv = text_of (self, object, "dv");
  out->txid = text_of (self, object, "txid");
  out->codigo_solicitacao = text_of (self, object, "codigo_solicitacao");
  out->seu_numero = text_of (self, object, "seu_numero");
  out->payer_document = text_of (self, object, "pagador_doc");
  return read_terms (self, object, &out->terms, error);
}

static gboolean
read_source (JsonObject *object, const char *word, GuicheEventSource *out, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    if (strcmp (sources[i].word, word) == 0) {
      *out = sources[i].source;
      return TRUE;
    }
  return guiche_banking_refuse (error, "fonte", "unknown", "fonte: %s is not known", word);
}

static gboolean
read_event (Case *self, JsonObject *object, GuicheReconcileEvent *out, GError **error)
{
  out->id = text_of (self, object, "e");
  out->bank = text_of (self, object, "banco");
  out->convenio = text_of (self, object, "convenio");
  out->nosso_numero = text_of (self, object, "nosso_numero");
  out->movement = text_of (self, object,
                           json_object_has_member (object, "situacao") ? "situacao" : "movimento");
  out->nature = text_of (self, object, "natureza");
  out->reason = text_of (self, object, "motivo");
  out->txid = text_of (self, object, "txid");
  out->end_to_end = text_of (self, object, "e2e");
  out->refund = text_of (self, object, "id");
  out->refund_status = text_of (self, object, "status");
  out->codigo_solicitacao = text_of (self, object, "codigo_solicitacao");
  out->seu_numero = text_of (self, object, "seu_numero");
  out->payer_document = text_of (self, object, "pagador_doc");
  out->memo = text_of (self, object, "memo");
  out->account = text_of (self, object, "conta");
  out->fitid = text_of (self, object, "fitid");
  out->day = out->credited = GUICHE_DAY_NONE;
  return read_source (object, text_of (self, object, "fonte"), &out->source, error) &&
         guichectl_int (object, "valor", &out->amount_cents, error) &&
         guichectl_int (object, "valor_pago", &out->amount_cents, error) &&
         guichectl_int (object, "tarifa", &out->tariff_cents, error) &&
         guichectl_day (object, "data", &out->day, error) &&
         guichectl_day (object, "credito", &out->credited, error);
}

/* The objects of a list member. */
static gboolean
find_objects (JsonObject *input, const char *name, JsonArray **out, GError **error)
{
  JsonNode *node = json_object_get_member (input, name);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return guiche_banking_refuse (error, name, "required", "%s: a list is needed", name);
  *out = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (*out); i++)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (*out, i)))
      return guiche_banking_refuse (error, name, "type", "%s: a list of objects is needed", name);
  return TRUE;
}

static gboolean
read_case (Case *self, JsonObject *input, GError **error)
{
  JsonArray *titles, *events;

  if (!find_objects (input, "titulos", &titles, error) ||
      !find_objects (input, "eventos", &events, error))
    return FALSE;
  self->n_titles = json_array_get_length (titles);
  self->n_events = json_array_get_length (events);
  self->titles = g_new0 (GuicheReconcileTitle, self->n_titles + 1);
  self->events = g_new0 (GuicheReconcileEvent, self->n_events + 1);
  for (guint i = 0; i < self->n_titles; i++)
    if (!read_title (self, json_array_get_object_element (titles, i), &self->titles[i], error))
      return FALSE;
  for (guint i = 0; i < self->n_events; i++)
    if (!read_event (self, json_array_get_object_element (events, i), &self->events[i], error))
      return FALSE;
  return TRUE;
}

static void
clear_case (Case *self)
{
  g_free (self->titles);
  g_free (self->events);
  g_ptr_array_unref (self->texts);
}

gboolean
guichectl_reconcile (JsonObject *input, GuicheJsonWriter *out, GError **error)
{
  Case self = { .texts = g_ptr_array_new_with_free_func (g_free) };
  g_autofree char *id = guichectl_text (input, "id", error);
  gboolean is_read = id != NULL && read_case (&self, input, error);

  if (is_read) {
    g_autoptr (GuicheReconciliation) run = guiche_reconciliation_new (self.titles, self.n_titles);

    guiche_reconciliation_run (run, self.events, self.n_events);
    guichectl_write_reconciliation (out, id, self.titles, self.n_titles, self.events, run);
  }
  clear_case (&self);
  return is_read;
}
