/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-json.h"

#include "banking/cnab-value.h"
#include "banking/refusal.h"

#include <string.h>

#define INVALID "INVALID:"

static void
write_day (GuicheJsonWriter *out, const char *text, guint length)
{
  char iso[GUICHE_DAY_ISO_LENGTH + 1];
  g_autofree char *raw = NULL;
  g_autofree char *invalid = NULL;
  GuicheDay day;

  switch (guiche_cnab_value_day (text, length, &day)) {
  case GUICHE_CNAB_DAY_GIVEN:
    guiche_day_format_iso (day, iso);
    guiche_json_writer_string_length (out, iso, GUICHE_DAY_ISO_LENGTH);
    return;
  case GUICHE_CNAB_DAY_INVALID:
    raw = guiche_cnab_value_text (text, length, FALSE);
    invalid = g_strconcat (INVALID, raw, NULL);
    guiche_json_writer_string (out, invalid);
    return;
  case GUICHE_CNAB_DAY_ABSENT:
  default:
    guiche_json_writer_null (out);
  }
}

static void
write_codes (GuicheJsonWriter *out, const char *text, guint length)
{
  guiche_json_writer_begin_array (out);
  for (guint i = 0; i + 1 < length; i += 2) {
    g_autofree char *code = guiche_cnab_value_text (text + i, 2, TRUE);

    if (*code != '\0')
      guiche_json_writer_string (out, code);
  }
  guiche_json_writer_end_array (out);
}

static void
write_text (GuicheJsonWriter *out, const GuicheCnabField *field, const char *text)
{
  guint length = field->length;
  gboolean is_ascii = TRUE;
  g_autofree char *utf8 = NULL;

  if (field->kind == GUICHE_CNAB_KIND_TEXT) {
    while (length > 0 && text[length - 1] == ' ')
      length--;
    for (; length > 0 && *text == ' '; text++)
      length--;
  }
  for (guint i = 0; i < length; i++)
    is_ascii &= (guchar) text[i] < 0x80;
  if (is_ascii) {
    guiche_json_writer_string_length (out, text, length);
    return;
  }
  utf8 = guiche_cnab_value_text (text, length, FALSE);
  guiche_json_writer_string (out, utf8);
}

void
guiche_cnab_json_write_field (GuicheJsonWriter *out, const GuicheCnabField *field, const char *text)
{
  gint64 number = 0;
  g_autofree char *dashed = NULL;

  switch (field->kind) {
  case GUICHE_CNAB_KIND_DATE6:
  case GUICHE_CNAB_KIND_DATE8:
    write_day (out, text, field->length);
    return;
  case GUICHE_CNAB_KIND_INTEGER:
  case GUICHE_CNAB_KIND_MONEY:
  case GUICHE_CNAB_KIND_MONEY_OR_NULL:
    if (guiche_cnab_value_number (text, field->length, &number))
      guiche_json_writer_int (out, number);
    else
      guiche_json_writer_null (out);
    return;
  case GUICHE_CNAB_KIND_CODES:
    write_codes (out, text, field->length);
    return;
  case GUICHE_CNAB_KIND_DASHED:
    dashed = guiche_cnab_value_dashed (text, field->length);
    guiche_json_writer_string (out, dashed);
    return;
  case GUICHE_CNAB_KIND_DIRECTION:
    if (*text == GUICHE_CNAB_DIRECTION_REMESSA || *text == GUICHE_CNAB_DIRECTION_RETORNO) {
      guiche_json_writer_string (out,
                                 *text == GUICHE_CNAB_DIRECTION_REMESSA ? "remessa" : "retorno");
      return;
    }
    write_text (out, field, text);
    return;
  case GUICHE_CNAB_KIND_RAW:
  case GUICHE_CNAB_KIND_TEXT:
  default:
    write_text (out, field, text);
  }
}

void
guiche_cnab_json_write_members (GuicheJsonWriter *out, const GuicheCnabGroup *group)
{
  for (guint i = 0; i < group->n_records; i++) {
    const GuicheCnabRecordLayout *record = group->records[i];

    for (guint j = 0; record != NULL && j < record->n_fields; j++) {
      const GuicheCnabField *field = &record->fields[j];

      if (!field->is_shown)
        continue;
      guiche_json_writer_name (out, guiche_cnab_names[field->name]);
      guiche_cnab_json_write_field (out, field, group->text[i] + field->from - 1);
    }
  }
}

/* The member says what the column says already, so its bytes stay. */
static gboolean
says_the_same (const GuicheCnabField *field, const char *text, JsonNode *member)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autoptr (JsonNode) node = NULL;

  guiche_cnab_json_write_field (writer, field, text);
  node = json_from_string (guiche_json_writer_peek (writer, NULL), NULL);
  return node != NULL && json_node_equal (node, member);
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

gboolean
guiche_cnab_json_overlay (GuicheCnabGroup *group,
                          JsonObject *members,
                          gboolean shown_only,
                          GError **error)
{
  for (guint i = group->n_records; i-- > 0;) {
    const GuicheCnabRecordLayout *record = group->records[i];

    for (guint j = 0; record != NULL && j < record->n_fields; j++) {
      const GuicheCnabField *field = &record->fields[j];
      JsonNode *member = json_object_get_member (members, guiche_cnab_names[field->name]);

      if (member == NULL || (!field->is_shown && (shown_only || is_control (field->name))) ||
          follows_unchanged (group, field, i, member))
        continue;
      if (!put_member (field, group->text[i] + field->from - 1, member, error))
        return FALSE;
    }
  }
  return TRUE;
}
