/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/webchat-message.h"

#include "desk/message-request.h"

static const char *const kind_names[] = { "text", "file", "image", "voice", NULL };

static const GuicheField attachment_fields[] = {
  { "file_id", GUICHE_TYPE_ID, TRUE },
  { "name", GUICHE_TYPE_STRING, FALSE, 0, 255, .is_nullable = TRUE },
  { "duration_ms", GUICHE_TYPE_INTEGER, FALSE, 0, 24 * 3600 * 1000, .is_nullable = TRUE },
  { "waveform", GUICHE_TYPE_STRING, FALSE, 0, 256, "Hex digit pairs", .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema attachment_schema = { "VisitAttachment", attachment_fields };

static const GuicheField request_fields[] = {
  { "client_id", GUICHE_TYPE_ID, TRUE,
    .description = "Made by the page: a repeat is answered, not done again" },
  { "body", GUICHE_TYPE_TEXT, TRUE, 0, GUICHE_MESSAGE_CHARACTERS_MAX },
  { "kind", GUICHE_TYPE_STRING, FALSE, 0, 16, .choices = kind_names },
  { "attachments", GUICHE_TYPE_ARRAY, FALSE, 0, GUICHE_MESSAGE_ATTACHMENTS_MAX,
    .schema = &attachment_schema },
  { "quote", GUICHE_TYPE_ID, FALSE, .description = "The message answered", .is_nullable = TRUE },
  { NULL },
};
const GuicheSchema guiche_webchat_message_request_schema = { "VisitMessageRequest",
                                                             request_fields };

static const GuicheField message_fields[] = {
  { "id", GUICHE_TYPE_ID, TRUE },
  { "seq", GUICHE_TYPE_INTEGER, TRUE },
  { "client_id", GUICHE_TYPE_ID, .is_nullable = TRUE },
  { "conversation_id", GUICHE_TYPE_ID, TRUE },
  { "kind", GUICHE_TYPE_STRING, TRUE },
  { "body", GUICHE_TYPE_TEXT, TRUE },
  { "at", GUICHE_TYPE_TIME, TRUE },
  { "state", GUICHE_TYPE_INTEGER, TRUE },
  { NULL },
};
const GuicheSchema guiche_webchat_message_schema = { "VisitMessage", message_fields, TRUE };

static const GuicheField messages_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_webchat_message_schema },
  { "has_more", GUICHE_TYPE_BOOLEAN, TRUE },
  { NULL },
};
const GuicheSchema guiche_webchat_messages_schema = { "VisitMessageList", messages_fields };

gboolean
guiche_webchat_message_send (GuicheTx *tx,
                             JsonObject *body,
                             GuicheMessageResult *out,
                             GError **error)
{
  GuicheAttachmentRecord attachments[GUICHE_MESSAGE_ATTACHMENTS_MAX] = { 0 };
  GuicheMessageRequest request;

  return guiche_message_request_read (body, &request, attachments, error) &&
         guiche_message_send (tx, &guiche_tx_actor (tx)->viewer->conversation_id, &request, out,
                              error);
}
