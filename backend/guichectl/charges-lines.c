/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl charges compute: the shape of encargos.json, a whole document or one case a line */
#include "config.h"

#include "banking/charges.h"
#include "banking/money.h"
#include "banking/refusal.h"
#include "guichectl/banking-lines.h"

#include <string.h>

/* How a kind is written; percentages come as text ("2", "3.5"), values as whole cents. */
typedef struct {
  const char *word;
  int kind;
  gboolean is_percent;
} KindWord;

static const KindWord fine_words[] = {
  { "valor", GUICHE_FINE_CENTS, FALSE },
  { "pct", GUICHE_FINE_PERCENT, TRUE },
  { "isento", GUICHE_FINE_NONE, FALSE },
  { NULL },
};
static const KindWord interest_words[] = {
  { "valor_dia", GUICHE_INTEREST_CENTS_PER_DAY, FALSE },
  { "pct_dia", GUICHE_INTEREST_PERCENT_PER_DAY, TRUE },
  { "pct_mes", GUICHE_INTEREST_PERCENT_PER_MONTH, TRUE },
  { "pct_ano", GUICHE_INTEREST_PERCENT_PER_YEAR, TRUE },
  { "valor_dia_util", GUICHE_INTEREST_CENTS_PER_BANKING_DAY, FALSE },
  { "pct_dia_util", GUICHE_INTEREST_PERCENT_PER_BANKING_DAY, TRUE },
  { "pct_mes_util", GUICHE_INTEREST_PERCENT_PER_MONTH_BANKING_DAYS, TRUE },
  { "pct_ano_util", GUICHE_INTEREST_PERCENT_PER_YEAR_BANKING_DAYS, TRUE },
  { "isento", GUICHE_INTEREST_NONE, FALSE },
  { NULL },
};
static const KindWord discount_words[] = {
  { "valor_ate", GUICHE_DISCOUNT_CENTS_UNTIL, FALSE },
  { "pct_ate", GUICHE_DISCOUNT_PERCENT_UNTIL, TRUE },
  { "valor_dia_antecipado", GUICHE_DISCOUNT_CENTS_PER_DAY, FALSE },
  { "valor_dia_util_antecipado", GUICHE_DISCOUNT_CENTS_PER_BANKING_DAY, FALSE },
  { "pct_dia_antecipado", GUICHE_DISCOUNT_PERCENT_PER_DAY, TRUE },
  { "pct_dia_util_antecipado", GUICHE_DISCOUNT_PERCENT_PER_BANKING_DAY, TRUE },
  { NULL },
};

/* An element as text, whether number or string; NULL when it is neither. (transfer full) */
static char *
element_text (JsonArray *array, guint index)
{
  JsonNode *node =
      index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return NULL;
}

static gboolean
read_terms (JsonArray *array,
            const char *name,
            const KindWord *words,
            int *out_kind,
            gint64 *out_amount,
            GError **error)
{
  g_autofree char *word = element_text (array, 0);
  g_autofree char *amount = element_text (array, 1);

  while (word != NULL && words->word != NULL && strcmp (words->word, word) != 0)
    words++;
  if (word == NULL || words->word == NULL)
    return guiche_banking_refuse (error, name, "unknown", "%s: this kind is not known", name);
  if (amount == NULL ||
      (words->is_percent ? !guiche_rate_parse (amount, out_amount)
                         : !g_ascii_string_to_signed (amount, 10, 0, G_MAXINT64, out_amount, NULL)))
    return guiche_banking_refuse (error, name, "digits", "%s: the amount is no number", name);
  *out_kind = words->kind;
  return TRUE;
}

/* The member of any of two names when it is a list; *out NULL when it is absent. */
static gboolean
find_list (JsonObject *input, const char *name, const char *alias, JsonArray **out, GError **error)
{
  JsonNode *node = json_object_get_member (input, name);

  if (node == NULL && alias != NULL)
    node = json_object_get_member (input, alias);
  *out = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return guiche_banking_refuse (error, name, "type", "%s: a list is needed", name);
  *out = json_node_get_array (node);
  return TRUE;
}

