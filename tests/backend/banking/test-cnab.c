/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-reader.h"
#include "banking/cnab-title.h"
#include "banking/cnab-writer.h"
#include "base/error.h"
#include "rows.h"

#include <string.h>

static const char *const files[] = {
  "bb/remessa/bb240_brcobranca.rem",
  "bb/remessa/bb240_laravel.rem",
  "bb/remessa/bb240_pix_brcobranca.rem",
  "bb/remessa/bb240_pix_pycobranca.rem",
  "bb/remessa/bb400_brcobranca.rem",
  "bb/remessa/bb400_laravel.rem",
  "bb/retorno/bb240_4liq_2012.ret",
  "bb/retorno/bb240_5liq_b.ret",
  "bb/retorno/bb400_cbr643_26liq.ret",
  "bb/retorno/bb400_conv6_baixa.ret",
  "inter/remessa/inter400_112_laravel.rem",
  "inter/retorno/inter400_10titulos.ret",
  "sicoob/remessa/sicoob240_br_boleto.rem",
  "sicoob/remessa/sicoob240_laravel.rem",
  "sicoob/remessa/sicoob240_pix_pycobranca.rem",
  "sicoob/remessa/sicoob400_laravel.rem",
  "sicoob/retorno/sicoob240_emser.ret",
  "sicoob/retorno/sicoob400_5liq.ret",
};

static char *
load (const char *name, gsize *out_length)
{
  g_autofree char *path = test_data_path (name);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, out_length, &error);
  g_assert_no_error (error);
  return text;
}

/* All groups written again; the feeds are @chunk bytes long. NULL and @error when it is refused. */
static GString *
copy (const char *text, gsize length, gsize chunk, GuicheCnabFlags flags, GError **error)
{
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (flags);
  g_autoptr (GString) out = g_string_new (NULL);
  const GuicheCnabGroup *group = NULL;
  gsize at = 0;

  for (;;) {
    switch (guiche_cnab_reader_next (reader, &group, error)) {
    case GUICHE_CNAB_READ_MORE:
      if (at < length)
        guiche_cnab_reader_feed (reader, text + at, MIN (chunk, length - at));
      else
        guiche_cnab_reader_finish (reader);
      at += chunk;
      break;
    case GUICHE_CNAB_READ_GROUP:
      guiche_cnab_group_write (group, out);
      break;
    case GUICHE_CNAB_READ_END:
      return g_steal_pointer (&out);
    case GUICHE_CNAB_READ_REFUSED:
    default:
      return NULL;
    }
  }
}

static void
test_copies (void)
{
  static const gsize chunks[] = { 1, 7, 241, 242, 243, 1000, 1 << 20 };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    gsize length;
    g_autofree char *text = load (files[i], &length);

    for (gsize j = 0; j < G_N_ELEMENTS (chunks); j++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) out = copy (text, length, chunks[j], GUICHE_CNAB_STRICT, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (out->str, out->len, text, length);
    }
  }
}

static gint64
detail (const GError *error, const char *key)
{
  const char *text = guiche_error_get_detail (error, key);

  g_assert_nonnull (text);
  return g_ascii_strtoll (text, NULL, 10);
}

static void
assert_refused (const char *text, gsize length, const char *reason, gint64 line, gint64 column)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) out = copy (text, length, 1 << 20, GUICHE_CNAB_STRICT, &error);

  g_assert_null (out);
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
  if (reason != NULL)
    g_assert_cmpstr (guiche_error_get_detail (error, "reason"), ==, reason);
  g_assert_cmpint (detail (error, "line"), ==, line);
  if (column > 0)
    g_assert_cmpint (detail (error, "column"), ==, column);
  g_assert_cmpint (detail (error, "column"), >, 0);
}

