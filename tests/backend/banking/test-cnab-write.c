/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read (write (x)) = x, for every column of every record of every layout. */
#include "banking/cnab-reader.h"
#include "banking/cnab-value.h"
#include "banking/cnab-writer.h"
#include "base/error.h"

#include <string.h>

#define N_TITLES 20

static gboolean
is_control (GuicheCnabName name)
{
  return name == GUICHE_CNAB_BANCO || name == GUICHE_CNAB_LOTE || name == GUICHE_CNAB_SEQ ||
         name == GUICHE_CNAB_SEQ_REGISTRO || name == GUICHE_CNAB_TIPO_REGISTRO ||
         name == GUICHE_CNAB_TIPO || name == GUICHE_CNAB_TIPO5_SERVICO ||
         name == GUICHE_CNAB_REGISTRO_OPCIONAL;
}

/* Something of its kind in every column, from the row's number. */
static void
fill (GuicheCnabGroup *group, guint seed)
{
  for (guint i = 0; i < group->n_records; i++) {
    for (guint j = 0; j < group->records[i]->n_fields; j++) {
      const GuicheCnabField *field = &group->records[i]->fields[j];
      guint n = seed * 31 + i * 7 + j;
      g_autofree char *text = g_strdup_printf ("%s%u", n % 3 == 0 ? "\xC3\xA7" : "A", n);
      g_autoptr (GError) error = NULL;

      if (is_control (field->name))
        continue;
      if (field->kind == GUICHE_CNAB_KIND_DATE6 || field->kind == GUICHE_CNAB_KIND_DATE8)
        guiche_cnab_group_set_day (group, field->name,
                                   n % 5 == 0 ? GUICHE_DAY_NONE : 20000 + (gint32) n, &error);
      else if (field->kind >= GUICHE_CNAB_KIND_INTEGER)
        guiche_cnab_group_set_number (group, field->name, n, &error);
      else if (field->kind == GUICHE_CNAB_KIND_TEXT && field->length > 6)
        guiche_cnab_group_set_text (group, field->name, text, &error);
      g_assert_no_error (error);
    }
  }
}

static void
assert_equal (const GuicheCnabGroup *a, const GuicheCnabGroup *b)
{
  g_assert_cmpuint (a->n_records, ==, b->n_records);
  for (guint i = 0; i < a->n_records; i++) {
    g_assert_true (a->records[i] == b->records[i]);
    for (guint j = 0; j < a->records[i]->n_fields; j++) {
      GuicheCnabName name = a->records[i]->fields[j].name;
      g_autofree char *text = guiche_cnab_group_get_text (a, name);
      g_autofree char *other = guiche_cnab_group_get_text (b, name);

      g_assert_cmpstr (text, ==, other);
      g_assert_cmpint (guiche_cnab_group_get_day (a, name), ==,
                       guiche_cnab_group_get_day (b, name));
      g_assert_cmpint (guiche_cnab_group_get_number (a, name), ==,
                       guiche_cnab_group_get_number (b, name));
    }
  }
}

static void
write_frame (GuicheCnabWriter *writer,
             GuicheCnabRecordKind kind,
             GuicheCnabGroup *group,
             GString *out)
{
  g_autoptr (GError) error = NULL;

  guiche_cnab_writer_make (writer, kind, group);
  if (kind == GUICHE_CNAB_RECORD_FILE_HEADER)
    guiche_cnab_writer_begin_file (writer, group, out, &error);
  else if (kind == GUICHE_CNAB_RECORD_LOTE_HEADER)
    guiche_cnab_writer_begin_lote (writer, group, out, &error);
  else if (kind == GUICHE_CNAB_RECORD_LOTE_TRAILER)
    guiche_cnab_writer_end_lote (writer, group, out, &error);
  else
    guiche_cnab_writer_end_file (writer, group, out, &error);
  g_assert_no_error (error);
}

