/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/br-code.h"

#include "banking/money.h"
#include "banking/refusal.h"

#include <string.h>

#define MAX_LENGTH 1024
#define CRC_LENGTH 4
#define PIX "br.gov.bcb.pix"

struct _GuicheBrCode {
  GArray *fields; /* (element-type GuicheBrCodeField) */
};

guint16
guiche_crc16 (const char *data, gsize length)
{
  guint crc = 0xFFFF;

  for (gsize i = 0; i < length; i++) {
    crc ^= (guint) (guchar) data[i] << 8;
    for (int bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xFFFF;
  }
  return (guint16) crc;
}

static void
clear_field (gpointer data)
{
  g_free (((GuicheBrCodeField *) data)->value);
}

void
guiche_br_code_free (GuicheBrCode *self)
{
  g_array_unref (self->fields);
  g_free (self);
}

/* Which fields hold fields: accounts, additional data, language, and unreserved templates. */
static gboolean
is_template (const char *id)
{
  int number = (id[0] - '0') * 10 + id[1] - '0';

  return (number >= 26 && number <= 51) || number == 62 || number == 64 || number >= 80;
}

/* How many bytes the length means; 0 when the text ends before. */
static gsize
value_bytes (const char *text, gsize available, int length, gboolean counts_characters)
{
  const char *end = text;

  if (!counts_characters)
    return (gsize) length <= available ? (gsize) length : 0;
  for (int i = 0; i < length; i++) {
    if (end >= text + available)
      return 0;
    end = g_utf8_next_char (end);
  }
  return (gsize) (end - text);
}

/* Fields one after another; *out_place is where it went wrong. */
static gboolean
parse_fields (GArray *fields,
              const char *text,
              gsize length,
              int parent,
              gboolean counts_characters,
              const char **out_place)
{
  for (gsize at = 0; at < length;) {
    GuicheBrCodeField field = { .parent = parent };
    gsize n;
    int place = (int) fields->len;

    *out_place = text + at;
    if (length - at < 4 || !g_ascii_isdigit (text[at]) || !g_ascii_isdigit (text[at + 1]) ||
        !g_ascii_isdigit (text[at + 2]) || !g_ascii_isdigit (text[at + 3]))
      return FALSE;
    memcpy (field.id, text + at, 2);
    n = value_bytes (text + at + 4, length - at - 4, (text[at + 2] - '0') * 10 + text[at + 3] - '0',
                     counts_characters);
    if (n == 0 || !g_utf8_validate (text + at + 4, (gssize) n, NULL))
      return FALSE;
    field.holds_fields = parent < 0 && is_template (field.id);
    field.value = field.holds_fields ? g_strdup ("") : g_strndup (text + at + 4, n);
    g_array_append_val (fields, field);
    if (field.holds_fields &&
        !parse_fields (fields, text + at + 4, n, place, counts_characters, out_place))
      return FALSE;
    at += 4 + n;
  }
  return TRUE;
}

/* (transfer full) (nullable) */
static GArray *
parse_whole (const char *payload, gboolean counts_characters, const char **out_place)
{
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (GuicheBrCodeField));
  const GuicheBrCodeField *first, *last;

  g_array_set_clear_func (fields, clear_field);
  if (parse_fields (fields, payload, strlen (payload), -1, counts_characters, out_place) &&
      fields->len > 1) {
    first = &g_array_index (fields, GuicheBrCodeField, 0);
    last = &g_array_index (fields, GuicheBrCodeField, fields->len - 1);
    if (strcmp (first->id, "00") == 0 && strcmp (first->value, "01") == 0 && last->parent < 0 &&
        strcmp (last->id, "63") == 0 && strlen (last->value) == CRC_LENGTH)
      return fields;
  }
  g_array_unref (fields);
  return NULL;
}

