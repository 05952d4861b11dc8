/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-reader.h"

#include "banking/check-digit.h"
#include "banking/cnab-reader-private.h"
#include "banking/cnab-value.h"

#include <string.h>

static void
free_notice (gpointer data)
{
  GuicheCnabNotice *notice = data;

  g_free (notice->message);
  g_free (notice);
}

GuicheCnabReader *
guiche_cnab_reader_new (GuicheCnabFlags flags)
{
  GuicheCnabReader *self = g_new0 (GuicheCnabReader, 1);

  guiche_cnab_lines_init (&self->lines, flags);
  self->notices = g_ptr_array_new_with_free_func (free_notice);
  return self;
}

void
guiche_cnab_reader_free (GuicheCnabReader *self)
{
  g_ptr_array_unref (self->notices);
  g_free (self);
}

void
guiche_cnab_reader_feed (GuicheCnabReader *self, const char *data, gsize length)
{
  guiche_cnab_lines_feed (&self->lines, data, length);
}

void
guiche_cnab_reader_finish (GuicheCnabReader *self)
{
  guiche_cnab_lines_finish (&self->lines);
}

gboolean
guiche_cnab_reader_refuse (GuicheCnabReader *self,
                           guint column,
                           const char *reason,
                           const char *what,
                           GError **error)
{
  return guiche_banking_refuse_at (error, self->lines.line, column, NULL, reason, "%s", what);
}

void
guiche_cnab_reader_notice (GuicheCnabReader *self,
                           guint column,
                           const char *code,
                           const char *format,
                           ...)
{
  GuicheCnabNotice *notice;
  va_list arguments;

  self->n_notices++;
  if (self->notices->len == GUICHE_CNAB_MAX_NOTICES)
    return;
  notice = g_new0 (GuicheCnabNotice, 1);
  notice->line = self->lines.line;
  notice->column = column;
  notice->code = code;
  va_start (arguments, format);
  notice->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (self->notices, notice);
}

gboolean
guiche_cnab_reader_number (GuicheCnabReader *self,
                           const char *line,
                           guint column,
                           guint length,
                           const char *what,
                           gint64 *out,
                           GError **error)
{
  for (guint i = 0; i < length; i++)
    if (!g_ascii_isdigit (line[column - 1 + i]))
      return guiche_banking_refuse_at (error, self->lines.line, column + i, NULL, "number",
                                       "%s is no number", what);
  return guiche_cnab_value_number (line + column - 1, length, out);
}

static gboolean
refuse_number (GuicheCnabReader *self,
               const GuicheCnabField *field,
               const char *text,
               GError **error)
{
  guint at = 0;

  while (at + 1 < field->length && (g_ascii_isdigit (text[at]) || text[at] == ' ') &&
         (text[at] == ' ') == (text[0] == ' '))
    at++;
  return guiche_banking_refuse_at (error, self->lines.line, field->from + at,
                                   guiche_cnab_names[field->name], "number", "%s (%s) is no number",
                                   guiche_cnab_names[field->name], field->description);
}

static gboolean
check_field (GuicheCnabReader *self, const GuicheCnabField *field, const char *text, GError **error)
{
  GuicheDay day;

  switch (field->kind) {
  case GUICHE_CNAB_KIND_INTEGER:
  case GUICHE_CNAB_KIND_MONEY:
    return guiche_cnab_value_is_number (text, field->length) ||
           refuse_number (self, field, text, error);
  case GUICHE_CNAB_KIND_MONEY_OR_NULL:
    if (!guiche_cnab_value_is_number (text, field->length))
      guiche_cnab_reader_notice (self, field->from, "number", "%s is no number",
                                 guiche_cnab_names[field->name]);
    return TRUE;
  case GUICHE_CNAB_KIND_DATE6:
  case GUICHE_CNAB_KIND_DATE8:
    if (guiche_cnab_value_day (text, field->length, &day) == GUICHE_CNAB_DAY_INVALID)
      guiche_cnab_reader_notice (self, field->from, "date", "%s is no day",
                                 guiche_cnab_names[field->name]);
    return TRUE;
  case GUICHE_CNAB_KIND_RAW:
  case GUICHE_CNAB_KIND_TEXT:
  case GUICHE_CNAB_KIND_DASHED:
  case GUICHE_CNAB_KIND_CODES:
  case GUICHE_CNAB_KIND_DIRECTION:
  default:
    return TRUE;
  }
}

/* A movement no manual knows is kept; each is reported once. */
static void
check_movement (GuicheCnabReader *self, const GuicheCnabRecordLayout *record, const char *line)
{
  const GuicheCnabField *field = guiche_cnab_record_field (record, GUICHE_CNAB_MOVIMENTO);
  char code[3] = "";
  guint number;

  if (field == NULL)
    field = guiche_cnab_record_field (record, GUICHE_CNAB_COMANDO);
  if (field == NULL)
    return;
  memcpy (code, line + field->from - 1, 2);
  number = guiche_is_digits (code, 2) ? (guint) ((code[0] - '0') * 10 + code[1] - '0') : 0;
  if (self->known_movements[number] != 0)
    return;
  if (self->movement_table == NULL)
    self->movement_table = guiche_cnab_movement_table (self->layout, self->direction);
  self->known_movements[number] =
      guiche_cnab_code_description (self->movement_table, code) != NULL ? 1 : 2;
  if (self->known_movements[number] == 2)
    guiche_cnab_reader_notice (self, field->from, "movement", "movement %s is unknown", code);
}

