/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cases of the Autobahn test suite that concern a server without extensions, each given whole,
 * byte by byte and in pieces. */
#include "http/websocket.h"

#include <string.h>

static void
add_frame (GByteArray *input, guint opcode, gboolean is_final, const void *payload, gsize length)
{
  g_autofree guint8 *frame = g_malloc (length + GUICHE_WEBSOCKET_MAX_HEADER);
  gsize n = guiche_websocket_write_masked (frame, opcode, is_final, 0x81f23c07, payload, length);

  g_byte_array_append (input, frame, (guint) n);
}

static void
add_text (GByteArray *input, guint opcode, gboolean is_final, const char *text)
{
  add_frame (input, opcode, is_final, text, strlen (text));
}

/* What happened, as words: `text:5 ping:0 close:1000 failed:1002`. */
static char *
words_of (const guint8 *data, gsize length, gsize piece)
{
  GString *words = g_string_new (NULL);
  GuicheWebsocketDecoder decoder;
  GuicheWebsocketItem item;

  guiche_websocket_decoder_init (&decoder, TRUE);
  for (gsize at = 0; at < length; at += piece) {
    gsize n = MIN (piece, length - at);
    g_autofree guint8 *copy = g_memdup2 (data + at, n);
    guint8 *cursor = copy;

    while (guiche_websocket_decoder_next (&decoder, &cursor, copy + n, &item) !=
           GUICHE_WEBSOCKET_ITEM_NONE) {
      static const char *const names[] = { "", "text", "ping", "pong", "close", "failed" };
      gboolean is_binary =
          item.kind == GUICHE_WEBSOCKET_ITEM_MESSAGE && item.opcode == GUICHE_WEBSOCKET_BINARY;
      gboolean has_code = item.kind >= GUICHE_WEBSOCKET_ITEM_CLOSE;

      g_string_append_printf (words, "%s%s:%zu", words->len > 0 ? " " : "",
                              is_binary ? "binary" : names[item.kind],
                              has_code ? item.code : item.length);
    }
  }
  guiche_websocket_decoder_clear (&decoder);
  return g_string_free (words, FALSE);
}

static void
expect (GByteArray *input, const char *expected)
{
  static const gsize pieces[] = { G_MAXSIZE / 2, 1, 2, 7, 997 };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autofree char *words = words_of (input->data, input->len, pieces[i]);

    g_assert_cmpstr (words, ==, expected);
  }
  g_byte_array_set_size (input, 0);
}

/* 1: framing, every way to write a length */
static void
test_lengths (void)
{
  static const gsize lengths[] = { 0, 1, 125, 126, 127, 128, 65535, 65536 };
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autofree char *text = g_strnfill (65536, '*');

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree char *as_text = g_strdup_printf ("text:%zu", lengths[i]);
    g_autofree char *as_binary = g_strdup_printf ("binary:%zu", lengths[i]);

    add_frame (input, GUICHE_WEBSOCKET_TEXT, TRUE, text, lengths[i]);
    expect (input, as_text);
    add_frame (input, GUICHE_WEBSOCKET_BINARY, TRUE, text, lengths[i]);
    expect (input, as_binary);
  }
}

/* 2: pings and pongs */
static void
test_pings (void)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autofree char *text = g_strnfill (126, '*');

  add_text (input, GUICHE_WEBSOCKET_PING, TRUE, "");
  add_frame (input, GUICHE_WEBSOCKET_PING, TRUE, "\x00\xff\xfe\xfd", 4);
  add_frame (input, GUICHE_WEBSOCKET_PING, TRUE, text, 125);
  add_text (input, GUICHE_WEBSOCKET_PONG, TRUE, "unsolicited");
  expect (input, "ping:0 ping:4 ping:125 pong:11");
  add_frame (input, GUICHE_WEBSOCKET_PING, TRUE, text, 126);
  expect (input, "failed:1002");
}

/* 3 and 4: reserved bits and opcodes, also between messages */
static void
test_reserved (void)
{
  static const guint opcodes[] = { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 };
  g_autoptr (GByteArray) input = g_byte_array_new ();

  for (guint bits = 1; bits < 8; bits++) {
    add_text (input, GUICHE_WEBSOCKET_TEXT, TRUE, "Hello");
    add_text (input, GUICHE_WEBSOCKET_TEXT, TRUE, "Hello");
    input->data[11] |= (guint8) (bits << 4);
    add_text (input, GUICHE_WEBSOCKET_PING, TRUE, "");
    expect (input, "text:5 failed:1002");
  }
  for (guint i = 0; i < G_N_ELEMENTS (opcodes); i++) {
    add_text (input, GUICHE_WEBSOCKET_TEXT, TRUE, "Hello");
    add_text (input, opcodes[i], TRUE, "");
    expect (input, "text:5 failed:1002");
  }
}

