/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of JSON into columns. */
#include "banking/cnab-json.h"
#include "banking/cnab-value.h"
#include "banking/refusal.h"

#include <string.h>

#define INVALID "INVALID:"

static gboolean
is_same_string (const GuicheCnabField *field, const char *text, const char *value)
{
  char iso[GUICHE_DAY_ISO_LENGTH + 1];
  g_autofree char *own = NULL;
  GuicheDay day;

  switch (field->kind) {
  case GUICHE_CNAB_KIND_DATE6:
  case GUICHE_CNAB_KIND_DATE8:
    if (guiche_cnab_value_day (text, field->length, &day) == GUICHE_CNAB_DAY_GIVEN) {
      guiche_day_format_iso (day, iso);
      return strcmp (iso, value) == 0;
    }
    own = guiche_cnab_value_text (text, field->length, FALSE);
    return g_str_has_prefix (value, INVALID) && strcmp (own, value + strlen (INVALID)) == 0;
  case GUICHE_CNAB_KIND_DIRECTION:
    if (*text == GUICHE_CNAB_DIRECTION_REMESSA || *text == GUICHE_CNAB_DIRECTION_RETORNO)
      return strcmp (value, *text == GUICHE_CNAB_DIRECTION_REMESSA ? "remessa" : "retorno") == 0;
    own = guiche_cnab_value_text (text, field->length, FALSE);
    break;
  case GUICHE_CNAB_KIND_DASHED:
    own = guiche_cnab_value_dashed (text, field->length);
    break;
  case GUICHE_CNAB_KIND_RAW:
  case GUICHE_CNAB_KIND_TEXT:
    own = guiche_cnab_value_text (text, field->length, field->kind == GUICHE_CNAB_KIND_TEXT);
    break;
  case GUICHE_CNAB_KIND_CODES:
  case GUICHE_CNAB_KIND_INTEGER:
  case GUICHE_CNAB_KIND_MONEY:
  case GUICHE_CNAB_KIND_MONEY_OR_NULL:
  default:
    return FALSE;
  }
  return strcmp (own, value) == 0;
}

static gboolean
is_null (const GuicheCnabField *field, const char *text)
{
  gint64 number;
  GuicheDay day;

  if (field->kind == GUICHE_CNAB_KIND_DATE6 || field->kind == GUICHE_CNAB_KIND_DATE8)
    return guiche_cnab_value_day (text, field->length, &day) == GUICHE_CNAB_DAY_ABSENT;
  return field->kind == GUICHE_CNAB_KIND_MONEY_OR_NULL &&
         !guiche_cnab_value_number (text, field->length, &number);
}

static gboolean
are_same_codes (const GuicheCnabField *field, const char *text, JsonArray *codes)
{
  guint n = 0;

  for (guint i = 0; i + 1 < field->length; i += 2) {
    g_autofree char *code = guiche_cnab_value_text (text + i, 2, TRUE);
    JsonNode *node;

    if (*code == '\0')
      continue;
    node = n < json_array_get_length (codes) ? json_array_get_element (codes, n++) : NULL;
    if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
        g_strcmp0 (json_node_get_string (node), code) != 0)
      return FALSE;
  }
  return n == json_array_get_length (codes);
}

/* The member says what the column says already, so its bytes stay. */
static gboolean
says_the_same (const GuicheCnabField *field, const char *text, JsonNode *member)
{
  gint64 number;

  if (JSON_NODE_HOLDS_NULL (member))
    return is_null (field, text);
  if (JSON_NODE_HOLDS_ARRAY (member))
    return field->kind == GUICHE_CNAB_KIND_CODES &&
           are_same_codes (field, text, json_node_get_array (member));
  if (!JSON_NODE_HOLDS_VALUE (member))
    return FALSE;
  if (json_node_get_value_type (member) == G_TYPE_STRING)
    return is_same_string (field, text, json_node_get_string (member));
  return json_node_get_value_type (member) == G_TYPE_INT64 &&
         field->kind >= GUICHE_CNAB_KIND_INTEGER &&
         guiche_cnab_value_number (text, field->length, &number) &&
         number == json_node_get_int (member);
}

static gboolean
refuse (const GuicheCnabField *field, const char *reason, const char *what, GError **error)
{
  return guiche_banking_refuse (error, guiche_cnab_names[field->name], reason, "%s: %s",
                                guiche_cnab_names[field->name], what);
}

/* Numbers, and documents in columns for numbers, stand at the right after zeros. */
static gboolean
put_text (const GuicheCnabField *field, char *text, const char *value, GError **error)
{
  gsize length = strlen (value);

  if (field->is_number && length > 0 && length < field->length && *value != ' ' &&
      g_str_is_ascii (value)) {
    memset (text, '0', field->length - length);
    memcpy (text + field->length - length, value, length);
    return TRUE;
  }
  switch (guiche_cnab_value_put_text (text, field->length, value)) {
  case GUICHE_CNAB_PUT_TOO_LONG:
    return refuse (field, "range", "the text is too long", error);
  case GUICHE_CNAB_PUT_ENCODING:
    return refuse (field, "encoding", "a character that ISO-8859-1 does not have", error);
  case GUICHE_CNAB_PUT_DONE:
  default:
    return TRUE;
  }
}

