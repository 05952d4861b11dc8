/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/ofx.h"
#include "base/error.h"

#include <string.h>

/* A statement: in pieces as in one, the same movements or the same refusal. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
add_line (const GuicheStatementLine *line, gpointer data)
{
  g_assert_true (g_utf8_validate (line->memo, -1, NULL));
  g_string_append_printf (data, "%s %d %" G_GINT64_FORMAT "\n", line->fitid, line->posted,
                          line->amount_cents);
}

static char *
read_all (const char *text, gsize length, gsize chunk)
{
  GString *lines = g_string_new (NULL);
  g_autoptr (GuicheOfxReader) reader = guiche_ofx_reader_new (add_line, lines);
  g_autoptr (GError) error = NULL;
  gboolean is_right = TRUE;

  for (gsize at = 0; is_right && at < length; at += chunk)
    is_right = guiche_ofx_reader_feed (reader, text + at, MIN (chunk, length - at), &error);
  if (is_right)
    guiche_ofx_reader_finish (reader, &error);
  if (error != NULL) {
    g_assert_nonnull (guiche_error_get_detail (error, "line"));
    g_string_append (lines, error->message);
  }
  return g_string_free (lines, FALSE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *whole = read_all ((const char *) data, size, size + 1);
  g_autofree char *pieces = read_all ((const char *) data, size, 1 + size % 13);

  g_assert_cmpstr (whole, ==, pieces);
  return 0;
}
