/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/range.h"

#include <string.h>

#define MAX_DIGITS 15

/* Digits from *@at on; -1: there are none. */
static gint64
parse_number (const char *text, gsize length, gsize *at)
{
  gint64 value = 0;
  gsize start = *at;

  while (*at < length && g_ascii_isdigit (text[*at]) && *at - start < MAX_DIGITS)
    value = value * 10 + (text[(*at)++] - '0');
  return *at > start ? value : -1;
}

GuicheRangeResult
guiche_range_parse (const char *text, gsize length, gint64 size, GuicheRange *out_range)
{
  gsize at = 6;

  if (length < 7 || length > 64 || g_ascii_strncasecmp (text, "bytes=", 6) != 0)
    return GUICHE_RANGE_NONE;
  gint64 first = parse_number (text, length, &at);
  if (at >= length || text[at++] != '-')
    return GUICHE_RANGE_NONE;
  gint64 last = parse_number (text, length, &at);
  if (at != length || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first))
    return GUICHE_RANGE_NONE;

  if (first < 0) {
    first = MAX (size - last, 0);
    if (last == 0)
      return GUICHE_RANGE_OUTSIDE;
    last = size - 1;
  }
  if (first >= size)
    return GUICHE_RANGE_OUTSIDE;
  if (last < 0 || last >= size)
    last = size - 1;
  *out_range = (GuicheRange){ first, last - first + 1 };
  return GUICHE_RANGE_ONE;
}
