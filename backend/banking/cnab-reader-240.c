/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order and the counters of CNAB 240 (FEBRABAN V10.06): header 0, lotes of 1, 3…, 5, trailer 9.
 */
#include "banking/cnab-reader-private.h"

#include <string.h>

#define COLUMN_LOTE 4
#define COLUMN_TYPE 8
#define COLUMN_SEQUENCE 9
#define COLUMN_SEGMENT 14
#define COLUMN_MOVEMENT 16
#define MAX_SEQUENCE 99999
#define COUNTER_RANGE 1000000

/* File and lote versions that manuals and real files have. */
static const char versions[] = "020 030 040 041 042 043 044 045 050 060 080 081 082 083 084 085 "
                               "086 087 088 089 090 100 101 102 103 104 105 106 107 ";

static void
check_version (GuicheCnabReader *self, const char *line, guint column)
{
  char version[5] = "    ";

  memcpy (version, line + column - 1, 3);
  if (strstr (versions, version) == NULL)
    guiche_cnab_reader_notice (self, column, "version", "layout version %.3s is unknown", version);
}

static gboolean
check_lote (GuicheCnabReader *self, const char *line, guint64 expected, GError **error)
{
  gint64 lote;

  if (!guiche_cnab_reader_number (self, line, COLUMN_LOTE, 4, "the lote", &lote, error))
    return FALSE;
  if ((guint64) lote != expected)
    return guiche_banking_refuse_at (error, self->lines.line, COLUMN_LOTE, NULL, "order",
                                     "lote %04d, not %04d", (int) lote, (int) expected);
  return TRUE;
}

static gboolean
read_header (GuicheCnabReader *self, const char *line, GError **error)
{
  char direction = line[142];

  if (!g_ascii_isdigit (line[0]) || !g_ascii_isdigit (line[1]) || !g_ascii_isdigit (line[2]))
    return guiche_cnab_reader_refuse (self, 1, "format", "this is no CNAB file: no bank", error);
  if (line[COLUMN_TYPE - 1] != '0')
    return guiche_cnab_reader_refuse (self, COLUMN_TYPE, "order", "the file has no header", error);
  if (!check_lote (self, line, 0, error))
    return FALSE;
  memcpy (self->bank, line, 3);
  if (direction == GUICHE_CNAB_DIRECTION_REMESSA || direction == GUICHE_CNAB_DIRECTION_RETORNO)
    self->direction = direction;
  self->layout = guiche_cnab_layout_find (240, self->bank, '\0');
  self->state = GUICHE_CNAB_IN_FILE;
  check_version (self, line, 164);
  return TRUE;
}

static gboolean
read_lote_header (GuicheCnabReader *self, const char *line, GError **error)
{
  if (!check_lote (self, line, self->n_lotes + 1, error))
    return FALSE;
  if (self->direction == '\0')
    self->direction =
        line[8] == 'T' ? GUICHE_CNAB_DIRECTION_RETORNO : GUICHE_CNAB_DIRECTION_REMESSA;
  self->n_lotes++;
  self->n_in_lote = 1;
  self->sequence = 0;
  self->state = GUICHE_CNAB_IN_LOTE;
  check_version (self, line, 14);
  return TRUE;
}

/* Five digits: after 99999 banks go on with 0, with 1, or stay there. */
static gboolean
check_sequence (GuicheCnabReader *self, const char *line, GError **error)
{
  gint64 sequence;
  gboolean is_next;

  if (!guiche_cnab_reader_number (self, line, COLUMN_SEQUENCE, 5, "the record's number", &sequence,
                                  error))
    return FALSE;
  is_next = self->sequence == MAX_SEQUENCE
                ? sequence == 0 || sequence == 1 || sequence == MAX_SEQUENCE
                : sequence == self->sequence + 1;
  if (!is_next)
    return guiche_banking_refuse_at (error, self->lines.line, COLUMN_SEQUENCE, "seq", "sequence",
                                     "record number %05d, not %05d", (int) sequence,
                                     (int) (self->sequence + 1));
  self->sequence = sequence;
  return TRUE;
}

/* Q, R and S need a P before them, U needs its T, once. */
static gboolean
check_segment (GuicheCnabReader *self, const char *line, GError **error)
{
  const GuicheCnabGroup *group = &self->groups[self->current];
  gboolean has_title = group->n_records > 0 && group->kind == GUICHE_CNAB_RECORD_TITLE;
  char segment = line[COLUMN_SEGMENT - 1];
  char first = has_title ? group->records[0]->segment : '\0';

  if (strchr ("QRS", segment) != NULL && first != 'P')
    return guiche_cnab_reader_refuse (self, COLUMN_SEGMENT, "order", "no segment P before it",
                                      error);
  if (segment != 'U')
    return TRUE;
  if (first != 'T' || group->n_records != 1)
    return guiche_cnab_reader_refuse (self, COLUMN_SEGMENT, "order", "no segment T before it",
                                      error);
  if (memcmp (line + COLUMN_MOVEMENT - 1, group->text[0] + COLUMN_MOVEMENT - 1, 2) != 0)
    guiche_cnab_reader_notice (self, COLUMN_MOVEMENT, "movement",
                               "another movement than the segment T before it");
  return TRUE;
}

