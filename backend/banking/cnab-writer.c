/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-writer.h"

#include "banking/cnab-value.h"
#include "banking/refusal.h"

#include <string.h>

#define MAX_RECORDS_IN_LOTE 99999
#define MAX_RECORDS 999999

gboolean
guiche_cnab_writer_init (GuicheCnabWriter *self,
                         guint width,
                         const char *bank,
                         char direction,
                         GError **error)
{
  memset (self, 0, sizeof *self);
  self->direction = direction;
  g_strlcpy (self->bank, bank, sizeof self->bank);
  self->layout = guiche_cnab_layout_find (width, bank, direction);
  if (self->layout == NULL || strlen (bank) != 3)
    return guiche_banking_refuse (error, "banco", "unknown",
                                  "banco: no CNAB layout of this bank is known");
  return TRUE;
}

void
guiche_cnab_writer_make (const GuicheCnabWriter *self,
                         GuicheCnabRecordKind kind,
                         GuicheCnabGroup *out)
{
  guiche_cnab_group_clear (out, self->layout);
  for (guint i = 0; i < self->layout->n_records; i++)
    if (self->layout->records[i].kind == kind) {
      guiche_cnab_group_append_empty (out, &self->layout->records[i]);
      return;
    }
}

gboolean
guiche_cnab_writer_make_title (const GuicheCnabWriter *self,
                               const char *records,
                               GuicheCnabGroup *out)
{
  guiche_cnab_group_clear (out, self->layout);
  for (; *records != '\0'; records++) {
    const GuicheCnabRecordLayout *record =
        guiche_cnab_layout_named_record (self->layout, *records, *records == 'Y' ? "03" : "");

    if (record == NULL || !guiche_cnab_group_append_empty (out, record))
      return FALSE;
  }
  return out->n_records > 0;
}

/* A column of one record; quietly nothing where the record has none. */
static void
put_number (GuicheCnabGroup *group, guint i, GuicheCnabName name, gint64 value)
{
  const GuicheCnabField *field =
      group->records[i] == NULL ? NULL : guiche_cnab_record_field (group->records[i], name);

  if (field != NULL)
    guiche_cnab_value_put_number (group->text[i] + field->from - 1, field->length, value);
}

void
guiche_cnab_group_write (const GuicheCnabGroup *self, GString *out)
{
  for (guint i = 0; i < self->n_records; i++) {
    g_string_append_len (out, self->text[i], self->layout->width);
    g_string_append_len (out, "\r\n", 2);
  }
}

static gboolean
write_group (GuicheCnabWriter *self, GuicheCnabGroup *group, GString *out, GError **error)
{
  if (self->n_lines + group->n_records > MAX_RECORDS)
    return guiche_banking_refuse (error, "titulos", "range", "A file holds %d records",
                                  MAX_RECORDS);
  for (guint i = 0; i < group->n_records; i++) {
    self->n_lines++;
    if (self->layout->width == 240)
      memcpy (group->text[i], self->bank, 3);
    put_number (group, i, GUICHE_CNAB_SEQ_REGISTRO, (gint64) self->n_lines);
  }
  guiche_cnab_group_write (group, out);
  return TRUE;
}

gboolean
guiche_cnab_writer_begin_file (GuicheCnabWriter *self,
                               GuicheCnabGroup *header,
                               GString *out,
                               GError **error)
{
  const GuicheCnabField *direction =
      guiche_cnab_record_field (header->records[0], GUICHE_CNAB_TIPO_ARQUIVO);

  if (direction != NULL)
    header->text[0][direction->from - 1] = self->direction;
  return write_group (self, header, out, error);
}

gboolean
guiche_cnab_writer_begin_lote (GuicheCnabWriter *self,
                               GuicheCnabGroup *header,
                               GString *out,
                               GError **error)
{
  self->n_lotes++;
  self->n_in_lote = 0;
  self->n_titles_in_lote = 0;
  self->face_in_lote = 0;
  put_number (header, 0, GUICHE_CNAB_LOTE, self->n_lotes);
  if (!guiche_cnab_group_set_text (header, GUICHE_CNAB_OPERACAO,
                                   self->direction == GUICHE_CNAB_DIRECTION_REMESSA ? "R" : "T",
                                   error))
    return FALSE;
  return write_group (self, header, out, error);
}

gboolean
guiche_cnab_writer_add (GuicheCnabWriter *self,
                        GuicheCnabGroup *title,
                        GString *out,
                        GError **error)
{
  self->n_titles++;
  self->n_titles_in_lote++;
  self->face_in_lote += guiche_cnab_group_get_number (title, GUICHE_CNAB_VALOR_TITULO);
  if (self->layout->width == 400)
    return write_group (self, title, out, error);
  if (self->n_in_lote + title->n_records > MAX_RECORDS_IN_LOTE)
    return guiche_banking_refuse (error, "titulos", "range", "A lote holds %d records",
                                  MAX_RECORDS_IN_LOTE);
  for (guint i = 0; i < title->n_records; i++) {
    self->n_in_lote++;
    put_number (title, i, GUICHE_CNAB_LOTE, self->n_lotes);
    put_number (title, i, GUICHE_CNAB_SEQ, self->n_in_lote);
  }
  return write_group (self, title, out, error);
}

gboolean
guiche_cnab_writer_end_lote (GuicheCnabWriter *self,
                             GuicheCnabGroup *trailer,
                             GString *out,
                             GError **error)
{
  put_number (trailer, 0, GUICHE_CNAB_LOTE, self->n_lotes);
  put_number (trailer, 0, GUICHE_CNAB_REGISTROS, self->n_in_lote + 2);
  return write_group (self, trailer, out, error);
}

gboolean
guiche_cnab_writer_end_file (GuicheCnabWriter *self,
                             GuicheCnabGroup *trailer,
                             GString *out,
                             GError **error)
{
  put_number (trailer, 0, GUICHE_CNAB_LOTES, self->n_lotes);
  put_number (trailer, 0, GUICHE_CNAB_REGISTROS, (gint64) self->n_lines + 1);
  put_number (trailer, 0, GUICHE_CNAB_QTD_BOLETOS, (gint64) self->n_titles);
  put_number (trailer, 0, GUICHE_CNAB_QTD_TITULOS, (gint64) self->n_titles);
  return write_group (self, trailer, out, error);
}
