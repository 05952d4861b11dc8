/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-json.h"
#include "banking/cnab-value.h"

#include <string.h>

#define MAX_MOVEMENTS 64

/* A header or a trailer: its one record. */
typedef struct {
  const GuicheCnabRecordLayout *record; /* (nullable) until it was read */
  char text[GUICHE_CNAB_MAX_WIDTH];
} Kept;

struct _GuicheCnabSummary {
  guint width;
  Kept file_header, lote_header, lote_trailer, file_trailer;
  guint64 n_titles;
  gint64 face_cents, paid_cents;

  struct {
    char code[3];
    guint64 n;
  } movements[MAX_MOVEMENTS];

  guint n_movements;
  guint64 n_other_segments[256];
  GuicheJsonWriter *type_5; /* (nullable): an open list */
};

GuicheCnabSummary *
guiche_cnab_summary_new (void)
{
  return g_new0 (GuicheCnabSummary, 1);
}

void
guiche_cnab_summary_free (GuicheCnabSummary *self)
{
  g_clear_pointer (&self->type_5, guiche_json_writer_free);
  g_free (self);
}

static void
keep (Kept *kept, const GuicheCnabGroup *group)
{
  kept->record = group->records[0];
  memcpy (kept->text, group->text[0], group->layout->width);
}

static void
count_movement (GuicheCnabSummary *self, const GuicheCnabGroup *group)
{
  const GuicheCnabField *field =
      guiche_cnab_record_field (group->records[0], GUICHE_CNAB_MOVIMENTO);
  char code[3] = "";
  guint i = 0;

  if (field == NULL)
    field = guiche_cnab_record_field (group->records[0], GUICHE_CNAB_COMANDO);
  if (field == NULL)
    return;
  memcpy (code, group->text[0] + field->from - 1, 2);
  while (i < self->n_movements && strcmp (self->movements[i].code, code) != 0)
    i++;
  if (i == MAX_MOVEMENTS)
    return;
  if (i == self->n_movements)
    memcpy (self->movements[self->n_movements++].code, code, sizeof code);
  self->movements[i].n++;
}

/* BB's records 5 beside the titles, as they come. */
static void
list_type_5 (GuicheCnabSummary *self, const GuicheCnabGroup *group, guint i)
{
  static const struct {
    GuicheCnabName name;
    const char *shown;
  } members[] = {
    { GUICHE_CNAB_TIPO5_SERVICO, "servico" }, { GUICHE_CNAB_COD_MULTA, "codigo" },
    { GUICHE_CNAB_DATA_MULTA, "data" },       { GUICHE_CNAB_MULTA, "valor" },
    { GUICHE_CNAB_PAGADOR_EMAIL, "email" },   { GUICHE_CNAB_DOCUMENTO, "documento" }
  };

  if (self->type_5 == NULL) {
    self->type_5 = guiche_json_writer_new ();
    guiche_json_writer_begin_array (self->type_5);
  }
  guiche_json_writer_begin_object (self->type_5);
  for (gsize j = 0; j < G_N_ELEMENTS (members); j++) {
    const GuicheCnabField *field = guiche_cnab_record_field (group->records[i], members[j].name);

    if (field == NULL)
      continue;
    guiche_json_writer_name (self->type_5, members[j].shown);
    guiche_cnab_json_write_field (self->type_5, field, group->text[i] + field->from - 1);
  }
  guiche_json_writer_end_object (self->type_5);
}

static void
add_title (GuicheCnabSummary *self, const GuicheCnabGroup *group)
{
  self->n_titles++;
  self->face_cents += guiche_cnab_group_get_number (group, GUICHE_CNAB_VALOR_TITULO);
  self->paid_cents += guiche_cnab_group_get_number (
      group, guiche_cnab_group_has (group, GUICHE_CNAB_VALOR_PAGO) ? GUICHE_CNAB_VALOR_PAGO
                                                                   : GUICHE_CNAB_VALOR_RECEBIDO);
  count_movement (self, group);
}

static void
add_details (GuicheCnabSummary *self, const GuicheCnabGroup *group)
{
  for (guint i = 0; i < group->n_records; i++) {
    char segment = group->text[i][13];

    if (self->width == 240 && group->text[i][7] == '3' && strchr ("PQRTU", segment) == NULL)
      self->n_other_segments[(guchar) segment]++;
    if (self->width == 400 && group->records[i] != NULL && group->records[i]->type == '5')
      list_type_5 (self, group, i);
  }
}

