/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket-reference.h"

#include <string.h>

typedef enum {
  TEXT_WHOLE,
  TEXT_CUT, /* a character is begun and can be completed */
  TEXT_WRONG
} TextState;

static gboolean
is_character (const guint8 *bytes, gsize length)
{
  gunichar c = g_utf8_get_char_validated ((const char *) bytes, (gssize) length);

  return c != (gunichar) -1 && c != (gunichar) -2;
}

/* Whether the @n bytes can become a character: what may follow is one range, so its two ends tell.
 */
static gboolean
can_be_completed (const guint8 *bytes, gsize n, gsize whole)
{
  guint8 low[4], high[4];

  memset (low, 0x80, sizeof low);
  memset (high, 0xbf, sizeof high);
  memcpy (low, bytes, n);
  memcpy (high, bytes, n);
  if (n == 1)
    return is_character ((guint8[]){ bytes[0], 0x80, 0x80, 0x80 }, whole) ||
           is_character ((guint8[]){ bytes[0], 0x90, 0x80, 0x80 }, whole) ||
           is_character ((guint8[]){ bytes[0], 0xbf, 0x80, 0x80 }, whole);
  return is_character (low, whole) || is_character (high, whole);
}

static TextState
text_state (const guint8 *text, gsize length)
{
  gsize at = 0;

  while (at < length) {
    guint8 first = text[at];
    gsize whole = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    if (first == 0) {
      at++;
      continue;
    }
    if (at + whole > length)
      return can_be_completed (text + at, length - at, whole) ? TEXT_CUT : TEXT_WRONG;
    if (!is_character (text + at, whole))
      return TEXT_WRONG;
    at += whole;
  }
  return TEXT_WHOLE;
}

static void
trace_item (GString *trace,
            GuicheWebsocketItemKind kind,
            guint code,
            const guint8 *data,
            gsize length)
{
  static const char *const names[] = { "none", "message", "ping", "pong", "close", "failed" };
  g_autofree char *sum =
      g_compute_checksum_for_data (G_CHECKSUM_MD5, length > 0 ? data : (const guchar *) "", length);

  g_string_append_printf (trace, "%s %u %zu %s\n", names[kind], code, length, sum);
}

typedef struct {
  GString *trace;
  GByteArray *message;
  guint opcode; /* of the message in progress */
  guint n_fragments;
} Reference;

static gboolean
wrong (Reference *self, guint code)
{
  trace_item (self->trace, GUICHE_WEBSOCKET_ITEM_FAILED, code, NULL, 0);
  return FALSE;
}

static gboolean
read_control (Reference *self, guint opcode, const guint8 *payload, gsize length)
{
  guint code = GUICHE_CLOSE_NO_STATUS;

  if (opcode != GUICHE_WEBSOCKET_CLOSE) {
    trace_item (self->trace,
                opcode == GUICHE_WEBSOCKET_PING ? GUICHE_WEBSOCKET_ITEM_PING
                                                : GUICHE_WEBSOCKET_ITEM_PONG,
                0, payload, length);
    return TRUE;
  }
  if (length == 1)
    return wrong (self, GUICHE_CLOSE_PROTOCOL_ERROR);
  if (length >= 2) {
    code = (guint) payload[0] * 256 + payload[1];
    if (code < 1000 || code > 4999 || code == 1004 || code == 1005 || code == 1006 ||
        (code >= 1015 && code < 3000))
      return wrong (self, GUICHE_CLOSE_PROTOCOL_ERROR);
    payload += 2;
    length -= 2;
    if (text_state (payload, length) != TEXT_WHOLE)
      return wrong (self, GUICHE_CLOSE_INVALID_TEXT);
  }
  trace_item (self->trace, GUICHE_WEBSOCKET_ITEM_CLOSE, code, payload, length);
  return TRUE;
}

/* @is_whole: the frame has arrived to its end. */
static gboolean
read_data (Reference *self,
           gboolean is_final,
           const guint8 *payload,
           gsize length,
           gboolean is_whole)
{
  TextState state;

  g_byte_array_append (self->message, payload, (guint) length);
  state = text_state (self->message->data, self->message->len);
  if (self->opcode == GUICHE_WEBSOCKET_TEXT && state == TEXT_WRONG)
    return wrong (self, GUICHE_CLOSE_INVALID_TEXT);
  if (!is_whole || !is_final)
    return TRUE;
  if (self->opcode == GUICHE_WEBSOCKET_TEXT && state == TEXT_CUT)
    return wrong (self, GUICHE_CLOSE_INVALID_TEXT);
  trace_item (self->trace, GUICHE_WEBSOCKET_ITEM_MESSAGE, self->opcode, self->message->data,
              self->message->len);
  g_byte_array_set_size (self->message, 0);
  self->opcode = 0;
  self->n_fragments = 0;
  return TRUE;
}

