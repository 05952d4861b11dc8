/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/document.h"

#include <string.h>

static gsize
length_of (GuicheDocumentKind kind)
{
  return kind == GUICHE_DOCUMENT_CPF ? GUICHE_CPF_LENGTH : GUICHE_CNPJ_LENGTH;
}

static gboolean
is_allowed (GuicheDocumentKind kind, gsize position, char character)
{
  if (g_ascii_isdigit (character))
    return TRUE;
  return kind == GUICHE_DOCUMENT_CNPJ && position < GUICHE_CNPJ_LENGTH - 2 &&
         g_ascii_isupper (character);
}

static gboolean
has_shape (GuicheDocumentKind kind, const char *text)
{
  gsize length = length_of (kind);

  for (gsize i = 0; i < length; i++)
    if (!is_allowed (kind, i, text[i])) /* also at a NUL */
      return FALSE;
  return text[length] == '\0';
}

/* Modulo 11 over the first @n characters, each worth its code less 48. CPF weighs 2, 3, 4, … from
 * the right without an end, CNPJ starts again after 9. */
static char
check_digit (GuicheDocumentKind kind, const char *text, gsize n)
{
  guint last_weight = kind == GUICHE_DOCUMENT_CPF ? 11 : 9;
  guint sum = 0, weight = 2, rest;

  for (gsize i = n; i > 0; i--) {
    sum += (guint) (text[i - 1] - '0') * weight;
    weight = weight == last_weight ? 2 : weight + 1;
  }
  rest = sum % 11;
  return (char) (rest < 2 ? '0' : '0' + (11 - rest));
}

gboolean
guiche_document_is_valid (GuicheDocumentKind kind, const char *text)
{
  gsize length = length_of (kind);

  if (!has_shape (kind, text) || strspn (text, (const char[]){ text[0], '\0' }) == length)
    return FALSE;
  return check_digit (kind, text, length - 2) == text[length - 2] &&
         check_digit (kind, text, length - 1) == text[length - 1];
}

gboolean
guiche_document_unmask (GuicheDocumentKind kind, const char *text, char out[15])
{
  gsize n = 0;

  for (const char *at = text; *at != '\0'; at++) {
    if (strchr (".-/ ", *at) != NULL)
      continue;
    if (n == length_of (kind) || !is_allowed (kind, n, *at))
      return FALSE;
    out[n++] = *at;
  }
  out[n] = '\0';
  return n == length_of (kind);
}

void
guiche_document_format (GuicheDocumentKind kind,
                        const char *text,
                        char out[GUICHE_DOCUMENT_FORMATTED_SIZE])
{
  g_return_if_fail (has_shape (kind, text));

  if (kind == GUICHE_DOCUMENT_CPF)
    g_snprintf (out, GUICHE_DOCUMENT_FORMATTED_SIZE, "%.3s.%.3s.%.3s-%s", text, text + 3, text + 6,
                text + 9);
  else
    g_snprintf (out, GUICHE_DOCUMENT_FORMATTED_SIZE, "%.2s.%.3s.%.3s/%.4s-%s", text, text + 2,
                text + 5, text + 8, text + 12);
}