static gboolean
read_discount (JsonArray *list, GuicheDiscount *out, GError **error)
{
  g_autofree char *until = element_text (list, 2);
  int kind = 0;

  if (!read_terms (list, "desc", discount_words, &kind, &out->amount, error))
    return FALSE;
  out->kind = (GuicheDiscountKind) kind;
  out->until = GUICHE_DAY_NONE;
  if (until != NULL && *until != '\0' && !guiche_day_parse_iso (until, &out->until))
    return guiche_banking_refuse (error, "desc", "date", "desc: a day as YYYY-MM-DD is needed");
  return TRUE;
}

/* One discount, or a list of up to three. */
static gboolean
read_discounts (JsonArray *list, GuicheDiscount *out, GError **error)
{
  guint n = json_array_get_length (list);

  if (n == 0 || !JSON_NODE_HOLDS_ARRAY (json_array_get_element (list, 0)))
    return read_discount (list, out, error);
  if (n > GUICHE_MAX_DISCOUNTS)
    return guiche_banking_refuse (error, "desc", "range", "desc: at most %d discounts",
                                  GUICHE_MAX_DISCOUNTS);
  for (guint i = 0; i < n; i++) {
    JsonNode *node = json_array_get_element (list, i);

    if (!JSON_NODE_HOLDS_ARRAY (node))
      return guiche_banking_refuse (error, "desc", "type", "desc: a list of lists is needed");
    if (!read_discount (json_node_get_array (node), &out[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_input (JsonObject *input, GuicheChargeTerms *terms, GuicheDay *out_paid, GError **error)
{
  JsonArray *fine, *interest, *discounts;
  int kind = 0;

  if (!guichectl_int (input, "v", &terms->face_cents, error) ||
      !guichectl_int (input, "abat", &terms->abatement_cents, error) ||
      !guichectl_int (input, "abatimento", &terms->abatement_cents, error) ||
      !guichectl_day (input, "venc", &terms->due, error) ||
      !guichectl_day (input, "pag", out_paid, error) ||
      !find_list (input, "multa", NULL, &fine, error) ||
      !find_list (input, "juros", NULL, &interest, error) ||
      !find_list (input, "desc", "desconto", &discounts, error))
    return FALSE;
  if (terms->due == GUICHE_DAY_NONE || *out_paid == GUICHE_DAY_NONE)
    return guiche_banking_refuse (error, terms->due == GUICHE_DAY_NONE ? "venc" : "pag", "required",
                                  "venc and pag are needed");
  if (fine != NULL) {
    if (!read_terms (fine, "multa", fine_words, &kind, &terms->fine, error))
      return FALSE;
    terms->fine_kind = (GuicheFineKind) kind;
  }
  if (interest != NULL) {
    if (!read_terms (interest, "juros", interest_words, &kind, &terms->interest, error))
      return FALSE;
    terms->interest_kind = (GuicheInterestKind) kind;
  }
  return discounts == NULL || read_discounts (discounts, terms->discounts, error);
}

static void
write_charges (GuicheJsonWriter *out, const GuicheCharges *charges)
{
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_int (out, "multa", charges->fine_cents);
  guiche_json_writer_member_int (out, "juros", charges->interest_cents);
  guiche_json_writer_member_int (out, "desconto", charges->discount_cents);
  guiche_json_writer_member_int (out, "abatimento", charges->abatement_cents);
  guiche_json_writer_member_int (out, "total", charges->total_cents);
  guiche_json_writer_end_object (out);
}

/* The terms alone give the charges alone; a case (`id`, `entrada`) gives its id and `esperado`. */
gboolean
guichectl_charges_compute (JsonObject *input, GuicheJsonWriter *out, GError **error)
{
  JsonNode *entry = json_object_get_member (input, "entrada");
  gboolean is_case = entry != NULL && JSON_NODE_HOLDS_OBJECT (entry);
  GuicheChargeTerms terms = { .due = GUICHE_DAY_NONE };
  GuicheDay paid = GUICHE_DAY_NONE;
  g_autofree char *id = NULL;
  GuicheCharges charges;

  if (!read_input (is_case ? json_node_get_object (entry) : input, &terms, &paid, error) ||
      !guiche_charges_compute (&terms, paid, NULL, &charges, error))
    return FALSE;
  if (!is_case) {
    write_charges (out, &charges);
    return TRUE;
  }
  id = guichectl_text (input, "id", error);
  if (id == NULL)
    return FALSE;
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_string (out, "id", id);
  guiche_json_writer_name (out, "esperado");
  write_charges (out, &charges);
  guiche_json_writer_end_object (out);
  return TRUE;
}