/* Cut anywhere: the line of the cut, or the one that is missing. */
static void
test_cut_files (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    gsize length;
    g_autofree char *text = load (files[i], &length);
    gsize step = (gsize) (strchr (text, '\n') - text) + 1;

    for (gsize cut = 0; cut < length; cut += cut % step < 3 || cut % step > step - 4 ? 1 : 13) {
      gsize line = cut / step + 1, column = cut % step;

      assert_refused (text, cut,
                      column == 0         ? "cut"
                      : column < step - 2 ? "width"
                                          : "line-end",
                      (gint64) line, (gint64) MIN (column, step - 2) + 1);
    }
  }
}

/* Every line left out, doubled, or changed with the next one. */
static void
test_shuffled_files (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    gsize length;
    g_autofree char *text = load (files[i], &length);
    gsize step = (gsize) (strchr (text, '\n') - text) + 1;

    for (gsize at = 0; at < length; at += step) {
      g_autoptr (GString) out = g_string_new_len (text, (gssize) length);
      g_autoptr (GError) lost = NULL;
      g_autoptr (GError) doubled = NULL;
      g_autoptr (GError) swapped = NULL;

      g_string_erase (out, (gssize) at, (gssize) step);
      g_assert_null (copy (out->str, out->len, 4096, GUICHE_CNAB_LENIENT, &lost));
      g_assert_cmpint (detail (lost, "line"), >, 0);
      g_string_insert_len (out, (gssize) at, text + at, (gssize) step);
      g_string_insert_len (out, (gssize) at, text + at, (gssize) step);
      g_assert_null (copy (out->str, out->len, 4096, GUICHE_CNAB_LENIENT, &doubled));
      g_assert_cmpint (detail (doubled, "line"), >, 0);
      if (at + 2 * step > length)
        continue;
      memcpy (out->str, text, length);
      memcpy (out->str + at, text + at + step, step);
      memcpy (out->str + at + step, text + at, step);
      g_assert_null (copy (out->str, length, 4096, GUICHE_CNAB_LENIENT, &swapped));
      g_assert_cmpint (detail (swapped, "line"), >, 0);
    }
  }
}

typedef struct {
  const char *file;
  gint64 line, column;
  const char *text; /* written over it */
  const char *reason;
} Damage;

