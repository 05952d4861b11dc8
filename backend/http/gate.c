/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/gate.h"

#include <string.h>

static const struct {
  const char *name;
  guint8 length;
} known_headers[GUICHE_N_HEADERS] = {

#define HEADER(id, text) [id] = { text, sizeof text - 1 }
  HEADER (GUICHE_HEADER_HOST, "host"),
  HEADER (GUICHE_HEADER_AUTHORIZATION, "authorization"),
  HEADER (GUICHE_HEADER_CONTENT_TYPE, "content-type"),
  HEADER (GUICHE_HEADER_CONTENT_LENGTH, "content-length"),
  HEADER (GUICHE_HEADER_TRANSFER_ENCODING, "transfer-encoding"),
  HEADER (GUICHE_HEADER_CONTENT_ENCODING, "content-encoding"),
  HEADER (GUICHE_HEADER_EXPECT, "expect"),
  HEADER (GUICHE_HEADER_CONNECTION, "connection"),
  HEADER (GUICHE_HEADER_UPGRADE, "upgrade"),
  HEADER (GUICHE_HEADER_ORIGIN, "origin"),
  HEADER (GUICHE_HEADER_RANGE, "range"),
  HEADER (GUICHE_HEADER_IF_RANGE, "if-range"),
  HEADER (GUICHE_HEADER_IF_NONE_MATCH, "if-none-match"),
  HEADER (GUICHE_HEADER_USER_AGENT, "user-agent"),
  HEADER (GUICHE_HEADER_ACCEPT, "accept"),
  HEADER (GUICHE_HEADER_ACCEPT_LANGUAGE, "accept-language"),
  HEADER (GUICHE_HEADER_X_FORWARDED_FOR, "x-forwarded-for"),
  HEADER (GUICHE_HEADER_X_FORWARDED_PROTO, "x-forwarded-proto"),
  HEADER (GUICHE_HEADER_CORS_METHOD, "access-control-request-method"),
  HEADER (GUICHE_HEADER_CORS_HEADERS, "access-control-request-headers"),
  HEADER (GUICHE_HEADER_WEBSOCKET_KEY, "sec-websocket-key"),
  HEADER (GUICHE_HEADER_WEBSOCKET_VERSION, "sec-websocket-version"),
  HEADER (GUICHE_HEADER_WEBSOCKET_PROTOCOL, "sec-websocket-protocol"),
#undef HEADER
};

/* Headers whose repetition could be read in two ways. */
static const guint32 single_headers =
    (1u << GUICHE_HEADER_HOST) | (1u << GUICHE_HEADER_AUTHORIZATION) |
    (1u << GUICHE_HEADER_CONTENT_TYPE) | (1u << GUICHE_HEADER_CONTENT_LENGTH) |
    (1u << GUICHE_HEADER_TRANSFER_ENCODING) | (1u << GUICHE_HEADER_CONTENT_ENCODING) |
    (1u << GUICHE_HEADER_EXPECT) | (1u << GUICHE_HEADER_UPGRADE) | (1u << GUICHE_HEADER_ORIGIN) |
    (1u << GUICHE_HEADER_RANGE) | (1u << GUICHE_HEADER_WEBSOCKET_KEY) |
    (1u << GUICHE_HEADER_WEBSOCKET_VERSION);

/* What a byte may be part of. */
enum {
  IN_TOKEN = 1, /* of a header's name (RFC 9110, 5.6.2) */
  IN_VALUE = 2, /* anything but control characters */
  IN_HOST = 4,
};

/* clang-format off: a row for every 32 bytes */
static const guint8 classes[256] = {
  0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  2, 3, 2, 3, 3, 3, 3, 3, 2, 2, 3, 3, 2, 7, 7, 2, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 2, 2, 2, 2, 2,
  2, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 2, 6, 3, 7,
  3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 2, 3, 2, 3, 0,
  2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
  2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
  2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
  2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
};

/* clang-format on */

static inline gboolean
is_in (guchar c, guint8 class)
{
  return (classes[c] & class) != 0;
}

static gboolean
refuse (const char **out_why, const char *why)
{
  *out_why = why;
  return FALSE;
}

static GuicheSlice
slice (gsize start, gsize end)
{
  return (GuicheSlice){ (guint16) start, (guint16) (end - start) };
}

