/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH 64
#define FIRST_CAPACITY 512

struct _GuicheJsonWriter {
  char *text; /* (owned) (nullable) */
  gsize length;
  gsize capacity;
  guint depth;
  guint64 is_array; /* one bit a level */
  gboolean wants_comma;
};

GuicheJsonWriter *
guiche_json_writer_new (void)
{
  return g_new0 (GuicheJsonWriter, 1);
}

void
guiche_json_writer_free (GuicheJsonWriter *self)
{
  g_free (self->text);
  g_free (self);
}

void
guiche_json_writer_reset (GuicheJsonWriter *self)
{
  self->length = 0;
  self->depth = 0;
  self->is_array = 0;
  self->wants_comma = FALSE;
}

static void
grow (GuicheJsonWriter *self, gsize by)
{
  gsize capacity = MAX (self->capacity * 2, FIRST_CAPACITY);

  while (capacity - self->length < by)
    capacity *= 2;
  self->text = g_realloc (self->text, capacity);
  self->capacity = capacity;
}

/* Room for @by more bytes and a final NUL. */
static inline char *
reserve (GuicheJsonWriter *self, gsize by)
{
  if (G_UNLIKELY (self->capacity - self->length < by + 1))
    grow (self, by + 1);

  return self->text + self->length;
}

static inline void
append (GuicheJsonWriter *self, const char *text, gsize length)
{
  memcpy (reserve (self, length), text, length);
  self->length += length;
}

static inline void
before_value (GuicheJsonWriter *self)
{
  if (self->wants_comma) {
    *reserve (self, 1) = ',';
    self->length++;
  }
  self->wants_comma = TRUE;
}

static void
begin (GuicheJsonWriter *self, char bracket, gboolean is_array)
{
  before_value (self);
  g_assert (self->depth < MAX_DEPTH);
  if (is_array)
    self->is_array |= 1ULL << self->depth;
  else
    self->is_array &= ~(1ULL << self->depth);
  self->depth++;
  *reserve (self, 1) = bracket;
  self->length++;
  self->wants_comma = FALSE;
}

static void
end (GuicheJsonWriter *self, char bracket, gboolean is_array)
{
  g_assert (self->depth > 0);
  self->depth--;
  g_assert (((self->is_array >> self->depth) & 1) == (is_array ? 1 : 0));
  *reserve (self, 1) = bracket;
  self->length++;
  self->wants_comma = TRUE;
}

void
guiche_json_writer_begin_object (GuicheJsonWriter *self)
{
  begin (self, '{', FALSE);
}

void
guiche_json_writer_end_object (GuicheJsonWriter *self)
{
  end (self, '}', FALSE);
}

void
guiche_json_writer_begin_array (GuicheJsonWriter *self)
{
  begin (self, '[', TRUE);
}

void
guiche_json_writer_end_array (GuicheJsonWriter *self)
{
  end (self, ']', TRUE);
}

void
guiche_json_writer_name (GuicheJsonWriter *self, const char *name)
{
  gsize length = strlen (name);
  char *out;

  before_value (self);
  out = reserve (self, length + 3);
  *out++ = '"';
  memcpy (out, name, length);
  out += length;
  *out++ = '"';
  *out = ':';
  self->length += length + 3;
  self->wants_comma = FALSE;
}

/* A set high bit in each byte of @word that JSON wants escaped: below 0x20, '"' or '\\'. */
static inline guint64
escape_mask (guint64 word)
{
  const guint64 ones = 0x0101010101010101ULL;
  const guint64 highs = 0x8080808080808080ULL;
  guint64 quote = word ^ (ones * '"');
  guint64 backslash = word ^ (ones * '\\');

  return (((word - ones * 0x20) | (quote - ones) | (backslash - ones)) & ~word) & highs;
}

/* The length of the run at @text that needs no escape. The mask may point too early (a borrow
 * from a lower byte), never too late; bytes are then looked at one by one. */
static inline gsize
plain_run (const char *text, gsize length)
{
  gsize i = 0;

  while (i < length) {
    guint64 word;

    if (length - i >= sizeof word) {
      memcpy (&word, text + i, sizeof word);
      if (escape_mask (word) == 0) {
        i += sizeof word;
        continue;
      }
    }
    for (gsize stop = MIN (length, i + sizeof word); i < stop; i++) {
      guchar c = (guchar) text[i];

      if (c < 0x20 || c == '"' || c == '\\')
        return i;
    }
  }

  return length;
}

