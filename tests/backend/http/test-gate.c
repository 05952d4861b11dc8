/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/gate.h"
#include "http/range.h"

#include <string.h>

static GuicheGateResult
scan (const char *text, GuicheHead *out_head)
{
  GuicheHead head = { 0 };
  GuicheGateResult result = guiche_gate_scan (&head, text, strlen (text), NULL);

  if (out_head != NULL)
    *out_head = head;
  return result;
}

static char *
dup_slice (const char *text, GuicheSlice slice)
{
  return g_strndup (text + slice.start, slice.length);
}

static void
test_reads_a_head (void)
{
  const char *text =
      "POST /api/v1/messages?x=1 HTTP/1.1\r\nHost: a.example:80\r\nAuthorization:  Bearer abc \r\n"
      "Content-Length: 12\r\nX-Unknown: y\r\n\r\n{\"body\":\"x\"}";
  GuicheHead head;

  g_assert_cmpint (scan (text, &head), ==, GUICHE_GATE_COMPLETE);
  g_autofree char *method = dup_slice (text, head.method);
  g_autofree char *target = dup_slice (text, head.target);
  g_autofree char *authorization = dup_slice (text, head.headers[GUICHE_HEADER_AUTHORIZATION]);
  g_assert_cmpstr (method, ==, "POST");
  g_assert_cmpstr (target, ==, "/api/v1/messages?x=1");
  g_assert_cmpstr (authorization, ==, "Bearer abc");
  g_assert_cmpint (head.content_length, ==, 12);
  g_assert_cmpint (head.length, ==, strlen (text) - 12);
  g_assert_false (head.is_chunked);
}

static void
test_waits_for_the_rest (void)
{
  const char *text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  GuicheHead head = { 0 };

  for (gsize i = 0; i < strlen (text); i++)
    g_assert_cmpint (guiche_gate_scan (&head, text, i, NULL), ==, GUICHE_GATE_MORE);
  g_assert_cmpint (guiche_gate_scan (&head, text, strlen (text), NULL), ==, GUICHE_GATE_COMPLETE);
}