void
guiche_cnab_summary_add (GuicheCnabSummary *self, const GuicheCnabGroup *group)
{
  self->width = group->layout->width;
  switch (group->kind) {
  case GUICHE_CNAB_RECORD_FILE_HEADER:
    keep (&self->file_header, group);
    return;
  case GUICHE_CNAB_RECORD_LOTE_HEADER:
    keep (&self->lote_header, group);
    return;
  case GUICHE_CNAB_RECORD_LOTE_TRAILER:
    keep (&self->lote_trailer, group);
    return;
  case GUICHE_CNAB_RECORD_FILE_TRAILER:
    keep (&self->file_trailer, group);
    return;
  case GUICHE_CNAB_RECORD_TITLE:
    add_title (self, group);
    add_details (self, group);
    return;
  case GUICHE_CNAB_RECORD_DETAIL:
  case GUICHE_CNAB_RECORD_STATEMENT:
  default:
    add_details (self, group);
  }
}

static guint
write_kept (GuicheJsonWriter *out, const Kept *kept)
{
  guint n = 0;

  for (guint i = 0; kept->record != NULL && i < kept->record->n_fields; i++) {
    const GuicheCnabField *field = &kept->record->fields[i];

    if (!field->is_shown)
      continue;
    guiche_json_writer_name (out, guiche_cnab_names[field->name]);
    guiche_cnab_json_write_field (out, field, kept->text + field->from - 1);
    n++;
  }
  return n;
}

static void
write_kept_object (GuicheJsonWriter *out, const char *name, const Kept *kept)
{
  if (kept->record == NULL)
    return;
  guiche_json_writer_name (out, name);
  guiche_json_writer_begin_object (out);
  write_kept (out, kept);
  guiche_json_writer_end_object (out);
}

static void
write_240 (const GuicheCnabSummary *self, GuicheJsonWriter *out)
{
  guiche_json_writer_name (out, "outros_segmentos");
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < G_N_ELEMENTS (self->n_other_segments); i++) {
    char name[2] = { (char) i, '\0' };

    if (self->n_other_segments[i] > 0 && g_ascii_isalnum (i))
      guiche_json_writer_member_int (out, name, (gint64) self->n_other_segments[i]);
  }
  guiche_json_writer_end_object (out);
  write_kept (out, &self->file_header);
  write_kept (out, &self->lote_header);
  write_kept_object (out, "trailer_lote", &self->lote_trailer);
  write_kept_object (out, "trailer_arquivo", &self->file_trailer);
}

static gboolean
shows_something (const Kept *kept)
{
  for (guint i = 0; kept->record != NULL && i < kept->record->n_fields; i++)
    if (kept->record->fields[i].is_shown)
      return TRUE;
  return FALSE;
}

static void
write_400 (const GuicheCnabSummary *self, const GuicheCnabReader *reader, GuicheJsonWriter *out)
{
  guiche_json_writer_member_string (out, "banco", guiche_cnab_reader_bank (reader));
  guiche_json_writer_member_string (
      out, "tipo_arquivo",
      guiche_cnab_reader_direction (reader) == GUICHE_CNAB_DIRECTION_REMESSA ? "remessa"
                                                                             : "retorno");
  write_kept (out, &self->file_header);
  if (self->type_5 != NULL) {
    g_autofree char *list = g_strconcat (guiche_json_writer_peek (self->type_5, NULL), "]", NULL);

    guiche_json_writer_member_raw (out, "registros_tipo5", list, -1);
  }
  guiche_json_writer_name (out, "trailer_seq");
  guiche_json_writer_string_length (out, self->file_trailer.text + 394, 6);
  if (shows_something (&self->file_trailer))
    write_kept_object (out, "trailer", &self->file_trailer);
}

void
guiche_cnab_summary_write (const GuicheCnabSummary *self,
                           const GuicheCnabReader *reader,
                           GuicheJsonWriter *out)
{
  if (self->width == 240)
    write_240 (self, out);
  else
    write_400 (self, reader, out);
  guiche_json_writer_member_int (out, "linhas", (gint64) guiche_cnab_reader_lines (reader));
  guiche_json_writer_member_int (out, "n_titulos", (gint64) self->n_titles);
  guiche_json_writer_name (out, "por_movimento");
  guiche_json_writer_begin_object (out);
  for (guint i = 0; i < self->n_movements; i++)
    guiche_json_writer_member_int (out, self->movements[i].code, (gint64) self->movements[i].n);
  guiche_json_writer_end_object (out);
  guiche_json_writer_member_int (out, "soma_valor_titulo", self->face_cents);
  guiche_json_writer_member_int (out, "soma_valor_pago", self->paid_cents);
}