static void
test_damage (void)
{
  static const Damage damages[] = {
    { "bb/remessa/bb240_laravel.rem", 3, 86, "00000000001000A", "number" },
    { "bb/remessa/bb240_laravel.rem", 3, 9, "00002", "sequence" },
    { "bb/remessa/bb240_laravel.rem", 4, 9, "0000X", "number" },
    { "bb/remessa/bb240_laravel.rem", 18, 18, "000018", "counter" },
    { "bb/remessa/bb240_laravel.rem", 19, 18, "000002", "counter" },
    { "bb/remessa/bb240_laravel.rem", 19, 24, "000018", "counter" },
    { "bb/remessa/bb240_laravel.rem", 19, 24, "      ", "number" },
    { "bb/remessa/bb240_laravel.rem", 3, 4, "0002", "order" },
    { "bb/remessa/bb240_laravel.rem", 3, 8, "1", "order" },
    { "bb/remessa/bb240_laravel.rem", 5, 1, "756", "bank" },
    { "bb/remessa/bb240_laravel.rem", 1, 8, "1", "order" },
    { "bb/remessa/bb240_laravel.rem", 3, 14, "Q", "order" },
    { "bb/remessa/bb240_laravel.rem", 4, 34, "JOS\xC3\x89", "encoding" },
    { "bb/remessa/bb240_laravel.rem", 4, 40, "\x01", "encoding" },
    { "bb/remessa/bb240_laravel.rem", 4, 240, "\x80", "encoding" },
    { "bb/remessa/bb240_laravel.rem", 4, 100, "\n", "width" },
    { "sicoob/retorno/sicoob240_emser.ret", 3, 82, "-0000000000600", "number" },
    { "sicoob/retorno/sicoob240_emser.ret", 4, 14, "T", "order" },
    { "inter/retorno/inter400_10titulos.ret", 5, 395, "000006", "sequence" },
    { "inter/retorno/inter400_10titulos.ret", 12, 18, "00000009", "counter" },
    { "inter/retorno/inter400_10titulos.ret", 9, 125, "0000000O10000", "number" },
    { "inter/retorno/inter400_10titulos.ret", 1, 77, "999", "bank" },
    { "sicoob/remessa/sicoob400_laravel.rem", 3, 1, "0", "order" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++) {
    const Damage *damage = &damages[i];
    gsize length;
    g_autofree char *text = load (damage->file, &length);
    gsize step = (gsize) (strchr (text, '\n') - text) + 1;
    gint64 line = damage->line, column = damage->column;

    memcpy (text + (gsize) (line - 1) * step + column - 1, damage->text, strlen (damage->text));
    /* where the first wrong character is, or the record that is then missing */
    if (strcmp (damage->text, "00000000001000A") == 0)
      column += 14;
    else if (strcmp (damage->text, "0000X") == 0)
      column += 4;
    else if (strcmp (damage->text, "0000000O10000") == 0)
      column += 7;
    else if (strcmp (damage->text, "JOS\xC3\x89") == 0)
      column += 3;
    else if (strcmp (damage->text, "T") == 0)
      column = 0;
    assert_refused (text, length, damage->reason, line, column);
  }
}

static void
test_malformed (void)
{
  gsize length;
  g_autofree char *text = load ("inter/retorno/MALFORMED_inter400_401cols.ret", &length);

  assert_refused (text, length, "width", 2, 401);
}

/* Each leniency is refused without its flag, with a place, and read with it. */
static void
test_leniency (void)
{
  gsize length;
  g_autofree char *text = load ("sicoob/remessa/sicoob240_laravel.rem", &length);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  GString *variants[4] = { g_string_new (NULL), g_string_new (NULL), g_string_new ("\xEF\xBB\xBF"),
                           g_string_new (text) };

  g_assert_cmpuint (g_strv_length (lines), ==, 20);
  for (guint i = 0; i < 19; i++) {
    g_autofree char *trimmed = g_strchomp (g_strdup (lines[i]));

    g_string_append_printf (variants[0], "%s\r\n", trimmed);
    g_string_append_printf (variants[1], "%s\n", lines[i]);
  }
  g_string_append (variants[2], text);
  g_string_append_c (variants[3], 0x1A);
  for (guint i = 0; i < G_N_ELEMENTS (variants); i++) {
    GuicheCnabFlags flag = (GuicheCnabFlags) (1 << i);
    g_autoptr (GError) refused = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) out = NULL;

    g_assert_null (
        copy (variants[i]->str, variants[i]->len, 100, GUICHE_CNAB_LENIENT & ~flag, &refused));
    g_assert_cmpint (detail (refused, "line"), >, 0);
    out = copy (variants[i]->str, variants[i]->len, 100, flag, &error);
    g_assert_no_error (error);
    g_assert_cmpmem (out->str, out->len, text, length);
    g_string_free (variants[i], TRUE);
  }
}

