/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-json.h"
#include "base/error.h"

#include <string.h>

/* JSON that shall become a CNAB file: what is taken can be read again. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheCnabReader) reader = NULL;
  const GuicheCnabGroup *group = NULL;

  if (!guiche_cnab_json_to_file (text, strlen (text), out, &error)) {
    g_assert_nonnull (error);
    return 0;
  }
  /* members may say what a reader refuses; it must only not fall over it */
  reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  guiche_cnab_reader_feed (reader, out->str, out->len);
  guiche_cnab_reader_finish (reader);
  while (guiche_cnab_reader_next (reader, &group, NULL) == GUICHE_CNAB_READ_GROUP)
    g_assert_cmpuint (group->n_records, >, 0);
  return 0;
}