/* 5: fragmentation */
static void
test_fragments (void)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();

  add_text (input, GUICHE_WEBSOCKET_PING, FALSE, "fragment");
  expect (input, "failed:1002");
  add_text (input, GUICHE_WEBSOCKET_TEXT, FALSE, "one");
  add_text (input, GUICHE_WEBSOCKET_PING, TRUE, "between");
  add_text (input, GUICHE_WEBSOCKET_CONTINUATION, FALSE, "");
  add_text (input, GUICHE_WEBSOCKET_CONTINUATION, TRUE, "two");
  expect (input, "ping:7 text:6");
  add_text (input, GUICHE_WEBSOCKET_CONTINUATION, TRUE, "of nothing");
  expect (input, "failed:1002");
  add_text (input, GUICHE_WEBSOCKET_CONTINUATION, FALSE, "of nothing");
  expect (input, "failed:1002");
  add_text (input, GUICHE_WEBSOCKET_TEXT, FALSE, "one");
  add_text (input, GUICHE_WEBSOCKET_TEXT, TRUE, "another");
  expect (input, "failed:1002");
  add_text (input, GUICHE_WEBSOCKET_TEXT, FALSE, "");
  add_text (input, GUICHE_WEBSOCKET_CONTINUATION, FALSE, "");
  add_text (input, GUICHE_WEBSOCKET_CONTINUATION, TRUE, "");
  add_text (input, GUICHE_WEBSOCKET_TEXT, TRUE, "next");
  expect (input, "text:0 text:4");
}

/* 6: UTF-8, refused as soon as it is wrong */
static void
test_text (void)
{
  static const char *const valid[] = {
    "κόσμε",        "\xc2\x80",         "\xdf\xbf",         "\xe0\xa0\x80",
    "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "Hello-µ@ßöäüàá-UTF-8!!",
  };
  static const char *const invalid[] = {
    "\x80",
    "\xbf",
    "\xc0\xaf",
    "\xc1\xbf",
    "\xe0\x9f\xbf",
    "\xed\xa0\x80",
    "\xed\xbf\xbf",
    "\xf0\x8f\xbf\xbf",
    "\xf4\x90\x80\x80",
    "\xf5\x80",
    "\xff",
    "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80",
    "\xc3",
    "\xe2\x82",
  };
  g_autoptr (GByteArray) input = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (valid); i++) {
    g_autofree char *words = g_strdup_printf ("text:%zu", strlen (valid[i]));

    for (gsize at = 0; at <= strlen (valid[i]); at++) {
      add_frame (input, GUICHE_WEBSOCKET_TEXT, FALSE, valid[i], at);
      add_text (input, GUICHE_WEBSOCKET_CONTINUATION, TRUE, valid[i] + at);
      expect (input, words);
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++) {
    add_text (input, GUICHE_WEBSOCKET_TEXT, TRUE, invalid[i]);
    expect (input, "failed:1007");
  }
  /* The rest of the message never comes: it is refused all the same. */
  add_text (input, GUICHE_WEBSOCKET_TEXT, FALSE, "ab\xed\xa0");
  expect (input, "failed:1007");
}

/* 7: closing */
static void
test_close (void)
{
  static const guint valid[] = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011,
                                 1012, 1013, 1014, 3000, 3999, 4000, 4409, 4999 };
  static const guint invalid[] = { 0,    999,  1004, 1005, 1006, 1015,
                                   1016, 1100, 2000, 2999, 5000, 65535 };
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autofree char *reason = g_strnfill (125, '*');

  add_text (input, GUICHE_WEBSOCKET_CLOSE, TRUE, "");
  expect (input, "close:1005");
  add_text (input, GUICHE_WEBSOCKET_CLOSE, TRUE, "\x03");
  expect (input, "failed:1002");
  reason[0] = '\x03';
  reason[1] = '\xe8';
  add_text (input, GUICHE_WEBSOCKET_CLOSE, TRUE, reason);
  expect (input, "close:1000");
  add_text (input, GUICHE_WEBSOCKET_CLOSE, TRUE, "\x03\xe8\xff");
  expect (input, "failed:1007");
  for (guint i = 0; i < G_N_ELEMENTS (valid); i++) {
    guint8 code[] = { (guint8) (valid[i] >> 8), (guint8) valid[i] };
    g_autofree char *words = g_strdup_printf ("close:%u", valid[i]);

    add_frame (input, GUICHE_WEBSOCKET_CLOSE, TRUE, code, 2);
    expect (input, words);
  }
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++) {
    guint8 code[] = { (guint8) (invalid[i] >> 8), (guint8) invalid[i] };

    add_frame (input, GUICHE_WEBSOCKET_CLOSE, TRUE, code, 2);
    expect (input, "failed:1002");
  }
}

