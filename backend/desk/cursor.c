/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cursor.h"

#include <string.h>

/* RFC 4648, section 5, without padding: it travels in a query. (transfer full) */
static char *
to_url (char *base64)
{
  g_strdelimit (base64, "+", '-');
  g_strdelimit (base64, "/", '_');
  g_strdelimit (base64, "=", '\0');
  return base64;
}

static char *
from_url (const char *cursor)
{
  GString *base64 = g_string_new (cursor);

  g_strdelimit (base64->str, "-", '+');
  g_strdelimit (base64->str, "_", '/');
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');
  return g_string_free (base64, FALSE);
}

char *
guiche_cursor_new (const char *key, const GuicheId *id)
{
  gsize length = strlen (key);
  g_autofree guint8 *bytes = g_malloc (sizeof id->bytes + length);

  memcpy (bytes, id->bytes, sizeof id->bytes);
  memcpy (bytes + sizeof id->bytes, key, length);
  return to_url (g_base64_encode (bytes, sizeof id->bytes + length));
}

gboolean
guiche_cursor_parse (const char *cursor, char **out_key, GuicheId *out_id)
{
  gsize length = 0;
  g_autofree char *base64 = from_url (cursor);
  g_autofree guchar *bytes = g_base64_decode (base64, &length);

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