/* "GET /path HTTP/1.1" in data[0, end). */
static GuicheGateResult
scan_request_line (GuicheHead *head, const char *data, gsize end, const char **out_why)
{
  gsize at = 0;
  while (at < end && at < 16 && g_ascii_isupper (data[at]))
    at++;
  head->method = slice (0, at);
  if (at == 0 || at == end || data[at] != ' ')
    return refuse (out_why, "the method is not one"), GUICHE_GATE_MALFORMED;

  gsize start = ++at;
  while (at < end && (guchar) data[at] > 0x20 && (guchar) data[at] < 0x7f && data[at] != '#')
    at++;
  head->target = slice (start, at);
  if (at == end || data[at] != ' ' || data[start] != '/')
    return refuse (out_why, "the target is not a path"), GUICHE_GATE_MALFORMED;
  if (head->target.length > GUICHE_GATE_MAX_TARGET)
    return refuse (out_why, "the target is too long"), GUICHE_GATE_TOO_LARGE;

  const char *version = data + at + 1;
  if (end - at - 1 != 8 || memcmp (version, "HTTP/", 5) != 0)
    return refuse (out_why, "the request line does not end with a version"), GUICHE_GATE_MALFORMED;
  if (memcmp (version, "HTTP/1.1", 8) != 0 && memcmp (version, "HTTP/1.0", 8) != 0)
    return refuse (out_why, "only HTTP/1.1 and HTTP/1.0 are spoken"), GUICHE_GATE_UNSUPPORTED;

  head->is_http_1_0 = version[7] == '0';
  return GUICHE_GATE_COMPLETE;
}

static int
find_known (const char *name, gsize length)
{
  for (int i = 0; i < GUICHE_N_HEADERS; i++)
    if (known_headers[i].length == length &&
        g_ascii_strncasecmp (name, known_headers[i].name, length) == 0)
      return i;
  return -1;
}

static gboolean
is_all (const char *text, gsize length, guint8 class)
{
  guint8 common = class;

  for (gsize i = 0; i < length; i++)
    common &= classes[(guchar) text[i]];
  return common == class;
}

/* One header line in data[start, end). */
static gboolean
scan_header (GuicheHead *head,
             const char *data,
             gsize start,
             gsize end,
             guint32 *seen,
             const char **out_why)
{
  gsize at = start;
  while (at < end && is_in (data[at], IN_TOKEN))
    at++;
  if (at == start || at == end || data[at] != ':')
    return refuse (out_why, "a header line has no clean name");

  int known = find_known (data + start, at - start);
  for (at++; at < end && (data[at] == ' ' || data[at] == '\t'); at++)
    ;
  while (end > at && (data[end - 1] == ' ' || data[end - 1] == '\t'))
    end--;
  if (!is_all (data + at, end - at, IN_VALUE))
    return refuse (out_why, "a header value has control characters");
  if (known < 0)
    return TRUE;
  if ((*seen & single_headers & (1u << known)) != 0)
    return refuse (out_why, "a header that may come once came twice");

  *seen |= 1u << known;
  head->headers[known] = slice (at, end);
  return TRUE;
}

static GuicheGateResult
check_framing (GuicheHead *head, const char *data, guint32 seen, const char **out_why)
{
  GuicheSlice host = head->headers[GUICHE_HEADER_HOST];
  GuicheSlice length = head->headers[GUICHE_HEADER_CONTENT_LENGTH];
  GuicheSlice coding = head->headers[GUICHE_HEADER_TRANSFER_ENCODING];
  gboolean has_length = (seen & (1u << GUICHE_HEADER_CONTENT_LENGTH)) != 0;
  gboolean has_coding = (seen & (1u << GUICHE_HEADER_TRANSFER_ENCODING)) != 0;

  if (host.length == 0 ? !head->is_http_1_0
                       : host.length > 255 || !is_all (data + host.start, host.length, IN_HOST))
    return refuse (out_why, "Host is missing or malformed"), GUICHE_GATE_MALFORMED;
  if (has_length && has_coding)
    return refuse (out_why, "Content-Length and Transfer-Encoding together"), GUICHE_GATE_MALFORMED;

  head->content_length = -1;
  if (has_length) {
    gint64 value = 0;
    if (length.length == 0 || length.length > 15)
      return refuse (out_why, "Content-Length is not a length"), GUICHE_GATE_MALFORMED;
    for (gsize i = 0; i < length.length; i++) {
      if (!g_ascii_isdigit (data[length.start + i]))
        return refuse (out_why, "Content-Length is not a number"), GUICHE_GATE_MALFORMED;
      value = value * 10 + (data[length.start + i] - '0');
    }
    head->content_length = value;
  }
  if (!has_coding)
    return GUICHE_GATE_COMPLETE;
  if (head->is_http_1_0)
    return refuse (out_why, "Transfer-Encoding in HTTP/1.0"), GUICHE_GATE_MALFORMED;
  if (coding.length != 7 || g_ascii_strncasecmp (data + coding.start, "chunked", 7) != 0)
    return refuse (out_why, "only the chunked transfer coding is understood"),
           GUICHE_GATE_UNSUPPORTED;
  head->is_chunked = TRUE;
  return GUICHE_GATE_COMPLETE;
}