static void
check (guint width, const char *bank, char direction, const char *records)
{
  g_autofree GuicheCnabGroup *frame = g_new (GuicheCnabGroup, 1);
  g_autofree GuicheCnabGroup *titles = g_new (GuicheCnabGroup, N_TITLES);
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const GuicheCnabGroup *group = NULL;
  GuicheCnabWriter writer;
  guint n = 0;
  GuicheCnabRead step;

  g_assert_true (guiche_cnab_writer_init (&writer, width, bank, direction, NULL));
  write_frame (&writer, GUICHE_CNAB_RECORD_FILE_HEADER, frame, out);
  for (guint i = 0; i < N_TITLES; i++) {
    if (width == 240 && i % 8 == 0) {
      if (i > 0)
        write_frame (&writer, GUICHE_CNAB_RECORD_LOTE_TRAILER, frame, out);
      write_frame (&writer, GUICHE_CNAB_RECORD_LOTE_HEADER, frame, out);
    }
    g_assert_true (guiche_cnab_writer_make_title (&writer, records, &titles[i]));
    fill (&titles[i], i);
    g_assert_true (guiche_cnab_writer_add (&writer, &titles[i], out, NULL));
  }
  if (width == 240)
    write_frame (&writer, GUICHE_CNAB_RECORD_LOTE_TRAILER, frame, out);
  write_frame (&writer, GUICHE_CNAB_RECORD_FILE_TRAILER, frame, out);

  guiche_cnab_reader_feed (reader, out->str, out->len);
  guiche_cnab_reader_finish (reader);
  while ((step = guiche_cnab_reader_next (reader, &group, &error)) == GUICHE_CNAB_READ_GROUP)
    if (group->kind == GUICHE_CNAB_RECORD_TITLE)
      assert_equal (group, &titles[n++]);
  g_assert_no_error (error);
  g_assert_cmpint (step, ==, GUICHE_CNAB_READ_END);
  g_assert_cmpuint (n, ==, N_TITLES);
}

static void
test_round_trip (void)
{
  check (240, "001", GUICHE_CNAB_DIRECTION_REMESSA, "PQRSY");
  check (240, "001", GUICHE_CNAB_DIRECTION_RETORNO, "TUY");
  check (240, "756", GUICHE_CNAB_DIRECTION_REMESSA, "PQRS");
  check (240, "756", GUICHE_CNAB_DIRECTION_RETORNO, "TU");
  check (240, "237", GUICHE_CNAB_DIRECTION_RETORNO, "TU");
  check (400, "001", GUICHE_CNAB_DIRECTION_REMESSA, "7");
  check (400, "001", GUICHE_CNAB_DIRECTION_RETORNO, "7");
  check (400, "001", GUICHE_CNAB_DIRECTION_RETORNO, "1");
  check (400, "756", GUICHE_CNAB_DIRECTION_REMESSA, "1");
  check (400, "756", GUICHE_CNAB_DIRECTION_RETORNO, "1");
  check (400, "077", GUICHE_CNAB_DIRECTION_REMESSA, "12");
  check (400, "077", GUICHE_CNAB_DIRECTION_RETORNO, "1");
}

static void
test_refusals (void)
{
  g_autofree GuicheCnabGroup *title = g_new (GuicheCnabGroup, 1);
  GuicheCnabWriter writer;
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) range = NULL;
  g_autoptr (GError) encoding = NULL;
  g_autoptr (GError) absent = NULL;

  g_assert_false (
      guiche_cnab_writer_init (&writer, 400, "237", GUICHE_CNAB_DIRECTION_REMESSA, &unknown));
  g_assert_cmpstr (guiche_error_get_detail (unknown, "field"), ==, "banco");
  g_assert_true (
      guiche_cnab_writer_init (&writer, 240, "001", GUICHE_CNAB_DIRECTION_REMESSA, NULL));
  g_assert_true (guiche_cnab_writer_make_title (&writer, "PQ", title));
  g_assert_false (guiche_cnab_group_set_number (title, GUICHE_CNAB_VALOR_TITULO,
                                                G_GINT64_CONSTANT (1000000000000000), &range));
  g_assert_cmpstr (guiche_error_get_detail (range, "reason"), ==, "range");
  g_assert_false (guiche_cnab_group_set_text (title, GUICHE_CNAB_PAGADOR_NOME,
                                              "Zo\xC3\xAB \xE2\x82\xAC", &encoding));
  g_assert_cmpstr (guiche_error_get_detail (encoding, "reason"), ==, "encoding");
  g_assert_false (guiche_cnab_group_set_text (title, GUICHE_CNAB_COD_MULTA, "1", &absent));
  g_assert_cmpstr (guiche_error_get_detail (absent, "field"), ==, "cod_multa");
  g_assert_false (guiche_cnab_writer_make_title (&writer, "PK", title));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/cnab-write/round-trip", test_round_trip);
  g_test_add_func ("/banking/cnab-write/refusals", test_refusals);
  return g_test_run ();
}