static void
test_refuses (void)
{
#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

  static const struct {
    const char *text;
    GuicheGateResult result;
  } cases[] = {
    { GET "\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Host: b\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET "Host: a/b\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET "Host: a b\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length: 5, 5\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length: +5\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length: -1\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length: 0x5\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length:\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length: 99999999999999999999\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
      GUICHE_GATE_MALFORMED },
    { GET HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", GUICHE_GATE_UNSUPPORTED },
    { GET HOST "Transfer-Encoding: xchunked\r\n\r\n", GUICHE_GATE_UNSUPPORTED },
    { GET HOST "Transfer-Encoding:\x0b"
               "chunked\r\n\r\n",
      GUICHE_GATE_MALFORMED },
    { GET HOST "Content-Length : 5\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST " folded: x\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "A: b\r\n c\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "A: b\rc\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST "A: b\nC: d\r\n\r\n", GUICHE_GATE_MALFORMED },
    { "GET / HTTP/1.1\nHost: a\n\n", GUICHE_GATE_MALFORMED },
    { GET HOST "no colon\r\n\r\n", GUICHE_GATE_MALFORMED },
    { GET HOST ": empty\r\n\r\n", GUICHE_GATE_MALFORMED },
    { "GET http://b/ HTTP/1.1\r\n" HOST "\r\n", GUICHE_GATE_MALFORMED },
    { "GET  / HTTP/1.1\r\n" HOST "\r\n", GUICHE_GATE_MALFORMED },
    { "GET / HTTP/1.1 \r\n" HOST "\r\n", GUICHE_GATE_MALFORMED },
    { "GET / HTTP/1.1x\r\n" HOST "\r\n", GUICHE_GATE_MALFORMED },
    { "GET / HTTP/2.0\r\n" HOST "\r\n", GUICHE_GATE_UNSUPPORTED },
    { "GET /\r\n" HOST "\r\n", GUICHE_GATE_MALFORMED },
    { "get / HTTP/1.1\r\n" HOST "\r\n", GUICHE_GATE_MALFORMED },
    { "GET /a#b HTTP/1.1\r\n" HOST "\r\n", GUICHE_GATE_MALFORMED },
    { "\x16\x03\x01", GUICHE_GATE_MALFORMED },
    { "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", GUICHE_GATE_MALFORMED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (scan (cases[i].text, NULL), ==, cases[i].result);
  }
  g_assert_cmpint (scan ("GET / HTTP/1.0\r\n\r\n", NULL), ==, GUICHE_GATE_COMPLETE);
  g_assert_cmpint (
      scan (GET HOST "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n\r\n", NULL), ==,
      GUICHE_GATE_COMPLETE);
}

static void
test_bounds (void)
{
  GString *many = g_string_new ("GET / HTTP/1.1\r\nHost: a\r\n");
  GString *large = g_string_new ("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  GString *target = g_string_new ("GET /");

  for (int i = 0; i < 70; i++)
    g_string_append_printf (many, "X-%d: y\r\n", i);
  g_string_append (many, "\r\n");
  g_assert_cmpint (scan (many->str, NULL), ==, GUICHE_GATE_TOO_LARGE);
  for (int i = 0; i < GUICHE_GATE_MAX_HEAD; i++)
    g_string_append_c (large, 'x');
  g_assert_cmpint (scan (large->str, NULL), ==, GUICHE_GATE_TOO_LARGE);
  for (int i = 0; i < GUICHE_GATE_MAX_TARGET; i++)
    g_string_append_c (target, 'x');
  g_string_append (target, " HTTP/1.1\r\nHost: a\r\n\r\n");
  g_assert_cmpint (scan (target->str, NULL), ==, GUICHE_GATE_TOO_LARGE);
  g_string_free (many, TRUE);
  g_string_free (large, TRUE);
  g_string_free (target, TRUE);
}

static void
test_forwards_only_what_is_needed (void)
{
  const char *text = "POST /secret?token=x HTTP/1.1\r\nHost: a\r\nCookie: c\r\nRange: "
                     "bytes=0-\r\nContent-Length: 3\r\n"
                     "Connection: keep-alive\r\nIf-Modified-Since: x\r\n\r\nabc";
  g_autoptr (GByteArray) out = g_byte_array_new ();
  GuicheHead head;

  g_assert_cmpint (scan (text, &head), ==, GUICHE_GATE_COMPLETE);
  guiche_gate_forward (&head, text, TRUE, out);
  g_byte_array_append (out, (const guint8 *) "", 1);
  g_assert_cmpstr (
      (char *) out->data, ==,
      "POST http://g/ HTTP/1.1\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n");
}

static void
test_tokens (void)
{
  g_assert_true (guiche_gate_has_token ("keep-alive, Upgrade", 19, "upgrade"));
  g_assert_false (guiche_gate_has_token ("keep-alive, Upgraded", 20, "upgrade"));
  g_assert_false (guiche_gate_has_token ("", 0, "upgrade"));
}

static void
test_ranges (void)
{
  static const struct {
    const char *text;
    GuicheRangeResult result;
    gint64 start, length;
  } cases[] = {
    { "bytes=0-0", GUICHE_RANGE_ONE, 0, 1 },
    { "bytes=0-", GUICHE_RANGE_ONE, 0, 1000 },
    { "bytes=10-19", GUICHE_RANGE_ONE, 10, 10 },
    { "Bytes=990-5000", GUICHE_RANGE_ONE, 990, 10 },
    { "bytes=-1", GUICHE_RANGE_ONE, 999, 1 },
    { "bytes=-5000", GUICHE_RANGE_ONE, 0, 1000 },
    { "bytes=1000-", GUICHE_RANGE_OUTSIDE },
    { "bytes=-0", GUICHE_RANGE_OUTSIDE },
    { "bytes=5-4", GUICHE_RANGE_NONE },
    { "bytes=-", GUICHE_RANGE_NONE },
    { "bytes=", GUICHE_RANGE_NONE },
    { "bytes=0-1,2-3", GUICHE_RANGE_NONE },
    { "bytes=-6--1", GUICHE_RANGE_NONE },
    { "bytes=0-1 ", GUICHE_RANGE_NONE },
    { "bytes=99999999999999999999-", GUICHE_RANGE_NONE },
    { "lines=0-1", GUICHE_RANGE_NONE },
    { "0-1", GUICHE_RANGE_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    GuicheRange range = { 0 };
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (guiche_range_parse (cases[i].text, strlen (cases[i].text), 1000, &range), ==,
                     cases[i].result);
    if (cases[i].result == GUICHE_RANGE_ONE) {
      g_assert_cmpint (range.start, ==, cases[i].start);
      g_assert_cmpint (range.length, ==, cases[i].length);
    }
  }
  GuicheRange range;
  g_assert_cmpint (guiche_range_parse ("bytes=0-", 8, 0, &range), ==, GUICHE_RANGE_OUTSIDE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/gate/reads-a-head", test_reads_a_head);
  g_test_add_func ("/http/gate/waits-for-the-rest", test_waits_for_the_rest);
  g_test_add_func ("/http/gate/refuses", test_refuses);
  g_test_add_func ("/http/gate/bounds", test_bounds);
  g_test_add_func ("/http/gate/forwards-only-what-is-needed", test_forwards_only_what_is_needed);
  g_test_add_func ("/http/gate/tokens", test_tokens);
  g_test_add_func ("/http/range", test_ranges);
  return g_test_run ();
}
