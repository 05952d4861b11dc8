/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-json.h"
#include "banking/cnab-title.h"
#include "banking/cnab-writer.h"
#include "base/error.h"

#include <string.h>

/* A CNAB file: what the strict reader takes is written back byte for byte however it was cut into
 * pieces, is valid JSON, and what it refuses it refuses with a place. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_json (const GuicheCnabGroup *group)
{
  g_autoptr (GuicheJsonWriter) out = guiche_json_writer_new ();
  g_autoptr (JsonNode) node = NULL;
  GuicheCnabTitle title;

  guiche_json_writer_begin_object (out);
  guiche_cnab_json_write_members (out, group);
  guiche_json_writer_end_object (out);
  node = json_from_string (guiche_json_writer_peek (out, NULL), NULL);
  g_assert_nonnull (node);
  g_assert_true (g_utf8_validate (guiche_json_writer_peek (out, NULL), -1, NULL));
  if (group->kind == GUICHE_CNAB_RECORD_TITLE)
    guiche_cnab_title_read (group, &title);
}

/* The copy, or NULL and the place where it was refused. */
static GString *
copy (const char *text, gsize length, gsize chunk, GuicheCnabFlags flags, char **out_place)
{
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (flags);
  g_autoptr (GuicheCnabSummary) summary = guiche_cnab_summary_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const GuicheCnabGroup *group = NULL;
  GuicheCnabRead step;
  gsize at = 0;

  while ((step = guiche_cnab_reader_next (reader, &group, &error)) != GUICHE_CNAB_READ_END) {
    if (step == GUICHE_CNAB_READ_REFUSED) {
      g_assert_nonnull (guiche_error_get_detail (error, "column"));
      *out_place = g_strdup (error->message);
      return NULL;
    }
    if (step == GUICHE_CNAB_READ_GROUP) {
      guiche_cnab_group_write (group, out);
      guiche_cnab_summary_add (summary, group);
      check_json (group);
    } else if (at < length) {
      guiche_cnab_reader_feed (reader, text + at, MIN (chunk, length - at));
      at += chunk;
    } else {
      guiche_cnab_reader_finish (reader);
    }
  }
  return g_steal_pointer (&out);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *) data;
  gsize chunk = size > 0 ? 1 + data[size / 2] : 1;
  g_autofree char *place = NULL;
  g_autofree char *other_place = NULL;
  g_autofree char *lenient_place = NULL;
  g_autoptr (GString) whole = copy (text, size, size + 1, GUICHE_CNAB_STRICT, &place);
  g_autoptr (GString) pieces = copy (text, size, chunk, GUICHE_CNAB_STRICT, &other_place);
  g_autoptr (GString) lenient = copy (text, size, chunk, GUICHE_CNAB_LENIENT, &lenient_place);

  g_assert_cmpstr (place, ==, other_place);
  if (whole != NULL) {
    g_assert_true (whole->len == size && memcmp (whole->str, text, size) == 0);
    g_assert_true (g_string_equal (whole, pieces));
    g_assert_nonnull (lenient);
  }
  return 0;
}
