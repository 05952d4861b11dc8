/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/websocket.h"

#include <string.h>

gboolean
guiche_close_code_is_valid (guint code)
{
  if (code >= 3000 && code <= 4999)
    return TRUE;
  return code >= 1000 && code <= 1014 && code != 1004 && code != GUICHE_CLOSE_NO_STATUS &&
         code != GUICHE_CLOSE_ABNORMAL;
}

static gsize
write_length (guint8 *out, gsize length, guint8 mask_bit)
{
  if (length <= 125) {
    out[1] = mask_bit | (guint8) length;
    return 2;
  }
  if (length <= G_MAXUINT16) {
    out[1] = mask_bit | 126;
    out[2] = (guint8) (length >> 8);
    out[3] = (guint8) length;
    return 4;
  }
  out[1] = mask_bit | 127;
  for (guint i = 0; i < 8; i++)
    out[2 + i] = (guint8) ((guint64) length >> (56 - 8 * i));
  return 10;
}

gsize
guiche_websocket_write_header (guint8 out[GUICHE_WEBSOCKET_MAX_HEADER],
                               GuicheWebsocketOpcode opcode,
                               gsize length)
{
  out[0] = 0x80 | (guint8) opcode;
  return write_length (out, length, 0);
}

gsize
guiche_websocket_write_masked (guint8 *out,
                               GuicheWebsocketOpcode opcode,
                               gboolean is_final,
                               guint32 mask,
                               const void *payload,
                               gsize length)
{
  guint8 key[4];
  gsize n_header;

  memcpy (key, &mask, sizeof key);
  out[0] = (is_final ? 0x80 : 0) | (guint8) opcode;
  n_header = write_length (out, length, 0x80);
  memcpy (out + n_header, key, sizeof key);
  n_header += sizeof key;
  if (length > 0)
    memcpy (out + n_header, payload, length);
  guiche_websocket_unmask (out + n_header, length, key, 0);
  return n_header + length;
}

/* The longest prefix of @reason that fits and ends with a whole character. */
static gsize
reason_length (const char *reason)
{
  gsize length = reason == NULL ? 0 : strlen (reason);

  if (length <= GUICHE_WEBSOCKET_MAX_CONTROL - 2)
    return length;
  length = GUICHE_WEBSOCKET_MAX_CONTROL - 2;
  while (length > 0 && ((guint8) reason[length] & 0xc0) == 0x80)
    length--;
  return length;
}

gsize
guiche_websocket_write_close (guint8 out[2 + GUICHE_WEBSOCKET_MAX_CONTROL],
                              guint code,
                              const char *reason)
{
  gsize n_reason = reason_length (reason);

  out[0] = 0x80 | GUICHE_WEBSOCKET_CLOSE;
  if (code == GUICHE_CLOSE_NO_STATUS) {
    out[1] = 0;
    return 2;
  }
  out[1] = (guint8) (2 + n_reason);
  out[2] = (guint8) (code >> 8);
  out[3] = (guint8) code;
  if (n_reason > 0)
    memcpy (out + 4, reason, n_reason);
  return 4 + n_reason;
}

void
guiche_websocket_unmask (guint8 *data, gsize length, const guint8 mask[4], gsize position)
{
  guint8 key[8];
  guint64 wide;
  gsize i = 0;

  for (guint k = 0; k < 8; k++)
    key[k] = mask[(position + k) & 3];
  memcpy (&wide, key, sizeof wide);
  for (; i + 8 <= length; i += 8) {
    guint64 word;

    memcpy (&word, data + i, sizeof word);
    word ^= wide;
    memcpy (data + i, &word, sizeof word);
  }
  for (; i < length; i++)
    data[i] ^= key[i & 7];
}

/* Bjoern Hoehrmann's automaton (bjoern.hoehrmann.de/utf-8/decoder/dfa): the class of each
 * byte, then the next state by state + class. */
static const guint8 utf8_class[256] = {
  [0x80 ... 0x8f] = 1, [0x90 ... 0x9f] = 9, [0xa0 ... 0xbf] = 7, [0xc0 ... 0xc1] = 8,
  [0xc2 ... 0xdf] = 2, [0xe0] = 10,         [0xe1 ... 0xec] = 3, [0xed] = 4,
  [0xee ... 0xef] = 3, [0xf0] = 11,         [0xf1 ... 0xf3] = 6, [0xf4] = 5,
  [0xf5 ... 0xff] = 8,
};
static const guint8 utf8_next[108] = {
  0,  12, 24, 36, 60, 96, 84, 12, 12, 12, 48, 72, /* start */
  12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, /* invalid */
  12, 0,  12, 12, 12, 12, 12, 0,  12, 0,  12, 12, /* one more */
  12, 24, 12, 12, 12, 12, 12, 24, 12, 24, 12, 12, /* two more */
  12, 12, 12, 12, 12, 12, 12, 24, 12, 12, 12, 12, /* after E0 */
  12, 24, 12, 12, 12, 12, 12, 12, 12, 24, 12, 12, /* after ED */
  12, 12, 12, 12, 12, 12, 12, 36, 12, 36, 12, 12, /* after F0 */
  12, 36, 12, 12, 12, 12, 12, 36, 12, 36, 12, 12, /* after F1 to F3 */
  12, 36, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, /* after F4 */
};

guint32
guiche_utf8_advance (guint32 state, const guint8 *data, gsize length)
{
  gsize i = 0;

  while (i < length && state != GUICHE_UTF8_INVALID) {
    guint64 word;

    if (state == 0 && i + 8 <= length) {
      memcpy (&word, data + i, sizeof word);
      if ((word & 0x8080808080808080u) == 0) {
        i += 8;
        continue;
      }
    }
    state = utf8_next[state + utf8_class[data[i++]]];
  }
  return state;
}
