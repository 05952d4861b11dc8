/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-lexer.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define MAX_NUMBER_LENGTH 64

gboolean
guiche_json_lexer_fail_at (GuicheJsonLexer *self, const char *position, const char *problem)
{
  if (self->problem == NULL) {
    self->problem = problem;
    self->problem_position = (gsize) (position - self->start);
  }

  return FALSE;
}

/* Four hex digits, or -1. */
static int
scan_hex4 (GuicheJsonLexer *self)
{
  int value = 0;

  if (self->end - self->at < 4)
    return -1;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (self->at[i]);

    if (digit < 0)
      return -1;
    value = value << 4 | digit;
  }
  self->at += 4;

  return value;
}

/* After `\u`. */
static gboolean
scan_unicode_escape (GuicheJsonLexer *self)
{
  int unit = scan_hex4 (self);

  if (unit < 0)
    return guiche_json_lexer_fail (self, "expected four hexadecimal digits");
  if (unit == 0)
    return guiche_json_lexer_fail (self, "NUL in a string");
  if (unit >= 0xdc00 && unit <= 0xdfff)
    return guiche_json_lexer_fail (self, "a lone low surrogate");
  if (unit >= 0xd800 && unit <= 0xdbff) {
    int low = -1;

    if (guiche_json_lexer_accept (self, '\\') && guiche_json_lexer_accept (self, 'u'))
      low = scan_hex4 (self);
    if (low < 0xdc00 || low > 0xdfff)
      return guiche_json_lexer_fail (self, "a lone high surrogate");
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }

  g_string_append_unichar (self->decoded, (gunichar) unit);
  return TRUE;
}

/* After the backslash. */
static gboolean
scan_escape (GuicheJsonLexer *self)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;

  if (self->at >= self->end)
    return guiche_json_lexer_fail (self, "the text ends within a string");
  if (guiche_json_lexer_accept (self, 'u'))
    return scan_unicode_escape (self);

  letter = *self->at == '\0' ? NULL : strchr (letters, *self->at);
  if (letter == NULL)
    return guiche_json_lexer_fail (self, "unknown escape");

  g_string_append_c (self->decoded, meanings[letter - letters]);
  self->at++;
  return TRUE;
}

/* Moves to the next '"', '\\' or control character. */
static inline void
skip_plain (GuicheJsonLexer *self)
{
  while (self->at < self->end) {
    guchar c = (guchar) *self->at;

    if (c < 0x20 || c == '"' || c == '\\')
      return;
    self->at++;
  }
}

static void
start_decoding (GuicheJsonLexer *self)
{
  if (self->decoded == NULL)
    self->decoded = g_string_new (NULL);
  g_string_truncate (self->decoded, 0);
}

gboolean
guiche_json_lexer_string (GuicheJsonLexer *self, const char **out_text, gsize *out_length)
{
  const char *run = self->at;
  gboolean is_decoded = FALSE;

  for (;;) {
    skip_plain (self);
    if (self->at >= self->end)
      return guiche_json_lexer_fail (self, "the text ends within a string");
    if ((guchar) *self->at < 0x20)
      return guiche_json_lexer_fail (self, "a control character in a string");
    if (*self->at == '"')
      break;

    if (!is_decoded)
      start_decoding (self);
    is_decoded = TRUE;
    g_string_append_len (self->decoded, run, self->at - run);
    self->at++;
    if (!scan_escape (self))
      return FALSE;
    run = self->at;
  }

  if (is_decoded)
    g_string_append_len (self->decoded, run, self->at - run);
  *out_text = is_decoded ? self->decoded->str : run;
  *out_length = is_decoded ? self->decoded->len : (gsize) (self->at - run);
  self->at++;
  return TRUE;
}

static gsize
skip_digits (GuicheJsonLexer *self)
{
  const char *first = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;

  return (gsize) (self->at - first);
}

/* The grammar of RFC 8259, 6: an integer has neither fraction nor exponent. */
static gboolean
skip_number (GuicheJsonLexer *self, gboolean *out_is_integer)
{
  const char *first;

  guiche_json_lexer_accept (self, '-');
  first = self->at;
  if (skip_digits (self) == 0)
    return guiche_json_lexer_fail (self, "expected a value");
  if (*first == '0' && self->at - first > 1)
    return guiche_json_lexer_fail_at (self, first, "a number with a leading zero");

  *out_is_integer = TRUE;
  if (guiche_json_lexer_accept (self, '.')) {
    *out_is_integer = FALSE;
    if (skip_digits (self) == 0)
      return guiche_json_lexer_fail (self, "expected a digit");
  }
  if (guiche_json_lexer_accept (self, 'e') || guiche_json_lexer_accept (self, 'E')) {
    *out_is_integer = FALSE;
    if (!guiche_json_lexer_accept (self, '+'))
      guiche_json_lexer_accept (self, '-');
    if (skip_digits (self) == 0)
      return guiche_json_lexer_fail (self, "expected a digit");
  }

  return TRUE;
}

gboolean
guiche_json_lexer_number (GuicheJsonLexer *self, GuicheJsonNumber *out_number)
{
  const char *first = self->at;
  char copy[MAX_NUMBER_LENGTH + 1];

  if (!skip_number (self, &out_number->is_integer))
    return FALSE;
  if (self->at - first > MAX_NUMBER_LENGTH)
    return guiche_json_lexer_fail_at (self, first, "a number of too many digits");

  memcpy (copy, first, (gsize) (self->at - first));
  copy[self->at - first] = '\0';
  if (!out_number->is_integer) {
    out_number->number = g_ascii_strtod (copy, NULL);
    return isfinite (out_number->number) ||
           guiche_json_lexer_fail_at (self, first, "a number beyond double precision");
  }

  errno = 0;
  out_number->integer = g_ascii_strtoll (copy, NULL, 10);
  return errno != ERANGE || guiche_json_lexer_fail_at (self, first, "an integer beyond 64 bits");
}

gboolean
guiche_json_lexer_literal (GuicheJsonLexer *self, const char *literal)
{
  gsize length = strlen (literal);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, literal, length) != 0)
    return guiche_json_lexer_fail (self, "expected a value");

  self->at += length;
  return TRUE;
}
