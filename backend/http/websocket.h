/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RFC 6455 framing as pure functions: bytes in, frames out. No socket, no clock, no
 * extension. The hub, the tests, the fuzzer and the load generator use the same ones.
 */
#define GUICHE_WEBSOCKET_MAX_FRAME (64 * 1024)
#define GUICHE_WEBSOCKET_MAX_MESSAGE (256 * 1024)
#define GUICHE_WEBSOCKET_MAX_FRAGMENTS 16
#define GUICHE_WEBSOCKET_MAX_CONTROL 125
#define GUICHE_WEBSOCKET_MAX_HEADER 14

typedef enum {
  GUICHE_WEBSOCKET_CONTINUATION = 0x0,
  GUICHE_WEBSOCKET_TEXT = 0x1,
  GUICHE_WEBSOCKET_BINARY = 0x2,
  GUICHE_WEBSOCKET_CLOSE = 0x8,
  GUICHE_WEBSOCKET_PING = 0x9,
  GUICHE_WEBSOCKET_PONG = 0xA
} GuicheWebsocketOpcode;

typedef enum {
  GUICHE_CLOSE_NORMAL = 1000,
  GUICHE_CLOSE_GOING_AWAY = 1001,
  GUICHE_CLOSE_PROTOCOL_ERROR = 1002,
  GUICHE_CLOSE_UNSUPPORTED = 1003,
  GUICHE_CLOSE_NO_STATUS = 1005, /* never on the wire */
  GUICHE_CLOSE_ABNORMAL = 1006,  /* never on the wire */
  GUICHE_CLOSE_INVALID_TEXT = 1007,
  GUICHE_CLOSE_POLICY = 1008,
  GUICHE_CLOSE_TOO_BIG = 1009,
  GUICHE_CLOSE_INTERNAL = 1011,
  GUICHE_CLOSE_SERVICE_RESTART = 1012,
  GUICHE_CLOSE_TRY_LATER = 1013,
  GUICHE_CLOSE_UNAUTHENTICATED = 4401,
  GUICHE_CLOSE_TOO_SLOW = 4408,
  GUICHE_CLOSE_SNAPSHOT_REQUIRED = 4409,
  GUICHE_CLOSE_TOO_MANY = 4429
} GuicheCloseCode;

/* Whether a peer may send this close code (RFC 6455, 7.4). */
gboolean guiche_close_code_is_valid (guint code);

/* Writes the header of an unmasked, unfragmented frame and returns its 2, 4 or 10 bytes. */
gsize guiche_websocket_write_header (guint8 out[GUICHE_WEBSOCKET_MAX_HEADER],
                                     GuicheWebsocketOpcode opcode,
                                     gsize length);
/* Writes a masked frame as clients send it; @out has @length + 14 bytes. Returns its size. */
gsize guiche_websocket_write_masked (guint8 *out,
                                     GuicheWebsocketOpcode opcode,
                                     gboolean is_final,
                                     guint32 mask,
                                     const void *payload,
                                     gsize length);
/* Writes a close frame; @reason (nullable) is cut to fit. Returns its size. */
gsize guiche_websocket_write_close (guint8 out[2 + GUICHE_WEBSOCKET_MAX_CONTROL],
                                    guint code,
                                    const char *reason);

/* XORs @length bytes with @mask, starting at byte @position of the payload. */
void guiche_websocket_unmask (guint8 *data, gsize length, const guint8 mask[4], gsize position);

/* Incremental UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). A state
 * starts at 0; 0 again: whole characters; GUICHE_UTF8_INVALID stays. */
#define GUICHE_UTF8_INVALID 12
guint32 guiche_utf8_advance (guint32 state, const guint8 *data, gsize length);

/**
 * GuicheWebsocketDecoder:
 *
 * Turns a byte stream into messages and control frames. A frame that lies whole in the
 * caller's buffer is unmasked there and never copied; only what is incomplete is kept.
 * Plain struct, all zero when idle but for @expect_mask.
 */
typedef struct {
  guint8 header[GUICHE_WEBSOCKET_MAX_HEADER];
  guint8 n_header;       /* bytes of the header received */
  guint8 n_fragments;    /* of the message in progress */
  guint8 message_opcode; /* text or binary while a message is in progress, else 0 */
  guint expect_mask : 1;
  guint in_payload : 1;
  guint has_failed : 1;
  guint is_message_done : 1; /* @message was handed out: dropped by the next call */
  guint32 utf8;
  guint32 length;      /* of the current frame's payload */
  guint32 position;    /* bytes of it received */
  guint8 *control;     /* (owned) (nullable): a control frame in parts */
  GByteArray *message; /* (owned) (nullable): a message in parts */
} GuicheWebsocketDecoder;

typedef enum {
  GUICHE_WEBSOCKET_ITEM_NONE,    /* everything was taken, nothing is complete */
  GUICHE_WEBSOCKET_ITEM_MESSAGE, /* @opcode tells text from binary */
  GUICHE_WEBSOCKET_ITEM_PING,
  GUICHE_WEBSOCKET_ITEM_PONG,
  GUICHE_WEBSOCKET_ITEM_CLOSE, /* @code: 1005 without one; @data: the reason */
  GUICHE_WEBSOCKET_ITEM_FAILED /* @code: what to close with; the decoder takes nothing more */
} GuicheWebsocketItemKind;

typedef struct {
  GuicheWebsocketItemKind kind;
  GuicheWebsocketOpcode opcode;
  guint code;
  const guint8 *data; /* (borrowed): until the next call */
  gsize length;
} GuicheWebsocketItem;

void guiche_websocket_decoder_init (GuicheWebsocketDecoder *self, gboolean expect_mask);
void guiche_websocket_decoder_clear (GuicheWebsocketDecoder *self);
/* Takes bytes from @cursor up to @end (they are unmasked in place) until something is complete. */
GuicheWebsocketItemKind guiche_websocket_decoder_next (GuicheWebsocketDecoder *self,
                                                       guint8 **cursor,
                                                       guint8 *end,
                                                       GuicheWebsocketItem *out_item);
/* Heap bytes held for what is incomplete. */
gsize guiche_websocket_decoder_held (const GuicheWebsocketDecoder *self);

G_END_DECLS