static gboolean
check_crc (const char *payload, GError **error)
{
  gsize length = strlen (payload);
  char crc[CRC_LENGTH + 1];

  g_snprintf (crc, sizeof crc, "%04X", guiche_crc16 (payload, length - CRC_LENGTH));
  if (g_ascii_strcasecmp (crc, payload + length - CRC_LENGTH) == 0)
    return TRUE;
  return guiche_banking_refuse (error, "payload", "crc", "payload: the CRC is %s, not %s", crc,
                                payload + length - CRC_LENGTH);
}

GuicheBrCode *
guiche_br_code_parse (const char *payload, GError **error)
{
  const char *place = payload, *ignored;
  GArray *fields;
  GuicheBrCode *self;

  if (!g_utf8_validate (payload, -1, NULL)) {
    guiche_banking_refuse (error, "payload", "encoding", "payload: no UTF-8");
    return NULL;
  }
  if (strlen (payload) < 12 || strlen (payload) > MAX_LENGTH) {
    guiche_banking_refuse (error, "payload", "width", "payload: 12 to %d characters", MAX_LENGTH);
    return NULL;
  }
  fields = parse_whole (payload, FALSE, &place);
  if (fields == NULL)
    fields = parse_whole (payload, TRUE, &ignored);
  if (fields == NULL) {
    guiche_banking_refuse (error, "payload", "tlv", "payload: no field at character %d",
                           (int) (place - payload) + 1);
    return NULL;
  }
  if (!check_crc (payload, error)) {
    g_array_unref (fields);
    return NULL;
  }
  self = g_new0 (GuicheBrCode, 1);
  self->fields = fields;
  return self;
}

const GArray *
guiche_br_code_fields (const GuicheBrCode *self)
{
  return self->fields;
}

static int
find (const GuicheBrCode *self, int parent, const char *id)
{
  for (guint i = 0; i < self->fields->len; i++) {
    const GuicheBrCodeField *field = &g_array_index (self->fields, GuicheBrCodeField, i);

    if (field->parent == parent && strcmp (field->id, id) == 0)
      return (int) i;
  }
  return -1;
}

static const char *
value_at (const GuicheBrCode *self, int place)
{
  return place < 0 ? NULL : g_array_index (self->fields, GuicheBrCodeField, place).value;
}

const char *
guiche_br_code_get (const GuicheBrCode *self, const char *id, const char *inner)
{
  int outer = find (self, -1, id);

  return inner == NULL ? value_at (self, outer)
         : outer < 0   ? NULL
                       : value_at (self, find (self, outer, inner));
}

const char *
guiche_br_code_get_account (const GuicheBrCode *self, const char *inner)
{
  for (guint i = 0; i < self->fields->len; i++) {
    const GuicheBrCodeField *field = &g_array_index (self->fields, GuicheBrCodeField, i);
    const char *gui;

    if (field->parent >= 0 || strcmp (field->id, "26") < 0 || strcmp (field->id, "51") > 0)
      continue;
    gui = value_at (self, find (self, (int) i, "00"));
    if (gui != NULL && g_ascii_strcasecmp (gui, PIX) == 0)
      return value_at (self, find (self, (int) i, inner));
  }
  return NULL;
}

GuicheBrCodeKind
guiche_br_code_kind (const GuicheBrCode *self)
{
  if (guiche_br_code_get_account (self, "25") != NULL)
    return GUICHE_BR_CODE_DYNAMIC;
  return guiche_br_code_get_account (self, "01") != NULL ? GUICHE_BR_CODE_STATIC
                                                         : GUICHE_BR_CODE_OTHER;
}

gboolean
guiche_br_code_get_amount (const GuicheBrCode *self, gint64 *out_cents)
{
  const char *value = guiche_br_code_get (self, "54", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (value == NULL)
    return FALSE;
  length = strlen (value);
  text = g_strndup (value, length > 1 && value[length - 1] == '.' ? length - 1 : length);
  return guiche_money_parse (text, TRUE, out_cents);
}