static guint
check_header (const Reference *self, const guint8 *frame, gboolean expect_mask)
{
  guint opcode = frame[0] & 15;
  gboolean is_control = opcode >= 8;

  if ((frame[0] & 0x70) != 0 || (frame[1] >= 128) != expect_mask)
    return GUICHE_CLOSE_PROTOCOL_ERROR;
  if ((opcode > 2 && opcode < 8) || opcode > 10)
    return GUICHE_CLOSE_PROTOCOL_ERROR;
  if (is_control && ((frame[0] & 128) == 0 || (frame[1] & 127) > 125))
    return GUICHE_CLOSE_PROTOCOL_ERROR;
  if (!is_control && (opcode == 0) == (self->opcode == 0))
    return GUICHE_CLOSE_PROTOCOL_ERROR;
  return 0;
}

/* Reads the frame at the start of @data; returns its bytes, 0 when it is cut or wrong. */
static gsize
read_frame (Reference *self, const guint8 *data, gsize length, gboolean expect_mask)
{
  guint64 payload_length, n_extended, n_header, n_there;
  guint code, opcode;
  g_autofree guint8 *payload = NULL;

  if (length < 2)
    return 0;
  code = check_header (self, data, expect_mask);
  if (code != 0)
    return wrong (self, code);
  opcode = data[0] & 15;
  payload_length = data[1] & 127;
  n_extended = payload_length == 126 ? 2 : payload_length == 127 ? 8 : 0;
  n_header = 2 + n_extended + (expect_mask ? 4 : 0);
  if (length < n_header)
    return 0;
  for (guint i = 0; i < n_extended; i++)
    payload_length = (i == 0 ? 0 : payload_length * 256) + data[2 + i];
  if ((n_extended == 2 && payload_length < 126) || (n_extended == 8 && payload_length < 65536) ||
      payload_length >> 63 != 0)
    return wrong (self, GUICHE_CLOSE_PROTOCOL_ERROR);
  if (payload_length > GUICHE_WEBSOCKET_MAX_FRAME)
    return wrong (self, GUICHE_CLOSE_TOO_BIG);
  if (opcode < 8) {
    if (++self->n_fragments > GUICHE_WEBSOCKET_MAX_FRAGMENTS ||
        self->message->len + payload_length > GUICHE_WEBSOCKET_MAX_MESSAGE)
      return wrong (self, GUICHE_CLOSE_TOO_BIG);
    if (opcode != 0)
      self->opcode = opcode;
  }
  n_there = MIN (payload_length, length - n_header);
  payload = g_malloc (n_there + 1);
  for (guint64 i = 0; i < n_there; i++)
    payload[i] = data[n_header + i] ^ (expect_mask ? data[n_header - 4 + i % 4] : 0);
  if (opcode < 8) {
    if (!read_data (self, data[0] >= 128, payload, n_there, n_there == payload_length))
      return 0;
  } else if (n_there == payload_length && !read_control (self, opcode, payload, n_there)) {
    return 0;
  }
  return n_there == payload_length ? n_header + n_there : 0;
}

char *
websocket_reference_trace (const guint8 *data, gsize length, gboolean expect_mask)
{
  Reference self = { g_string_new (NULL), g_byte_array_new (), 0, 0 };
  gsize n;

  while ((n = read_frame (&self, data, length, expect_mask)) > 0) {
    data += n;
    length -= n;
  }
  g_byte_array_unref (self.message);
  return g_string_free (self.trace, FALSE);
}

char *
websocket_decoder_trace (const guint8 *data,
                         gsize length,
                         gboolean expect_mask,
                         gsize piece,
                         guint32 seed)
{
  GString *trace = g_string_new (NULL);
  GuicheWebsocketDecoder decoder;
  GuicheWebsocketItem item;

  guiche_websocket_decoder_init (&decoder, expect_mask);
  for (gsize at = 0, n = 0; at < length; at += n) {
    g_autofree guint8 *copy = NULL;
    guint8 *cursor;

    seed = seed * 1664525 + 1013904223;
    n = MIN (piece > 0 ? piece : 1 + (seed >> 16) % 97, length - at);
    copy = g_memdup2 (data + at, n);
    cursor = copy;
    while (guiche_websocket_decoder_next (&decoder, &cursor, copy + n, &item) !=
           GUICHE_WEBSOCKET_ITEM_NONE)
      trace_item (trace, item.kind,
                  item.kind == GUICHE_WEBSOCKET_ITEM_MESSAGE ? item.opcode : item.code, item.data,
                  item.length);
    g_assert_true (cursor == copy + n);
    g_assert_cmpuint (guiche_websocket_decoder_held (&decoder), <=,
                      GUICHE_WEBSOCKET_MAX_MESSAGE + GUICHE_WEBSOCKET_MAX_CONTROL);
  }
  guiche_websocket_decoder_clear (&decoder);
  return g_string_free (trace, FALSE);
}
