/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-lines.h"

#include "banking/refusal.h"

#include <string.h>

#define SUB 0x1A
static const char byte_order_mark[] = "\xEF\xBB\xBF";

void
guiche_cnab_lines_init (GuicheCnabLines *self, GuicheCnabFlags flags)
{
  memset (self, 0, sizeof *self);
  self->flags = flags;
}

void
guiche_cnab_lines_feed (GuicheCnabLines *self, const char *data, gsize length)
{
  g_return_if_fail (self->position == self->length);

  self->data = data;
  self->length = length;
  self->position = 0;
}

void
guiche_cnab_lines_finish (GuicheCnabLines *self)
{
  self->is_finished = TRUE;
}

static GuicheCnabLinesStep
refuse (GuicheCnabLines *self, guint column, const char *reason, const char *what, GError **error)
{
  guiche_banking_refuse_at (error, self->line, column, NULL, reason, "%s", what);
  return GUICHE_CNAB_LINES_REFUSED;
}

/* Where UTF-8 stands instead of ISO-8859-1: a lead byte with all its followers. 0 for nowhere. */
static guint
find_utf8 (const char *line, guint length)
{
  for (guint i = 0; i + 1 < length; i++) {
    guchar lead = (guchar) line[i];
    guint n = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
    guint found = 0;

    while (found < n && i + found + 1 < length && ((guchar) line[i + found + 1] & 0xC0) == 0x80)
      found++;
    if (n > 0 && found == n)
      return i + 1;
  }
  return 0;
}

/* Eight bytes that are ASCII and no control characters: they stay below 0x80 with one more and with
 * a blank less. */
static gboolean
is_plain_word (const char *text)
{
  guint64 word;

  memcpy (&word, text, 8);
  return ((word | (word + G_GUINT64_CONSTANT (0x0101010101010101)) |
           (word - G_GUINT64_CONSTANT (0x2020202020202020))) &
          G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

/* A control character, or two bytes that UTF-8 would have. */
static gboolean
is_suspicious (const char *line, guint i, guint length)
{
  guchar byte = (guchar) line[i];

  if (byte < 0x20 || (byte >= 0x7F && byte < 0xA0))
    return TRUE;
  return byte >= 0xC2 && i + 1 < length && ((guchar) line[i + 1] & 0xC0) == 0x80;
}

static GuicheCnabLinesStep
refuse_characters (GuicheCnabLines *self, const char *line, guint at, GError **error)
{
  guint utf8 = find_utf8 (line, self->width);

  if (utf8 > 0)
    return refuse (self, utf8, "encoding", "UTF-8 where ISO-8859-1 is needed", error);
  return refuse (self, at + 1, "encoding", "no character of ISO-8859-1", error);
}

/* ISO-8859-1 without its control characters. */
static GuicheCnabLinesStep
check_characters (GuicheCnabLines *self, const char *line, GError **error)
{
  for (guint i = 0; i < self->width; i += 8) { /* both widths are so many words */
    if (is_plain_word (line + i))
      continue;
    for (guint j = i; j < i + 8; j++)
      if (is_suspicious (line, j, self->width))
        return refuse_characters (self, line, j, error);
  }
  return GUICHE_CNAB_LINES_LINE;
}

/* A CNAB 400 says what it is, everything else is 240 wide. */
static guint
guess_width (const char *line, guint length)
{
  return length > 3 && line[0] == '0' && (line[1] == '1' || line[1] == '2') && line[2] == 'R' ? 400
                                                                                              : 240;
}

static GuicheCnabLinesStep
check_width (GuicheCnabLines *self, const char **line, guint length, GError **error)
{
  guint utf8;

  if (self->width == 0)
    self->width = guess_width (*line, length);
  if (length == self->width)
    return check_characters (self, *line, error);
  utf8 = length > self->width ? find_utf8 (*line, length) : 0;
  if (utf8 > 0)
    return refuse (self, utf8, "encoding", "UTF-8 where ISO-8859-1 is needed", error);
  if (length > self->width || (self->flags & GUICHE_CNAB_TRIMMED) == 0) {
    guiche_banking_refuse_at (error, self->line, MIN (length, self->width) + 1, NULL, "width",
                              "the line is %s%u characters wide, not %u",
                              length > self->width + 3 ? "more than " : "", length, self->width);
    return GUICHE_CNAB_LINES_REFUSED;
  }
  memcpy (self->padded, *line, length);
  memset (self->padded + length, ' ', self->width - length);
  *line = self->padded;
  return check_characters (self, *line, error);
}

/* A whole line without its LF. */
static GuicheCnabLinesStep
take (GuicheCnabLines *self,
      const char *line,
      guint length,
      gboolean has_lf,
      const char **out,
      GError **error)
{
  gboolean ends_cr = length > 0 && line[length - 1] == '\r';

  self->line++;
  length -= ends_cr;
  if (self->line == 1 && length >= 3 && memcmp (line, byte_order_mark, 3) == 0) {
    if ((self->flags & GUICHE_CNAB_BOM) == 0)
      return refuse (self, 1, "bom", "a byte order mark", error);
    line += 3;
    length -= 3;
  }
  if (!has_lf && length == 1 && *line == SUB) {
    if ((self->flags & GUICHE_CNAB_SUB) != 0)
      return GUICHE_CNAB_LINES_END;
    return refuse (self, 1, "end-of-file", "the character 0x1A after the last line", error);
  }
  *out = line;
  if (check_width (self, out, length, error) == GUICHE_CNAB_LINES_REFUSED)
    return GUICHE_CNAB_LINES_REFUSED;
  if (!(ends_cr && has_lf) && (self->flags & GUICHE_CNAB_LF) == 0)
    return refuse (self, length + 1, "line-end", "CR and LF are needed after each line", error);
  return GUICHE_CNAB_LINES_LINE;
}

/* Keeps the rest of what was fed for the next feed. */
static GuicheCnabLinesStep
carry_on (GuicheCnabLines *self, const char **out, GError **error)
{
  gsize rest = self->length - self->position;
  guint n = (guint) MIN (rest, sizeof self->carry - self->n_carry);

  if (n > 0)
    memcpy (self->carry + self->n_carry, self->data + self->position, n);
  self->n_carry += n;
  self->position = self->length;
  if (n < rest || self->n_carry == sizeof self->carry)
    return take (self, self->carry, self->n_carry, FALSE, out, error);
  if (!self->is_finished)
    return GUICHE_CNAB_LINES_MORE;
  if (self->n_carry == 0)
    return GUICHE_CNAB_LINES_END;
  n = self->n_carry;
  self->n_carry = 0;
  return take (self, self->carry, n, FALSE, out, error);
}

GuicheCnabLinesStep
guiche_cnab_lines_next (GuicheCnabLines *self, const char **out_line, GError **error)
{
  const char *start = self->data + self->position;
  const char *lf =
      self->position == self->length ? NULL : memchr (start, '\n', self->length - self->position);
  gsize length;

  if (lf == NULL)
    return carry_on (self, out_line, error);
  length = (gsize) (lf - start);
  self->position += length + 1;
  if (self->n_carry > 0) {
    guint before = self->n_carry;
    gsize n = MIN (length, sizeof self->carry - before);

    memcpy (self->carry + before, start, n);
    self->n_carry = 0;
    return take (self, self->carry, before + (guint) n, n == length, out_line, error);
  }
  return take (self, start, (guint) MIN (length, sizeof self->carry), TRUE, out_line, error);
}