static void
append_escape (GuicheJsonWriter *self, guchar c)
{
  static const char hex[] = "0123456789abcdef";
  char escape[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
  char letter = '\0';

  switch (c) {
  case '"':
  case '\\':
    letter = (char) c;
    break;
  case '\n':
    letter = 'n';
    break;
  case '\r':
    letter = 'r';
    break;
  case '\t':
    letter = 't';
    break;
  case '\b':
    letter = 'b';
    break;
  case '\f':
    letter = 'f';
    break;
  default:
    append (self, escape, sizeof escape);
    return;
  }
  escape[1] = letter;
  append (self, escape, 2);
}

/**
 * guiche_json_writer_string_length:
 * @value: (array length=length): valid UTF-8
 */
void
guiche_json_writer_string_length (GuicheJsonWriter *self, const char *value, gsize length)
{
  before_value (self);
  reserve (self, length + 2);
  self->text[self->length++] = '"';
  while (length > 0) {
    gsize run = plain_run (value, length);

    append (self, value, run);
    value += run;
    length -= run;
    if (length == 0)
      break;
    append_escape (self, (guchar) *value);
    value++;
    length--;
  }
  *reserve (self, 1) = '"';
  self->length++;
}

void
guiche_json_writer_string (GuicheJsonWriter *self, const char *value)
{
  if (value == NULL)
    guiche_json_writer_null (self);
  else
    guiche_json_writer_string_length (self, value, strlen (value));
}

void
guiche_json_writer_int (GuicheJsonWriter *self, gint64 value)
{
  char digits[24];
  char *out = digits + sizeof digits;
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;

  do {
    *--out = (char) ('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0)
    *--out = '-';

  before_value (self);
  append (self, out, (gsize) (digits + sizeof digits - out));
}

/**
 * guiche_json_writer_double:
 * @value: what JSON cannot say (infinity, NaN) is written as null
 */
void
guiche_json_writer_double (GuicheJsonWriter *self, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value)) {
    guiche_json_writer_null (self);
    return;
  }
  before_value (self);
  g_ascii_dtostr (text, sizeof text, value);
  append (self, text, strlen (text));
}

void
guiche_json_writer_bool (GuicheJsonWriter *self, gboolean value)
{
  before_value (self);
  if (value)
    append (self, "true", 4);
  else
    append (self, "false", 5);
}

void
guiche_json_writer_null (GuicheJsonWriter *self)
{
  before_value (self);
  append (self, "null", 4);
}

void
guiche_json_writer_id (GuicheJsonWriter *self, const GuicheId *id)
{
  char *out;

  if (id == NULL || guiche_id_is_none (id)) {
    guiche_json_writer_null (self);
    return;
  }
  before_value (self);
  out = reserve (self, GUICHE_ID_STRING_LENGTH + 2);
  out[0] = '"';
  guiche_id_to_string (id, out + 1);
  out[GUICHE_ID_STRING_LENGTH + 1] = '"';
  self->length += GUICHE_ID_STRING_LENGTH + 2;
}

void
guiche_json_writer_raw (GuicheJsonWriter *self, const char *json, gssize length)
{
  before_value (self);
  append (self, json, length < 0 ? strlen (json) : (gsize) length);
}

void
guiche_json_writer_member_string (GuicheJsonWriter *self, const char *name, const char *value)
{
  guiche_json_writer_name (self, name);
  guiche_json_writer_string (self, value);
}

void
guiche_json_writer_member_int (GuicheJsonWriter *self, const char *name, gint64 value)
{
  guiche_json_writer_name (self, name);
  guiche_json_writer_int (self, value);
}

void
guiche_json_writer_member_bool (GuicheJsonWriter *self, const char *name, gboolean value)
{
  guiche_json_writer_name (self, name);
  guiche_json_writer_bool (self, value);
}

void
guiche_json_writer_member_id (GuicheJsonWriter *self, const char *name, const GuicheId *id)
{
  guiche_json_writer_name (self, name);
  guiche_json_writer_id (self, id);
}

void
guiche_json_writer_member_raw (GuicheJsonWriter *self,
                               const char *name,
                               const char *json,
                               gssize length)
{
  guiche_json_writer_name (self, name);
  guiche_json_writer_raw (self, json, length);
}

/**
 * guiche_json_writer_peek:
 * @out_length: (out) (optional):
 *
 * Returns: (transfer none): the text so far, until the next change; whole when nothing is open
 */
const char *
guiche_json_writer_peek (GuicheJsonWriter *self, gsize *out_length)
{
  *reserve (self, 0) = '\0';
  if (out_length != NULL)
    *out_length = self->length;

  return self->text;
}

/**
 * guiche_json_writer_steal:
 * @out_length: (out) (optional):
 *
 * Returns: (transfer full): the finished text; the writer is then empty
 */
char *
guiche_json_writer_steal (GuicheJsonWriter *self, gsize *out_length)
{
  char *text;

  guiche_json_writer_peek (self, out_length);
  text = g_steal_pointer (&self->text);
  self->capacity = 0;
  guiche_json_writer_reset (self);
  return text;
}

GBytes *
guiche_json_writer_steal_bytes (GuicheJsonWriter *self)
{
  gsize length;
  char *text = guiche_json_writer_steal (self, &length);

  return g_bytes_new_take (text, length);
}
