/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-group.h"

#include "banking/cnab-value.h"
#include "banking/refusal.h"

#include <string.h>

void
guiche_cnab_group_clear (GuicheCnabGroup *self, const GuicheCnabLayout *layout)
{
  self->layout = layout;
  self->n_records = 0;
  self->line = 0;
}

gboolean
guiche_cnab_group_append (GuicheCnabGroup *self,
                          const GuicheCnabRecordLayout *record,
                          const char *line)
{
  if (self->n_records == GUICHE_CNAB_MAX_RECORDS)
    return FALSE;
  if (self->n_records == 0)
    self->kind = record != NULL ? record->kind : GUICHE_CNAB_RECORD_STATEMENT;
  memcpy (self->text[self->n_records], line, self->layout->width);
  self->records[self->n_records++] = record;
  return TRUE;
}

gboolean
guiche_cnab_group_append_empty (GuicheCnabGroup *self, const GuicheCnabRecordLayout *record)
{
  return guiche_cnab_group_append (self, record, record->template);
}

/* (nullable): the first column of that name. */
static const GuicheCnabField *
find (const GuicheCnabGroup *self, GuicheCnabName name, const char **out_text)
{
  for (guint i = 0; i < self->n_records; i++) {
    const GuicheCnabField *field =
        self->records[i] == NULL ? NULL : guiche_cnab_record_field (self->records[i], name);

    if (field != NULL) {
      *out_text = self->text[i] + field->from - 1;
      return field;
    }
  }
  return NULL;
}

gboolean
guiche_cnab_group_has (const GuicheCnabGroup *self, GuicheCnabName name)
{
  const char *text;

  return find (self, name, &text) != NULL;
}

gint64
guiche_cnab_group_get_number (const GuicheCnabGroup *self, GuicheCnabName name)
{
  const char *text;
  const GuicheCnabField *field = find (self, name, &text);
  gint64 value = 0;

  return field != NULL && guiche_cnab_value_number (text, field->length, &value) ? value : 0;
}

GuicheDay
guiche_cnab_group_get_day (const GuicheCnabGroup *self, GuicheCnabName name)
{
  const char *text;
  const GuicheCnabField *field = find (self, name, &text);
  GuicheDay day;

  if (field == NULL || guiche_cnab_value_day (text, field->length, &day) != GUICHE_CNAB_DAY_GIVEN)
    return GUICHE_DAY_NONE;
  return day;
}

char *
guiche_cnab_group_get_text (const GuicheCnabGroup *self, GuicheCnabName name)
{
  const char *text;
  const GuicheCnabField *field = find (self, name, &text);

  if (field == NULL)
    return g_strdup ("");
  if (field->kind == GUICHE_CNAB_KIND_DASHED)
    return guiche_cnab_value_dashed (text, field->length);
  return guiche_cnab_value_text (text, field->length, field->kind != GUICHE_CNAB_KIND_RAW);
}

/* Of every record that has the column; @out_text[i] is where it starts. */
static guint
find_all (GuicheCnabGroup *self,
          GuicheCnabName name,
          const GuicheCnabField *fields[GUICHE_CNAB_MAX_RECORDS],
          char *texts[GUICHE_CNAB_MAX_RECORDS])
{
  guint n = 0;

  for (guint i = 0; i < self->n_records; i++) {
    const GuicheCnabField *field =
        self->records[i] == NULL ? NULL : guiche_cnab_record_field (self->records[i], name);

    if (field == NULL)
      continue;
    fields[n] = field;
    texts[n++] = self->text[i] + field->from - 1;
  }
  return n;
}

static gboolean
refuse (GuicheCnabName name, const char *reason, const char *what, GError **error)
{
  return guiche_banking_refuse (error, guiche_cnab_names[name], reason, "%s: %s",
                                guiche_cnab_names[name], what);
}

static gboolean
refuse_unknown (GuicheCnabName name, GError **error)
{
  return refuse (name, "unknown", "no record here has this column", error);
}

gboolean
guiche_cnab_group_set_number (GuicheCnabGroup *self,
                              GuicheCnabName name,
                              gint64 value,
                              GError **error)
{
  const GuicheCnabField *fields[GUICHE_CNAB_MAX_RECORDS];
  char *texts[GUICHE_CNAB_MAX_RECORDS];
  guint n = find_all (self, name, fields, texts);

  if (n == 0)
    return refuse_unknown (name, error);
  for (guint i = 0; i < n; i++)
    if (!guiche_cnab_value_put_number (texts[i], fields[i]->length, value))
      return refuse (name, "range", "the number is negative or too long", error);
  return TRUE;
}

gboolean
guiche_cnab_group_set_day (GuicheCnabGroup *self,
                           GuicheCnabName name,
                           GuicheDay day,
                           GError **error)
{
  const GuicheCnabField *fields[GUICHE_CNAB_MAX_RECORDS];
  char *texts[GUICHE_CNAB_MAX_RECORDS];
  guint n = find_all (self, name, fields, texts);

  if (n == 0)
    return refuse_unknown (name, error);
  for (guint i = 0; i < n; i++)
    guiche_cnab_value_put_day (texts[i], fields[i]->length, day);
  return TRUE;
}

/* "01234-3", or the same without its dash. */
static char *
undash (const char *text, guint length)
{
  gsize n = strlen (text);

  if (n == length + 1 && text[length - 1] == '-')
    return g_strdup_printf ("%.*s%c", (int) length - 1, text, text[length]);
  return g_strdup (text);
}

gboolean
guiche_cnab_group_set_text (GuicheCnabGroup *self,
                            GuicheCnabName name,
                            const char *text,
                            GError **error)
{
  const GuicheCnabField *fields[GUICHE_CNAB_MAX_RECORDS];
  char *texts[GUICHE_CNAB_MAX_RECORDS];
  guint n = find_all (self, name, fields, texts);

  if (n == 0)
    return refuse_unknown (name, error);
  for (guint i = 0; i < n; i++) {
    g_autofree char *bare = fields[i]->kind == GUICHE_CNAB_KIND_DASHED
                                ? undash (text, fields[i]->length)
                                : g_strdup (text);

    switch (guiche_cnab_value_put_text (texts[i], fields[i]->length, bare)) {
    case GUICHE_CNAB_PUT_TOO_LONG:
      return refuse (name, "range", "the text is too long", error);
    case GUICHE_CNAB_PUT_ENCODING:
      return refuse (name, "encoding", "a character that ISO-8859-1 does not have", error);
    case GUICHE_CNAB_PUT_DONE:
    default:
      break;
    }
  }
  return TRUE;
}
