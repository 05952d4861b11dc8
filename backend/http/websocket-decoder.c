/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/websocket.h"

#include <string.h>

#define IS_CONTROL(opcode) (((opcode) &0x8) != 0)

void
guiche_websocket_decoder_init (GuicheWebsocketDecoder *self, gboolean expect_mask)
{
  memset (self, 0, sizeof *self);
  self->expect_mask = expect_mask != FALSE;
}

void
guiche_websocket_decoder_clear (GuicheWebsocketDecoder *self)
{
  g_clear_pointer (&self->control, g_free);
  g_clear_pointer (&self->message, g_byte_array_unref);
}

gsize
guiche_websocket_decoder_held (const GuicheWebsocketDecoder *self)
{
  return (self->control != NULL ? GUICHE_WEBSOCKET_MAX_CONTROL : 0) +
         (self->message != NULL ? self->message->len : 0);
}

static GuicheWebsocketItemKind
fail (GuicheWebsocketDecoder *self, GuicheWebsocketItem *item, guint code)
{
  guiche_websocket_decoder_clear (self);
  self->has_failed = TRUE;
  item->kind = GUICHE_WEBSOCKET_ITEM_FAILED;
  item->code = code;
  item->data = NULL;
  item->length = 0;
  return item->kind;
}

static gsize
header_size (const GuicheWebsocketDecoder *self)
{
  guint8 length = self->header[1] & 0x7f;
  gsize size = 2;

  if (length == 126)
    size += 2;
  else if (length == 127)
    size += 8;
  return size + ((self->header[1] & 0x80) != 0 ? 4 : 0);
}

/* What the first two bytes already tell. Returns a close code, or 0. */
static guint
check_start (const GuicheWebsocketDecoder *self)
{
  guint8 opcode = self->header[0] & 0x0f;
  gboolean is_final = (self->header[0] & 0x80) != 0;
  gboolean is_masked = (self->header[1] & 0x80) != 0;

  if ((self->header[0] & 0x70) != 0 || is_masked != self->expect_mask)
    return GUICHE_CLOSE_PROTOCOL_ERROR;
  if (IS_CONTROL (opcode)) {
    if (opcode > GUICHE_WEBSOCKET_PONG || !is_final ||
        (self->header[1] & 0x7f) > GUICHE_WEBSOCKET_MAX_CONTROL)
      return GUICHE_CLOSE_PROTOCOL_ERROR;
    return 0;
  }
  if (opcode > GUICHE_WEBSOCKET_BINARY)
    return GUICHE_CLOSE_PROTOCOL_ERROR;
  /* A continuation continues something; anything else starts where nothing is open. */
  if ((opcode == GUICHE_WEBSOCKET_CONTINUATION) != (self->message_opcode != 0))
    return GUICHE_CLOSE_PROTOCOL_ERROR;
  return 0;
}

/* Reads the whole header. Returns a close code, or 0. */
static guint
finish_header (GuicheWebsocketDecoder *self)
{
  guint8 opcode = self->header[0] & 0x0f;
  guint64 length = self->header[1] & 0x7f;
  gsize n_extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  gsize held = self->message != NULL ? self->message->len : 0;

  if (n_extended > 0) {
    guint64 smallest = length == 126 ? 126 : G_MAXUINT16 + 1;

    length = 0;
    for (gsize i = 0; i < n_extended; i++)
      length = length << 8 | self->header[2 + i];
    if (length < smallest || length > G_MAXINT64)
      return GUICHE_CLOSE_PROTOCOL_ERROR;
  }
  if (length > GUICHE_WEBSOCKET_MAX_FRAME)
    return GUICHE_CLOSE_TOO_BIG;
  if (!IS_CONTROL (opcode)) {
    if (held + length > GUICHE_WEBSOCKET_MAX_MESSAGE ||
        self->n_fragments >= GUICHE_WEBSOCKET_MAX_FRAGMENTS)
      return GUICHE_CLOSE_TOO_BIG;
    self->n_fragments++;
    if (opcode != GUICHE_WEBSOCKET_CONTINUATION)
      self->message_opcode = opcode;
  }
  self->length = (guint32) length;
  self->position = 0;
  self->in_payload = TRUE;
  return 0;
}

/* Returns a close code, or 0; @in_payload is set once the header is whole. */
static guint
take_header (GuicheWebsocketDecoder *self, guint8 **cursor, guint8 *end)
{
  guint code;

  while (self->n_header < 2) {
    if (*cursor == end)
      return 0;
    self->header[self->n_header++] = *(*cursor)++;
    if (self->n_header == 2 && (code = check_start (self)) != 0)
      return code;
  }
  while (self->n_header < header_size (self)) {
    if (*cursor == end)
      return 0;
    self->header[self->n_header++] = *(*cursor)++;
  }
  return finish_header (self);
}

static GuicheWebsocketItemKind
deliver_close (GuicheWebsocketDecoder *self,
               GuicheWebsocketItem *item,
               const guint8 *payload,
               gsize length)
{
  if (length == 1)
    return fail (self, item, GUICHE_CLOSE_PROTOCOL_ERROR);
  item->kind = GUICHE_WEBSOCKET_ITEM_CLOSE;
  item->code = GUICHE_CLOSE_NO_STATUS;
  item->data = payload;
  item->length = 0;
  if (length == 0)
    return item->kind;
  item->code = (guint) payload[0] << 8 | payload[1];
  item->data = payload + 2;
  item->length = length - 2;
  if (!guiche_close_code_is_valid (item->code))
    return fail (self, item, GUICHE_CLOSE_PROTOCOL_ERROR);
  if (guiche_utf8_advance (0, item->data, item->length) != 0)
    return fail (self, item, GUICHE_CLOSE_INVALID_TEXT);
  return item->kind;
}