/* What makes a title complete is known when the next thing begins. */
static gboolean
close_group (GuicheCnabReader *self, GError **error)
{
  GuicheCnabGroup *group = &self->groups[self->current];

  if (group->n_records == 0)
    return TRUE;
  if (group->kind == GUICHE_CNAB_RECORD_TITLE && group->records[0]->segment == 'T' &&
      (group->n_records < 2 || group->records[1] == NULL || group->records[1]->segment != 'U'))
    return guiche_banking_refuse_at (error, group->line + 1, 14, NULL, "order",
                                     "segment U is needed after segment T");
  self->has_ready = TRUE;
  self->current = 1 - self->current;
  guiche_cnab_group_clear (&self->groups[self->current], self->layout);
  return TRUE;
}

gboolean
guiche_cnab_reader_place (GuicheCnabReader *self,
                          const GuicheCnabRecordLayout *record,
                          const char *line,
                          GError **error)
{
  GuicheCnabGroup *group = &self->groups[self->current];
  gboolean belongs = (record == NULL || record->kind == GUICHE_CNAB_RECORD_DETAIL) &&
                     group->n_records > 0 && group->kind == GUICHE_CNAB_RECORD_TITLE;

  if (!belongs) {
    if (!close_group (self, error))
      return FALSE;
    group = &self->groups[self->current];
    guiche_cnab_group_clear (group, self->layout);
    group->line = self->lines.line;
  }
  for (guint i = 0; record != NULL && i < record->n_fields; i++)
    if (!check_field (self, &record->fields[i], line + record->fields[i].from - 1, error))
      return FALSE;
  if (record != NULL && record->kind == GUICHE_CNAB_RECORD_TITLE) {
    self->n_titles++;
    check_movement (self, record, line);
  }
  if (!guiche_cnab_group_append (group, record, line))
    return guiche_cnab_reader_refuse (self, 1, "range", "too many records for one title", error);
  return TRUE;
}

static GuicheCnabRead
finish_reading (GuicheCnabReader *self, const GuicheCnabGroup **out_group, GError **error)
{
  if (self->state != GUICHE_CNAB_AT_END) {
    guiche_banking_refuse_at (error, self->lines.line + 1, 1, NULL, "cut",
                              self->lines.line == 0 ? "the file is empty"
                                                    : "the file ends before its trailer");
    return GUICHE_CNAB_READ_REFUSED;
  }
  if (self->groups[self->current].n_records == 0)
    return GUICHE_CNAB_READ_END;
  if (!close_group (self, error))
    return GUICHE_CNAB_READ_REFUSED;
  self->has_ready = FALSE;
  *out_group = &self->groups[1 - self->current];
  return GUICHE_CNAB_READ_GROUP;
}

static gboolean
is_blank_line (const GuicheCnabReader *self, const char *line)
{
  for (guint i = 0; i < self->lines.width; i++)
    if (line[i] != ' ')
      return FALSE;
  return TRUE;
}

static gboolean
read_line (GuicheCnabReader *self, const char *line, GError **error)
{
  if (self->state == GUICHE_CNAB_AT_END) {
    if ((self->lines.flags & GUICHE_CNAB_TRIMMED) != 0 && is_blank_line (self, line))
      return TRUE;
    return guiche_cnab_reader_refuse (self, 1, "order", "a line after the file's trailer", error);
  }
  return self->lines.width == 240 ? guiche_cnab_reader_line_240 (self, line, error)
                                  : guiche_cnab_reader_line_400 (self, line, error);
}

GuicheCnabRead
guiche_cnab_reader_next (GuicheCnabReader *self, const GuicheCnabGroup **out_group, GError **error)
{
  const char *line = NULL;

  while (!self->is_refused) {
    switch (guiche_cnab_lines_next (&self->lines, &line, error)) {
    case GUICHE_CNAB_LINES_MORE:
      return GUICHE_CNAB_READ_MORE;
    case GUICHE_CNAB_LINES_END:
      return finish_reading (self, out_group, error);
    case GUICHE_CNAB_LINES_LINE:
      self->is_refused = !read_line (self, line, error);
      break;
    case GUICHE_CNAB_LINES_REFUSED:
    default:
      self->is_refused = TRUE;
    }
    if (!self->is_refused && self->has_ready) {
      self->has_ready = FALSE;
      *out_group = &self->groups[1 - self->current];
      return GUICHE_CNAB_READ_GROUP;
    }
  }
  return GUICHE_CNAB_READ_REFUSED;
}

const GuicheCnabLayout *
guiche_cnab_reader_layout (const GuicheCnabReader *self)
{
  return self->layout;
}

const char *
guiche_cnab_reader_bank (const GuicheCnabReader *self)
{
  return self->bank;
}

char
guiche_cnab_reader_direction (const GuicheCnabReader *self)
{
  return self->direction;
}

guint64
guiche_cnab_reader_lines (const GuicheCnabReader *self)
{
  return self->lines.line;
}

GPtrArray *
guiche_cnab_reader_notices (const GuicheCnabReader *self, guint64 *out_n_all)
{
  if (out_n_all != NULL)
    *out_n_all = self->n_notices;
  return self->notices;
}
