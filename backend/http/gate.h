/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The gate: reads the head of an HTTP/1.x request (RFC 9112) strictly, before libsoup sees
 * a byte of it. What two readers could understand differently is refused, not repaired:
 * bare CR or LF, folded or oddly spaced header lines, duplicate Host, Content-Length or
 * Transfer-Encoding, both framings at once, absolute-form targets. A pure function of its
 * input: fuzzed.
 */
#define GUICHE_GATE_MAX_HEAD (16 * 1024)
#define GUICHE_GATE_MAX_HEADERS 64
#define GUICHE_GATE_MAX_TARGET 4096

/* The headers that Guichê reads; all others are checked and dropped. */
typedef enum {
  GUICHE_HEADER_HOST,
  GUICHE_HEADER_AUTHORIZATION,
  GUICHE_HEADER_CONTENT_TYPE,
  GUICHE_HEADER_CONTENT_LENGTH,
  GUICHE_HEADER_TRANSFER_ENCODING,
  GUICHE_HEADER_CONTENT_ENCODING,
  GUICHE_HEADER_EXPECT,
  GUICHE_HEADER_CONNECTION,
  GUICHE_HEADER_UPGRADE,
  GUICHE_HEADER_ORIGIN,
  GUICHE_HEADER_RANGE,
  GUICHE_HEADER_IF_RANGE,
  GUICHE_HEADER_IF_NONE_MATCH,
  GUICHE_HEADER_USER_AGENT,
  GUICHE_HEADER_ACCEPT,
  GUICHE_HEADER_ACCEPT_LANGUAGE,
  GUICHE_HEADER_X_FORWARDED_FOR,
  GUICHE_HEADER_X_FORWARDED_PROTO,
  GUICHE_HEADER_CORS_METHOD,
  GUICHE_HEADER_CORS_HEADERS,
  GUICHE_HEADER_WEBSOCKET_KEY,
  GUICHE_HEADER_WEBSOCKET_VERSION,
  GUICHE_HEADER_WEBSOCKET_PROTOCOL,
  GUICHE_N_HEADERS
} GuicheHeader;

/* A piece of the head: position and length, absent when @length is 0. */
typedef struct {
  guint16 start;
  guint16 length;
} GuicheSlice;

typedef struct {
  gsize scanned; /* bytes already looked at while the head was incomplete */
  gsize length;  /* of the whole head, with the empty line */
  GuicheSlice method;
  GuicheSlice target; /* origin-form: `/path?query` */
  gboolean is_http_1_0;
  gint64 content_length; /* -1: none */
  gboolean is_chunked;
  GuicheSlice headers[GUICHE_N_HEADERS];
} GuicheHead;

typedef enum {
  GUICHE_GATE_MORE, /* not complete yet */
  GUICHE_GATE_COMPLETE,
  GUICHE_GATE_MALFORMED,  /* 400 */
  GUICHE_GATE_TOO_LARGE,  /* 431 */
  GUICHE_GATE_UNSUPPORTED /* 501: a transfer coding, 505: a version */
} GuicheGateResult;

/* Looks at the @length bytes received so far of one head. @head is zeroed before the first
 * call and kept between calls. @out_why (nullable) says in English what was refused. */
GuicheGateResult guiche_gate_scan (GuicheHead *head,
                                   const char *data,
                                   gsize length,
                                   const char **out_why);

/* Appends the head libsoup gets: the method, a fixed target (routing is done from @head), the
 * framing unless libsoup is to see @has_body as %FALSE, and what a WebSocket handshake needs. */
void guiche_gate_forward (const GuicheHead *head,
                          const char *data,
                          gboolean has_body,
                          GByteArray *out);

/* Case-insensitive: does the comma-separated @value contain @token? */
gboolean guiche_gate_has_token (const char *value, gsize length, const char *token);

G_END_DECLS
