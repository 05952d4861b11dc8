/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-json.h"

#include "banking/cnab-value.h"

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