/* What no table knows stays in its title and is reported with its place. */
static void
test_unknown_is_kept (void)
{
  gsize length;
  g_autofree char *text = load ("bb/remessa/bb240_brcobranca.rem", &length);
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  g_autoptr (GString) out = g_string_new (NULL);
  const GuicheCnabGroup *group = NULL;
  const GuicheCnabNotice *notice;
  guint64 n = 0;

  memcpy (text + 163, "777", 3);         /* file version */
  memcpy (text + 242 * 2 + 15, "98", 2); /* movement of the P */
  memcpy (text + 242 * 4 + 13, "Z", 1);  /* segment of the R */
  guiche_cnab_reader_feed (reader, text, length);
  guiche_cnab_reader_finish (reader);
  while (guiche_cnab_reader_next (reader, &group, NULL) == GUICHE_CNAB_READ_GROUP) {
    guiche_cnab_group_write (group, out);
    if (group->kind == GUICHE_CNAB_RECORD_TITLE) {
      g_assert_cmpuint (group->n_records, ==, 3);
      g_assert_null (group->records[2]);
    }
  }
  g_assert_cmpmem (out->str, out->len, text, length);
  notice = guiche_cnab_reader_notices (reader, &n)->pdata[0];
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (notice->code, ==, "version");
  notice = guiche_cnab_reader_notices (reader, NULL)->pdata[1];
  g_assert_cmpstr (notice->code, ==, "movement");
  g_assert_cmpuint (notice->line, ==, 3);
  g_assert_cmpuint (notice->column, ==, 16);
  notice = guiche_cnab_reader_notices (reader, NULL)->pdata[2];
  g_assert_cmpstr (notice->code, ==, "segment");
}

/* BB, six digits of agreement and 17 free ones: the number stands elsewhere. */
static void
test_free_number_of_bb (void)
{
  gsize length;
  g_autofree char *text = load ("bb/retorno/bb400_conv6_baixa.ret", &length);
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  const GuicheCnabGroup *group = NULL;
  GuicheCnabTitle title;
  guint n = 0;

  memcpy (text + 402 + 45, "98765432109876543", 17);
  memcpy (text + 402 + 62, "00000000000", 11);
  guiche_cnab_reader_feed (reader, text, length);
  guiche_cnab_reader_finish (reader);
  while (guiche_cnab_reader_next (reader, &group, NULL) == GUICHE_CNAB_READ_GROUP) {
    if (group->kind != GUICHE_CNAB_RECORD_TITLE)
      continue;
    guiche_cnab_title_read (group, &title);
    g_assert_cmpstr (title.nosso_numero, ==, n++ == 0 ? "98765432109876543" : "18051511275");
    g_assert_cmpstr (title.movement, ==, "09");
    g_assert_cmpint (title.tariff_cents, ==, 445);
  }
  g_assert_cmpuint (n, ==, 2);
}

static void
test_codes (void)
{
  g_assert_cmpstr (guiche_cnab_code_description ("C044", "06"), ==, "Liquidação");
  g_assert_cmpstr (guiche_cnab_code_description ("inter retorno", "07"), ==,
                   "Cancelado ou baixado");
  g_assert_null (guiche_cnab_code_description ("C044", "00"));
  /* the same reason of a refusal, a tariff and a payment */
  g_assert_cmpstr (guiche_cnab_reason_description ("03", "01"), !=,
                   guiche_cnab_reason_description ("28", "01"));
  g_assert_cmpstr (guiche_cnab_reason_description ("28", "01"), !=,
                   guiche_cnab_reason_description ("06", "01"));
  g_assert_nonnull (guiche_cnab_reason_description ("06", "01"));
  g_assert_null (guiche_cnab_reason_description ("11", "01"));
  for (guint i = 1; i < guiche_cnab_n_codes; i++)
    g_assert_nonnull (
        guiche_cnab_code_description (guiche_cnab_codes[i].table, guiche_cnab_codes[i].code));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/cnab/copies", test_copies);
  g_test_add_func ("/banking/cnab/cut-files", test_cut_files);
  g_test_add_func ("/banking/cnab/shuffled-files", test_shuffled_files);
  g_test_add_func ("/banking/cnab/damage", test_damage);
  g_test_add_func ("/banking/cnab/malformed", test_malformed);
  g_test_add_func ("/banking/cnab/leniency", test_leniency);
  g_test_add_func ("/banking/cnab/unknown-is-kept", test_unknown_is_kept);
  g_test_add_func ("/banking/cnab/free-number-of-bb", test_free_number_of_bb);
  g_test_add_func ("/banking/cnab/codes", test_codes);
  return g_test_run ();
}