/* 9: limits */
static void
test_limits (void)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autofree char *text = g_strnfill (65537, '*');

  add_frame (input, GUICHE_WEBSOCKET_TEXT, TRUE, text, 65537);
  expect (input, "failed:1009");
  for (guint i = 0; i < 4; i++)
    add_frame (input, i == 0 ? GUICHE_WEBSOCKET_TEXT : GUICHE_WEBSOCKET_CONTINUATION, i == 3, text,
               65536);
  expect (input, "text:262144");
  for (guint i = 0; i < 4; i++)
    add_frame (input, i == 0 ? GUICHE_WEBSOCKET_TEXT : GUICHE_WEBSOCKET_CONTINUATION, FALSE, text,
               65536);
  add_frame (input, GUICHE_WEBSOCKET_CONTINUATION, TRUE, text, 1);
  expect (input, "failed:1009");
  for (guint i = 0; i < 16; i++)
    add_text (input, i == 0 ? GUICHE_WEBSOCKET_TEXT : GUICHE_WEBSOCKET_CONTINUATION, i == 15, "a");
  expect (input, "text:16");
  for (guint i = 0; i < 17; i++)
    add_text (input, i == 0 ? GUICHE_WEBSOCKET_TEXT : GUICHE_WEBSOCKET_CONTINUATION, i == 16, "a");
  expect (input, "failed:1009");
}

static void
test_mask (void)
{
  static const guint8 unmasked[] = { 0x81, 0x02, 'h', 'i' };
  static const guint8 masked[] = {
    0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58
  };
  g_autoptr (GByteArray) input = g_byte_array_new ();
  GuicheWebsocketDecoder decoder;
  GuicheWebsocketItem item;
  guint8 copy[sizeof masked];
  guint8 *cursor = copy;

  g_byte_array_append (input, unmasked, sizeof unmasked);
  expect (input, "failed:1002");
  /* RFC 6455, 5.7 */
  memcpy (copy, masked, sizeof masked);
  guiche_websocket_decoder_init (&decoder, TRUE);
  guiche_websocket_decoder_next (&decoder, &cursor, copy + sizeof copy, &item);
  g_assert_cmpmem (item.data, item.length, "Hello", 5);
  guiche_websocket_decoder_init (&decoder, FALSE);
  memcpy (copy, unmasked, sizeof unmasked);
  cursor = copy;
  guiche_websocket_decoder_next (&decoder, &cursor, copy + sizeof unmasked, &item);
  g_assert_cmpmem (item.data, item.length, "hi", 2);
}

static void
test_writing (void)
{
  static const gsize lengths[] = { 0, 125, 126, 65535, 65536, 200000 };
  static const gsize headers[] = { 2, 2, 4, 4, 10, 10 };
  guint8 out[2 + GUICHE_WEBSOCKET_MAX_CONTROL];
  g_autofree char *reason = g_strnfill (122, 'a');
  g_autofree char *long_reason = g_strconcat (reason, "ção", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    g_assert_cmpuint (guiche_websocket_write_header (out, GUICHE_WEBSOCKET_TEXT, lengths[i]), ==,
                      headers[i]);
  g_assert_cmpuint (guiche_websocket_write_close (out, 1000, "tchau"), ==, 9);
  g_assert_cmpuint (out[2] << 8 | out[3], ==, 1000);
  g_assert_cmpuint (guiche_websocket_write_close (out, 1005, NULL), ==, 2);
  /* Cut before the character that does not fit. */
  g_assert_cmpuint (guiche_websocket_write_close (out, 1008, long_reason), ==, 4 + 122);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/websocket/lengths", test_lengths);
  g_test_add_func ("/websocket/pings", test_pings);
  g_test_add_func ("/websocket/reserved", test_reserved);
  g_test_add_func ("/websocket/fragments", test_fragments);
  g_test_add_func ("/websocket/text", test_text);
  g_test_add_func ("/websocket/close", test_close);
  g_test_add_func ("/websocket/limits", test_limits);
  g_test_add_func ("/websocket/mask", test_mask);
  g_test_add_func ("/websocket/writing", test_writing);
  return g_test_run ();
}
