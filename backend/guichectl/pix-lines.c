/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl pix decode|encode: one line of JSON each */
#include "config.h"

#include "banking/br-code.h"
#include "banking/money.h"
#include "banking/refusal.h"
#include "guichectl/banking-lines.h"

#include <string.h>

static void
write_fields (GuicheJsonWriter *out, const GArray *fields, int parent)
{
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < fields->len; i++) {
    const GuicheBrCodeField *field = &g_array_index (fields, GuicheBrCodeField, i);

    if (field->parent != parent)
      continue;
    guiche_json_writer_name (out, field->id);
    if (field->holds_fields)
      write_fields (out, fields, (int) i);
    else
      guiche_json_writer_string (out, field->value);
  }
  guiche_json_writer_end_object (out);
}

static void
write_meaning (GuicheJsonWriter *out, const GuicheBrCode *code)
{
  static const char *const kinds[] = { "estatico", "dinamico", "outro" };
  gint64 cents;

  guiche_json_writer_member_string (out, "tipo", kinds[guiche_br_code_kind (code)]);
  guiche_json_writer_member_string (out, "chave", guiche_br_code_get_account (code, "01"));
  guiche_json_writer_member_string (out, "url", guiche_br_code_get_account (code, "25"));
  guiche_json_writer_member_string (out, "descricao", guiche_br_code_get_account (code, "02"));
  guiche_json_writer_name (out, "valor_centavos");
  if (guiche_br_code_get_amount (code, &cents))
    guiche_json_writer_int (out, cents);
  else
    guiche_json_writer_null (out);
  guiche_json_writer_member_string (out, "nome", guiche_br_code_get (code, "59", NULL));
  guiche_json_writer_member_string (out, "cidade", guiche_br_code_get (code, "60", NULL));
  guiche_json_writer_member_string (out, "txid", guiche_br_code_get (code, "62", "05"));
}

/* The CRC is said also of a code that is refused. */
static gboolean
write_crc (GuicheJsonWriter *out, const char *payload)
{
  gsize length = strlen (payload);
  const char *given = length < 4 ? "" : payload + length - 4;
  char crc[5];

  g_snprintf (crc, sizeof crc, "%04X", guiche_crc16 (payload, length < 4 ? 0 : length - 4));
  guiche_json_writer_member_string (out, "payload", payload);
  guiche_json_writer_member_string (out, "crc_informado", given);
  guiche_json_writer_member_string (out, "crc_calculado", crc);
  guiche_json_writer_member_bool (out, "crc_ok", g_ascii_strcasecmp (crc, given) == 0);
  return TRUE;
}

gboolean
guichectl_pix_decode (JsonObject *input, GuicheJsonWriter *out, GError **error)
{
  g_autofree char *payload = guichectl_text (input, "payload", error);
  g_autoptr (GuicheBrCode) code = NULL;
  g_autoptr (GError) refused = NULL;

  if (payload == NULL)
    return FALSE;
  g_strstrip (payload);
  code = guiche_br_code_parse (payload, &refused);
  guiche_json_writer_begin_object (out);
  write_crc (out, payload);
  guiche_json_writer_member_bool (out, "tlv_ok", code != NULL);
  if (code == NULL) {
    guiche_json_writer_name (out, "error");
    guichectl_write_error_object (out, refused);
  } else {
    guiche_json_writer_name (out, "campos");
    write_fields (out, guiche_br_code_fields (code), -1);
    write_meaning (out, code);
  }
  guiche_json_writer_end_object (out);
  return TRUE;
}

/* A member under its Portuguese or its English name; NULL without an error when it is absent. */
static gboolean
read_text (JsonObject *input, const char *name, const char *alias, char **out, GError **error)
{
  *out = guichectl_text (input, json_object_has_member (input, name) ? name : alias, error);
  if (*out != NULL && **out == '\0')
    g_clear_pointer (out, g_free);
  return error == NULL || *error == NULL;
}

/* `valor_centavos`, or reais: `valor` as "10.00", `value` also as the number that JSON has. */
static gboolean
read_amount (JsonObject *input, gint64 *out, GError **error)
{
  const char *name = json_object_has_member (input, "valor") ? "valor" : "value";
  JsonNode *node = json_object_get_member (input, name);
  g_autofree char *text = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return guichectl_int (input, "valor_centavos", out, error);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    text = g_strdup_printf ("%.2f", json_node_get_double (node));
  else
    text = guichectl_text (input, name, error);
  if (text == NULL)
    return FALSE;
  if (!guiche_money_parse (text, TRUE, out))
    return guiche_banking_refuse (error, name, "digits", "%s: an amount as 10.00 is needed", name);
  return TRUE;
}

gboolean
guichectl_pix_encode (JsonObject *input, GuicheJsonWriter *out, GError **error)
{
  g_autoptr (GError) refused = NULL;
  g_autofree char *key = NULL;
  g_autofree char *url = NULL;
  g_autofree char *name = NULL;
  g_autofree char *city = NULL;
  g_autofree char *txid = NULL;
  g_autofree char *description = NULL;
  g_autofree char *payload = NULL;
  GuichePixCode code = { 0 };

  if (read_text (input, "chave", "key", &key, &refused) &&
      read_text (input, "url", "location", &url, &refused) &&
      read_text (input, "nome", "name", &name, &refused) &&
      read_text (input, "cidade", "city", &city, &refused) &&
      read_text (input, "txid", "txid", &txid, &refused) &&
      read_text (input, "descricao", "msg", &description, &refused) &&
      read_amount (input, &code.amount_cents, &refused)) {
    code.key = key;
    code.url = url;
    code.name = name;
    code.city = city;
    code.txid = txid;
    code.description = description;
    code.is_single_use = json_object_has_member (input, "uso_unico") &&
                         json_object_get_boolean_member (input, "uso_unico");
    payload = guiche_br_code_encode (&code, &refused);
  }
  if (payload == NULL) {
    g_propagate_error (error, g_steal_pointer (&refused));
    return FALSE;
  }
  guiche_json_writer_begin_object (out);
  guiche_json_writer_member_string (out, "payload", payload);
  guiche_json_writer_end_object (out);
  return TRUE;
}
