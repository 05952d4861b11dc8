/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cursor.h"

#include <string.h>

char *
guiche_cursor_new (const char *key, const GuicheId *id)
{
  gsize length = strlen (key);
  g_autofree guint8 *bytes = g_malloc (sizeof id->bytes + length);

  memcpy (bytes, id->bytes, sizeof id->bytes);
  memcpy (bytes + sizeof id->bytes, key, length);
  return g_base64_encode (bytes, sizeof id->bytes + length);
}

gboolean
guiche_cursor_parse (const char *cursor, char **out_key, GuicheId *out_id)
{
  gsize length = 0;
  g_autofree guchar *bytes = g_base64_decode (cursor, &length);

  if (bytes == NULL || length < sizeof out_id->bytes ||
      !g_utf8_validate ((const char *) bytes + sizeof out_id->bytes,
                        (gssize) (length - sizeof out_id->bytes), NULL))
    return FALSE;
  memcpy (out_id->bytes, bytes, sizeof out_id->bytes);
  *out_key = g_strndup ((const char *) bytes + sizeof out_id->bytes, length - sizeof out_id->bytes);
  return TRUE;
}

char *
guiche_cursor_like_pattern (const char *text)
{
  GString *pattern = g_string_new ("%");

  for (const char *c = text; *c != '\0'; c++) {
    if (strchr ("%_\\", *c) != NULL)
      g_string_append_c (pattern, '\\');
    g_string_append_c (pattern, *c);
  }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}
