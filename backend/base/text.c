/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <string.h>

#define MAX_FILE_NAME_BYTES 180
#define REPLACEMENT 0xfffd

/* (transfer full): @text as valid UTF-8; what was not is U+FFFD. */
static char *
make_valid (const char *text)
{
  return text == NULL ? g_strdup ("") : g_utf8_make_valid (text, -1);
}

static gboolean
is_plain_ascii (const char *text)
{
  for (const guchar *c = (const guchar *) text; *c != '\0'; c++) {
    if (*c < 0x20 || *c >= 0x7f)
      return FALSE;
  }

  return TRUE;
}

/* What nearly every message is: printable ASCII, line feeds, tabs and the letters U+00C0 to U+00FF,
 * which stay as they are. */
static gboolean
is_plain_western (const char *text)
{
  for (const guchar *c = (const guchar *) text; *c != '\0'; c++) {
    if (*c == 0xc3 && c[1] >= 0x80 && c[1] <= 0xbf)
      c++;
    else if ((*c < 0x20 && *c != '\n' && *c != '\t') || *c >= 0x7f)
      return FALSE;
  }

  return TRUE;
}

/* Overrides, embeddings and isolates: they change how neighbouring text is read. */
static gboolean
is_bidi_override (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_bidi_mark (gunichar c)
{
  return c == 0x200e || c == 0x200f || c == 0x061c;
}

static gboolean
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xfff9 && c <= 0xfffb);
}

static gboolean
is_line_end (gunichar c)
{
  return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

char *
guiche_text_fold (const char *text)
{
  g_autofree char *valid = NULL;
  g_autofree char *decomposed = NULL;
  g_autoptr (GString) folded = NULL;

  if (text != NULL && is_plain_ascii (text))
    return g_ascii_strdown (text, -1);

  valid = make_valid (text);
  decomposed = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  folded = g_string_sized_new (strlen (decomposed));
  for (const char *at = decomposed; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (!g_unichar_ismark (c))
      g_string_append_unichar (folded, g_unichar_tolower (c));
  }

  return g_utf8_casefold (folded->str, (gssize) folded->len);
}

char *
guiche_text_digits (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (const char *at = text; at != NULL && *at != '\0'; at++) {
    if (g_ascii_isdigit (*at))
      g_string_append_c (digits, *at);
  }

  return g_string_free (digits, FALSE);
}

char *
guiche_text_one_line (const char *text, gsize max_characters)
{
  g_autofree char *valid = make_valid (text);
  GString *line = g_string_sized_new (strlen (valid));
  gboolean wants_space = FALSE;
  gsize n_characters = 0;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (is_line_end (c) || g_unichar_isspace (c)) {
      wants_space = n_characters > 0;
      continue;
    }
    if (n_characters + wants_space >= max_characters)
      break;
    if (wants_space)
      g_string_append_c (line, ' ');
    n_characters += 1 + (gsize) wants_space;
    wants_space = FALSE;
    if (is_control (c) || is_bidi_override (c) || is_bidi_mark (c))
      c = REPLACEMENT;
    g_string_append_unichar (line, c);
  }

  return g_string_free (line, FALSE);
}

char *
guiche_text_body (const char *text)
{
  g_autofree char *valid = NULL;
  GString *body;

  if (text != NULL && is_plain_western (text))
    return g_strdup (text);

  valid = make_valid (text);
  body = g_string_sized_new (strlen (valid));
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (c == '\r' && at[1] == '\n')
      continue;
    if (is_line_end (c))
      c = '\n';
    else if ((is_control (c) && c != '\t') || is_bidi_override (c))
      c = REPLACEMENT;
    g_string_append_unichar (body, c);
  }

  return g_string_free (body, FALSE);
}

/* Names that mean a device to Windows, with or without an ending. */
static gboolean
is_device_name (const char *name)
{
  static const char *const devices[] = { "con", "prn", "aux", "nul", NULL };
  g_autofree char *stem = g_ascii_strdown (name, (gssize) strcspn (name, "."));

  if (g_strv_contains (devices, stem))
    return TRUE;

  return strlen (stem) == 4 && (g_str_has_prefix (stem, "com") || g_str_has_prefix (stem, "lpt")) &&
         g_ascii_isdigit (stem[3]);
}

/* Cuts in the middle so that the ending stays. */
static void
shorten (GString *name)
{
  const char *ending = strrchr (name->str, '.');
  gsize ending_length = ending == NULL ? 0 : strlen (ending);
  gsize keep;

  if (name->len <= MAX_FILE_NAME_BYTES)
    return;
  if (ending_length > 16)
    ending_length = 0;
  keep = MAX_FILE_NAME_BYTES - ending_length;
  while ((name->str[keep] & 0xc0) == 0x80)
    keep--;
  g_string_erase (name, (gssize) keep, (gssize) (name->len - ending_length - keep));
}

char *
guiche_text_file_name (const char *text)
{
  g_autofree char *line = guiche_text_one_line (text, 1024);
  const char *last = line;
  GString *name = g_string_new (NULL);

  for (const char *at = line; *at != '\0'; at++) {
    if (*at == '/' || *at == '\\')
      last = at + 1;
  }
  while (*last == '.' || *last == ' ')
    last++;
  for (; *last != '\0'; last++)
    g_string_append_c (name, strchr ("<>:\"|?*", *last) != NULL ? '_' : *last);
  while (name->len > 0 && strchr (". ", name->str[name->len - 1]) != NULL)
    g_string_truncate (name, name->len - 1);

  if (name->len == 0)
    g_string_assign (name, "file");
  if (is_device_name (name->str))
    g_string_prepend_c (name, '_');
  shorten (name);
  return g_string_free (name, FALSE);
}