static gboolean
put_string (const GuicheCnabField *field, char *text, const char *value, GError **error)
{
  gsize length = strlen (value);
  g_autofree char *undashed = NULL;
  GuicheDay day;

  switch (field->kind) {
  case GUICHE_CNAB_KIND_DATE6:
  case GUICHE_CNAB_KIND_DATE8:
    if (g_str_has_prefix (value, INVALID))
      return put_text (field, text, value + strlen (INVALID), error);
    if (!guiche_day_parse_iso (value, &day))
      return refuse (field, "date", "a day as YYYY-MM-DD is needed", error);
    guiche_cnab_value_put_day (text, field->length, day);
    return TRUE;
  case GUICHE_CNAB_KIND_DASHED:
    if (length >= 2 && value[length - 2] == '-') {
      undashed = g_strdup_printf ("%*s%.*s%c", (int) MAX (0, field->length + 1 - (int) length), "",
                                  (int) length - 2, value, value[length - 1]);
      for (char *at = undashed; *at == ' '; at++)
        *at = '0';
    }
    return put_text (field, text, undashed != NULL ? undashed : value, error);
  case GUICHE_CNAB_KIND_DIRECTION:
    if (strcmp (value, "remessa") == 0 || strcmp (value, "retorno") == 0) {
      *text = value[2] == 'm' ? GUICHE_CNAB_DIRECTION_REMESSA : GUICHE_CNAB_DIRECTION_RETORNO;
      return TRUE;
    }
    return put_text (field, text, value, error);
  case GUICHE_CNAB_KIND_RAW:
  case GUICHE_CNAB_KIND_TEXT:
    return put_text (field, text, value, error);
  case GUICHE_CNAB_KIND_CODES:
  case GUICHE_CNAB_KIND_INTEGER:
  case GUICHE_CNAB_KIND_MONEY:
  case GUICHE_CNAB_KIND_MONEY_OR_NULL:
  default:
    return refuse (field, "type", "a string does not belong here", error);
  }
}

static gboolean
put_codes (const GuicheCnabField *field, char *text, JsonArray *codes, GError **error)
{
  memset (text, ' ', field->length);
  if (2 * json_array_get_length (codes) > field->length)
    return refuse (field, "range", "too many codes", error);
  for (guint i = 0; i < json_array_get_length (codes); i++) {
    JsonNode *code = json_array_get_element (codes, i);

    if (!JSON_NODE_HOLDS_VALUE (code) || json_node_get_value_type (code) != G_TYPE_STRING ||
        guiche_cnab_value_put_text (text + 2 * i, 2, json_node_get_string (code)) !=
            GUICHE_CNAB_PUT_DONE)
      return refuse (field, "type", "codes of two characters are needed", error);
  }
  return TRUE;
}

static gboolean
is_numeric (const GuicheCnabField *field)
{
  return field->kind == GUICHE_CNAB_KIND_INTEGER || field->kind == GUICHE_CNAB_KIND_MONEY ||
         field->kind == GUICHE_CNAB_KIND_MONEY_OR_NULL;
}

static gboolean
put_member (const GuicheCnabField *field, char *text, JsonNode *member, GError **error)
{
  if (says_the_same (field, text, member))
    return TRUE;
  if (JSON_NODE_HOLDS_NULL (member)) {
    memset (text,
            is_numeric (field) || field->kind == GUICHE_CNAB_KIND_DATE6 ||
                    field->kind == GUICHE_CNAB_KIND_DATE8
                ? '0'
                : ' ',
            field->length);
    return TRUE;
  }
  if (JSON_NODE_HOLDS_ARRAY (member) && field->kind == GUICHE_CNAB_KIND_CODES)
    return put_codes (field, text, json_node_get_array (member), error);
  if (JSON_NODE_HOLDS_VALUE (member) && json_node_get_value_type (member) == G_TYPE_STRING)
    return put_string (field, text, json_node_get_string (member), error);
  if (!JSON_NODE_HOLDS_VALUE (member) || json_node_get_value_type (member) != G_TYPE_INT64 ||
      !is_numeric (field))
    return refuse (field, "type", "another type is needed", error);
  if (!guiche_cnab_value_put_number (text, field->length, json_node_get_int (member)))
    return refuse (field, "range", "the number is negative or too long", error);
  return TRUE;
}

/* What belongs to the file and not to a title. */
static gboolean
is_control (GuicheCnabName name)
{
  return name == GUICHE_CNAB_LOTE || name == GUICHE_CNAB_SEQ || name == GUICHE_CNAB_SEQ_REGISTRO ||
         name == GUICHE_CNAB_TIPO_REGISTRO;
}

/* A column that the title's first record has too follows it only when that one changes: files whose
 * segments say different things keep them. */
static gboolean
follows_unchanged (const GuicheCnabGroup *group,
                   const GuicheCnabField *field,
                   guint i,
                   JsonNode *member)
{
  const GuicheCnabRecordLayout *record = group->records[0];
  const GuicheCnabField *first =
      i == 0 || record == NULL ? NULL : guiche_cnab_record_field (record, field->name);

  return first != NULL && says_the_same (first, group->text[0] + first->from - 1, member);
}

void
guiche_cnab_members_read (JsonObject *object, GuicheCnabMembers *out)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  memset (out, 0, sizeof *out);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &member, &node)) {
    GuicheCnabName name = guiche_cnab_name_find (member);

    if (name < GUICHE_CNAB_N_NAMES)
      out->nodes[name] = node;
    else
      out->unknown = member;
  }
}

gboolean
guiche_cnab_json_overlay (GuicheCnabGroup *group,
                          const GuicheCnabMembers *members,
                          gboolean shown_only,
                          GError **error)
{
  for (guint i = group->n_records; i-- > 0;) {
    const GuicheCnabRecordLayout *record = group->records[i];

    for (guint j = 0; record != NULL && j < record->n_fields; j++) {
      const GuicheCnabField *field = &record->fields[j];
      JsonNode *member = members->nodes[field->name];

      if (member == NULL || (!field->is_shown && (shown_only || is_control (field->name))) ||
          follows_unchanged (group, field, i, member))
        continue;
      if (!put_member (field, group->text[i] + field->from - 1, member, error))
        return FALSE;
    }
  }
  return TRUE;
}