static gboolean
read_detail (GuicheCnabReader *self, const char *line, GError **error)
{
  self->n_in_lote++;
  if (!check_sequence (self, line, error) || !check_segment (self, line, error))
    return FALSE;
  self->n_y += line[COLUMN_SEGMENT - 1] == 'Y';
  return TRUE;
}

static gboolean
check_counter (GuicheCnabReader *self,
               const char *line,
               guint column,
               guint64 expected,
               const char *what,
               GError **error)
{
  gint64 counter;

  if (!guiche_cnab_reader_number (self, line, column, 6, what, &counter, error))
    return FALSE;
  if ((guint64) counter == expected % COUNTER_RANGE)
    return TRUE;
  return guiche_banking_refuse_at (error, self->lines.line, column, NULL, "counter",
                                   "%s is %d, not %" G_GUINT64_FORMAT, what, (int) counter,
                                   expected);
}

static gboolean
read_lote_trailer (GuicheCnabReader *self, const char *line, GError **error)
{
  self->n_in_lote++;
  self->state = GUICHE_CNAB_IN_FILE;
  return check_counter (self, line, 18, self->n_in_lote, "the lote's count of records", error);
}

/* Two programs are known to count otherwise, and their files are in use: one leaves out the file's
 * own header and trailer, one the segments Y. The lotes' counters have been found right by now. */
static gboolean
check_file_counter (GuicheCnabReader *self, const char *line, GError **error)
{
  guint64 n = self->lines.line;
  gint64 counter;

  if (!guiche_cnab_reader_number (self, line, 24, 6, "the file's count of records", &counter,
                                  error))
    return FALSE;
  if ((guint64) counter == n - 2 || (self->n_y > 0 && (guint64) counter == n - self->n_y)) {
    guiche_cnab_reader_notice (self, 24, "counter",
                               "the file's count of records is %d, not %" G_GUINT64_FORMAT,
                               (int) counter, n);
    return TRUE;
  }
  return check_counter (self, line, 24, n, "the file's count of records", error);
}

static gboolean
read_file_trailer (GuicheCnabReader *self, const char *line, GError **error)
{
  self->state = GUICHE_CNAB_AT_END;
  return check_lote (self, line, 9999, error) &&
         check_counter (self, line, 18, self->n_lotes, "the count of lotes", error) &&
         check_file_counter (self, line, error);
}

static gboolean
read_in_lote (GuicheCnabReader *self, const char *line, GError **error)
{
  switch (line[COLUMN_TYPE - 1]) {
  case '3':
    return check_lote (self, line, self->n_lotes, error) && read_detail (self, line, error);
  case '5':
    return check_lote (self, line, self->n_lotes, error) && read_lote_trailer (self, line, error);
  case '2':
  case '4':
    self->n_in_lote++;
    guiche_cnab_reader_notice (self, COLUMN_TYPE, "record", "record type %c is not known here",
                               line[COLUMN_TYPE - 1]);
    return check_lote (self, line, self->n_lotes, error);
  default:
    return guiche_cnab_reader_refuse (self, COLUMN_TYPE, "order",
                                      "a detail or the lote's trailer is needed here", error);
  }
}

static gboolean
read_in_file (GuicheCnabReader *self, const char *line, GError **error)
{
  switch (line[COLUMN_TYPE - 1]) {
  case '1':
    return read_lote_header (self, line, error);
  case '9':
    return read_file_trailer (self, line, error);
  default:
    return guiche_cnab_reader_refuse (
        self, COLUMN_TYPE, "order", "a lote's header or the file's trailer is needed here", error);
  }
}

gboolean
guiche_cnab_reader_line_240 (GuicheCnabReader *self, const char *line, GError **error)
{
  const GuicheCnabRecordLayout *record;
  gboolean is_right;

  if (self->state == GUICHE_CNAB_AT_START) {
    is_right = read_header (self, line, error);
  } else {
    if (memcmp (line, self->bank, 3) != 0)
      return guiche_cnab_reader_refuse (self, 1, "bank", "another bank than the header's", error);
    is_right = self->state == GUICHE_CNAB_IN_LOTE ? read_in_lote (self, line, error)
                                                  : read_in_file (self, line, error);
  }
  if (!is_right)
    return FALSE;
  record = guiche_cnab_layout_record (self->layout, line);
  if (record == NULL && line[COLUMN_TYPE - 1] == '3')
    guiche_cnab_reader_notice (self, COLUMN_SEGMENT, "segment", "segment %c has no table here",
                               line[COLUMN_SEGMENT - 1]);
  return guiche_cnab_reader_place (self, record, line, error);
}