static GuicheGateResult
scan_lines (GuicheHead *head, const char *data, const char **out_why)
{
  guint32 seen = 0;
  guint n_headers = 0;
  gsize start = 0;

  /* head->length covers the empty line, so that every line in it ends with CR LF. */
  while (start < head->length - 2) {
    const char *lf = memchr (data + start, '\n', head->length - start);
    gsize end = lf - data;
    if (end == start || data[end - 1] != '\r' ||
        memchr (data + start, '\r', end - 1 - start) != NULL)
      return refuse (out_why, "a line does not end with CR LF"), GUICHE_GATE_MALFORMED;
    if (start == 0) {
      GuicheGateResult result = scan_request_line (head, data, end - 1, out_why);
      if (result != GUICHE_GATE_COMPLETE)
        return result;
    } else {
      if (++n_headers > GUICHE_GATE_MAX_HEADERS)
        return refuse (out_why, "too many headers"), GUICHE_GATE_TOO_LARGE;
      if (!scan_header (head, data, start, end - 1, &seen, out_why))
        return GUICHE_GATE_MALFORMED;
    }
    start = end + 1;
  }
  return check_framing (head, data, seen, out_why);
}

/* The first thing that ends a head for any reader: LF LF or LF CR LF. */
static gboolean
find_end (GuicheHead *head, const char *data, gsize length)
{
  gsize at = head->scanned > 3 ? head->scanned - 3 : 0;
  const char *lf;

  while ((lf = memchr (data + at, '\n', length - at)) != NULL) {
    at = lf - data + 1;
    if (at < length && data[at] == '\n')
      return head->length = at + 1, TRUE;
    if (at + 1 < length && data[at] == '\r' && data[at + 1] == '\n')
      return head->length = at + 2, TRUE;
  }
  head->scanned = length;
  return FALSE;
}

GuicheGateResult
guiche_gate_scan (GuicheHead *head, const char *data, gsize length, const char **out_why)
{
  const char *why = NULL;
  const char **reason = out_why != NULL ? out_why : &why;

  if (length > 0 && !g_ascii_isupper (data[0]))
    return refuse (reason, "this is not HTTP"), GUICHE_GATE_MALFORMED;
  if (!find_end (head, data, MIN (length, GUICHE_GATE_MAX_HEAD))) {
    if (length < GUICHE_GATE_MAX_HEAD)
      return GUICHE_GATE_MORE;
    return refuse (reason, "the headers are too large"), GUICHE_GATE_TOO_LARGE;
  }
  if (head->length < 4 || memcmp (data + head->length - 4, "\r\n\r\n", 4) != 0)
    return refuse (reason, "a line does not end with CR LF"), GUICHE_GATE_MALFORMED;
  return scan_lines (head, data, reason);
}

static void
append_header (GByteArray *out, const char *name, const char *data, GuicheSlice value)
{
  if (value.length == 0)
    return;
  g_byte_array_append (out, (const guint8 *) name, strlen (name));
  g_byte_array_append (out, (const guint8 *) data + value.start, value.length);
  g_byte_array_append (out, (const guint8 *) "\r\n", 2);
}

void
guiche_gate_forward (const GuicheHead *head, const char *data, gboolean has_body, GByteArray *out)
{
  /* In absolute form, so that libsoup needs no Host: each line of a head costs it a microsecond. */
  static const char line_1_1[] = " http://g/ HTTP/1.1\r\n";
  static const char line_1_0[] = " http://g/ HTTP/1.0\r\n";

  g_byte_array_append (out, (const guint8 *) data + head->method.start, head->method.length);
  g_byte_array_append (out, (const guint8 *) (head->is_http_1_0 ? line_1_0 : line_1_1),
                       sizeof line_1_1 - 1);
  append_header (out, "Connection: ", data, head->headers[GUICHE_HEADER_CONNECTION]);
  if (has_body)
    append_header (out, "Content-Length: ", data, head->headers[GUICHE_HEADER_CONTENT_LENGTH]);
  append_header (out, "Transfer-Encoding: ", data, head->headers[GUICHE_HEADER_TRANSFER_ENCODING]);
  if (has_body)
    append_header (out, "Expect: ", data, head->headers[GUICHE_HEADER_EXPECT]);
  append_header (out, "Upgrade: ", data, head->headers[GUICHE_HEADER_UPGRADE]);
  append_header (out, "Sec-WebSocket-Key: ", data, head->headers[GUICHE_HEADER_WEBSOCKET_KEY]);
  append_header (out, "Sec-WebSocket-Version: ", data,
                 head->headers[GUICHE_HEADER_WEBSOCKET_VERSION]);
  append_header (out, "Sec-WebSocket-Protocol: ", data,
                 head->headers[GUICHE_HEADER_WEBSOCKET_PROTOCOL]);
  g_byte_array_append (out, (const guint8 *) "\r\n", 2);
}

gboolean
guiche_gate_has_token (const char *value, gsize length, const char *token)
{
  gsize token_length = strlen (token);
  const char *end = value + length;

  while (value < end) {
    const char *comma = memchr (value, ',', end - value);
    const char *stop = comma != NULL ? comma : end;
    while (value < stop && (*value == ' ' || *value == '\t'))
      value++;
    while (stop > value && (stop[-1] == ' ' || stop[-1] == '\t'))
      stop--;
    if ((gsize) (stop - value) == token_length &&
        g_ascii_strncasecmp (value, token, token_length) == 0)
      return TRUE;
    if (comma == NULL)
      return FALSE;
    value = comma + 1;
  }
  return FALSE;
}
