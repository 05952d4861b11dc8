/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order and the counters of CNAB 400: header 0, details, trailer 9, all numbered. */
#include "banking/cnab-reader-private.h"

#include <string.h>

#define COLUMN_BANK 77
#define COLUMN_SEQUENCE 395
#define SEQUENCE_RANGE 1000000

static gboolean
read_header (GuicheCnabReader *self, const char *line, GError **error)
{
  memcpy (self->bank, line + COLUMN_BANK - 1, 3);
  self->direction = line[1];
  self->layout = guiche_cnab_layout_find (400, self->bank, self->direction);
  if (self->layout == NULL)
    return guiche_cnab_reader_refuse (self, COLUMN_BANK, "bank",
                                      "no CNAB 400 layout of this bank is known", error);
  self->state = GUICHE_CNAB_IN_FILE;
  return TRUE;
}

static gboolean
check_sequence (GuicheCnabReader *self, const char *line, GError **error)
{
  guint64 expected = self->lines.line % SEQUENCE_RANGE;
  gint64 sequence;

  if (!guiche_cnab_reader_number (self, line, COLUMN_SEQUENCE, 6, "the record's number", &sequence,
                                  error))
    return FALSE;
  if ((guint64) sequence == expected)
    return TRUE;
  return guiche_banking_refuse_at (error, self->lines.line, COLUMN_SEQUENCE, "seq", "sequence",
                                   "record number %06d, not %06d", (int) sequence, (int) expected);
}

/* Where a trailer counts the titles: Inter's. Programs leave it blank or zero in remessas. */
static gboolean
check_count (GuicheCnabReader *self,
             const GuicheCnabRecordLayout *record,
             const char *line,
             GError **error)
{
  const GuicheCnabField *field = guiche_cnab_record_field (record, GUICHE_CNAB_QTD_TITULOS);
  gint64 n = 0;

  if (field == NULL)
    field = guiche_cnab_record_field (record, GUICHE_CNAB_QTD_BOLETOS);
  if (field == NULL)
    return TRUE;
  if (line[field->from - 1] != ' ' &&
      !guiche_cnab_reader_number (self, line, field->from, field->length, "the count of titles", &n,
                                  error))
    return FALSE;
  if ((guint64) n == self->n_titles)
    return TRUE;
  if (n == 0 && self->direction == GUICHE_CNAB_DIRECTION_REMESSA) {
    guiche_cnab_reader_notice (self, field->from, "counter", "the titles are not counted");
    return TRUE;
  }
  return guiche_banking_refuse_at (
      error, self->lines.line, field->from, guiche_cnab_names[field->name], "counter",
      "the count of titles is %d, not %d", (int) n, (int) self->n_titles);
}

static gboolean
read_record (GuicheCnabReader *self, const char *line, GError **error)
{
  const GuicheCnabRecordLayout *record = guiche_cnab_layout_record (self->layout, line);

  if (*line == '0')
    return guiche_cnab_reader_refuse (self, 1, "order", "a second header", error);
  if (*line == '9') {
    self->state = GUICHE_CNAB_AT_END;
    return check_count (self, record, line, error);
  }
  if (record == NULL)
    guiche_cnab_reader_notice (self, 1, "record", "record type %c has no table here", *line);
  if (record != NULL && record->kind == GUICHE_CNAB_RECORD_DETAIL && self->n_titles == 0)
    return guiche_cnab_reader_refuse (self, 1, "order", "no title before it", error);
  return TRUE;
}

gboolean
guiche_cnab_reader_line_400 (GuicheCnabReader *self, const char *line, GError **error)
{
  if (!check_sequence (self, line, error) ||
      !(self->state == GUICHE_CNAB_AT_START ? read_header (self, line, error)
                                            : read_record (self, line, error)))
    return FALSE;
  return guiche_cnab_reader_place (self, guiche_cnab_layout_record (self->layout, line), line,
                                   error);
}