static GuicheWebsocketItemKind
take_control (GuicheWebsocketDecoder *self,
              GuicheWebsocketItem *item,
              const guint8 *data,
              gsize length)
{
  const guint8 *payload = data;

  if (self->position != 0 || length < self->length) {
    if (self->control == NULL)
      self->control = g_malloc (GUICHE_WEBSOCKET_MAX_CONTROL);
    if (length > 0)
      memcpy (self->control + self->position, data, length);
    payload = self->control;
  }
  self->position += (guint32) length;
  if (self->position < self->length)
    return GUICHE_WEBSOCKET_ITEM_NONE;

  item->opcode = self->header[0] & 0x0f;
  self->n_header = 0;
  self->in_payload = FALSE;
  if (item->opcode == GUICHE_WEBSOCKET_CLOSE)
    return deliver_close (self, item, payload, self->length);
  item->kind = item->opcode == GUICHE_WEBSOCKET_PING ? GUICHE_WEBSOCKET_ITEM_PING
                                                     : GUICHE_WEBSOCKET_ITEM_PONG;
  item->data = payload;
  item->length = self->length;
  return item->kind;
}

static GuicheWebsocketItemKind
deliver_message (GuicheWebsocketDecoder *self,
                 GuicheWebsocketItem *item,
                 const guint8 *data,
                 gsize length)
{
  if (self->message_opcode == GUICHE_WEBSOCKET_TEXT && self->utf8 != 0)
    return fail (self, item, GUICHE_CLOSE_INVALID_TEXT);
  item->kind = GUICHE_WEBSOCKET_ITEM_MESSAGE;
  item->opcode = self->message_opcode;
  item->data = data;
  item->length = length;
  self->message_opcode = 0;
  self->n_fragments = 0;
  self->utf8 = 0;
  self->is_message_done = self->message != NULL;
  return item->kind;
}

static GuicheWebsocketItemKind
take_data (GuicheWebsocketDecoder *self,
           GuicheWebsocketItem *item,
           const guint8 *data,
           gsize length)
{
  gboolean is_final = (self->header[0] & 0x80) != 0;
  gboolean is_whole = self->message == NULL && length == self->length;

  if (self->message_opcode == GUICHE_WEBSOCKET_TEXT) {
    self->utf8 = guiche_utf8_advance (self->utf8, data, length);
    if (self->utf8 == GUICHE_UTF8_INVALID)
      return fail (self, item, GUICHE_CLOSE_INVALID_TEXT);
  }
  self->position += (guint32) length;
  if (!(is_whole && is_final)) {
    if (self->message == NULL)
      self->message = g_byte_array_new ();
    g_byte_array_append (self->message, data, (guint) length);
  }
  if (self->position < self->length)
    return GUICHE_WEBSOCKET_ITEM_NONE;

  self->n_header = 0;
  self->in_payload = FALSE;
  if (!is_final)
    return GUICHE_WEBSOCKET_ITEM_NONE;
  if (self->message == NULL)
    return deliver_message (self, item, data, length);
  return deliver_message (self, item, self->message->data, self->message->len);
}

/* Takes what there is of the current frame's payload. */
static GuicheWebsocketItemKind
take_payload (GuicheWebsocketDecoder *self, guint8 **cursor, guint8 *end, GuicheWebsocketItem *item)
{
  guint8 *data = *cursor;
  gsize length = MIN ((gsize) (end - data), self->length - self->position);

  if (self->expect_mask)
    guiche_websocket_unmask (data, length, self->header + header_size (self) - 4, self->position);
  *cursor += length;
  if (IS_CONTROL (self->header[0] & 0x0f))
    return take_control (self, item, data, length);
  return take_data (self, item, data, length);
}

GuicheWebsocketItemKind
guiche_websocket_decoder_next (GuicheWebsocketDecoder *self,
                               guint8 **cursor,
                               guint8 *end,
                               GuicheWebsocketItem *out_item)
{
  memset (out_item, 0, sizeof *out_item);
  if (self->is_message_done) {
    g_clear_pointer (&self->message, g_byte_array_unref);
    self->is_message_done = FALSE;
  }
  if (!self->in_payload || self->position == 0)
    g_clear_pointer (&self->control, g_free);
  while (!self->has_failed) {
    if (!self->in_payload) {
      guint code = take_header (self, cursor, end);

      if (code != 0)
        return fail (self, out_item, code);
      if (!self->in_payload)
        return GUICHE_WEBSOCKET_ITEM_NONE;
    }
    if (*cursor == end && self->position < self->length)
      return GUICHE_WEBSOCKET_ITEM_NONE;
    if (take_payload (self, cursor, end, out_item) != GUICHE_WEBSOCKET_ITEM_NONE)
      return out_item->kind;
  }
  *cursor = end;
  return GUICHE_WEBSOCKET_ITEM_NONE;
}
