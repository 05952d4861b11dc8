/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/json-slices.h"

#include <string.h>

/* Behind the string that begins at @at. */
static const char *
skip_string (const char *at)
{
  for (at++; *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at + 1;
}

/* Behind the value that begins at @at. */
static const char *
skip_value (const char *at, const char *end)
{
  guint depth = 0;

  do {
    switch (*at) {
    case '"':
      at = skip_string (at);
      break;
    case '[':
    case '{':
      depth++;
      at++;
      break;
    case ']':
    case '}':
      if (depth == 0)
        return at;
      depth--;
      at++;
      break;
    case ',':
      if (depth == 0)
        return at;
      at++;
      break;
    default:
      at++;
    }
  } while (at < end);
  return at;
}

static const char *
skip_blanks (const char *at, const char *end)
{
  while (at < end && strchr (" \t\r\n", *at) != NULL)
    at++;
  return at;
}

/* The place of a member among the names, or -1. */
static int
find_name (const char *key, gsize length, const char *const *names, guint n_names)
{
  for (guint i = 0; i < n_names; i++)
    if (strlen (names[i]) == length && memcmp (names[i], key, length) == 0)
      return (int) i;
  return -1;
}

char *
guiche_json_take_lists (const char *text,
                        gsize length,
                        const char *const *names,
                        guint n_names,
                        GuicheJsonSlice *slices)
{
  const char *end = text + length, *kept = text;
  const char *at = skip_blanks (text, end) + 1;
  g_autoptr (GString) rest = g_string_new (NULL);

  memset (slices, 0, n_names * sizeof *slices);
  for (at = skip_blanks (at, end); at < end && *at == '"'; at = skip_blanks (at, end)) {
    const char *key = at + 1, *value;
    int place;

    at = skip_string (at);
    place = find_name (key, (gsize) (at - key) - 1, names, n_names);
    value = skip_blanks (skip_blanks (at, end) + 1, end);
    at = skip_value (value, end);
    if (place >= 0 && *value == '[') {
      const char *close = at - 1;

      while (*close != ']')
        close--;
      slices[place] = (GuicheJsonSlice){ value + 1, close };
      g_string_append_len (rest, kept, value + 1 - kept);
      kept = close;
    }
    if (at < end && *at == ',')
      at++;
  }
  g_string_append_len (rest, kept, end - kept);
  return g_string_free (g_steal_pointer (&rest), FALSE);
}

gboolean
guiche_json_slice_next (GuicheJsonSlice *self, const char **out_text, gsize *out_length)
{
  const char *start;

  if (self->at == NULL)
    return FALSE;
  start = skip_blanks (self->at, self->end);
  if (start == self->end)
    return FALSE;
  self->at = skip_value (start, self->end);
  *out_text = start;
  *out_length = (gsize) (self->at - start);
  if (self->at < self->end)
    self->at++; /* the comma */
  return TRUE;
}
