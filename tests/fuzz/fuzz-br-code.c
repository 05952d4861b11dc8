/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/br-code.h"
#include "base/error.h"

#include <string.h>

/* A Pix code as somebody pasted it. The CRC is mended first, or nothing would come behind it. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  gsize length = strlen (text);
  g_autoptr (GuicheBrCode) code = NULL;
  g_autoptr (GError) error = NULL;
  gint64 cents;

  if (length > 4 && data[size - 1] % 2 == 0)
    g_snprintf (text + length - 4, 5, "%04X", guiche_crc16 (text, length - 4));
  code = guiche_br_code_parse (text, &error);
  if (code == NULL) {
    g_assert_nonnull (guiche_error_get_detail (error, "reason"));
    return 0;
  }
  for (guint i = 0; i < guiche_br_code_fields (code)->len; i++) {
    const GuicheBrCodeField *field =
        &g_array_index (guiche_br_code_fields (code), GuicheBrCodeField, i);

    g_assert_true (g_utf8_validate (field->value, -1, NULL));
    g_assert_cmpint (field->parent, <, (int) i);
  }
  guiche_br_code_kind (code);
  if (guiche_br_code_get_amount (code, &cents))
    g_assert_cmpint (cents, >=, 0);
  return 0;
}
