/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/message-request.h"

#include "desk/emit.h"

static const char *const kinds[] = { "text", "file", "image", "voice", "note", NULL };

static const GuicheField attachment_fields[] = {
  { "file_id", GUICHE_TYPE_ID, TRUE, .description = "Of POST /api/v1/files" },
  { "name", GUICHE_TYPE_STRING, FALSE, 0, 255, .is_nullable = TRUE },
  { "duration_ms", GUICHE_TYPE_INTEGER, FALSE, 0, 3600000, .is_nullable = TRUE },
  { "waveform", GUICHE_TYPE_STRING, FALSE, 0, 256, "Up to 128 pairs of hex digits",
    .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema attachment_schema = { "AttachmentRequest", attachment_fields };

#define MESSAGE_FIELDS                                                                             \
  { "client_id", GUICHE_TYPE_ID, TRUE,                                                             \
    .description = "Made by the sender: a repeat is answered, not done again" },                   \
      { "body", GUICHE_TYPE_TEXT, TRUE, 0, GUICHE_MESSAGE_CHARACTERS_MAX },                        \
      { "kind",           GUICHE_TYPE_STRING, FALSE, 0, 16, "text when absent",                    \
        .choices = kinds, .is_nullable = TRUE },                                                   \
      { "attachments",                                                                             \
        GUICHE_TYPE_ARRAY,                                                                         \
        FALSE,                                                                                     \
        0,                                                                                         \
        GUICHE_MESSAGE_ATTACHMENTS_MAX,                                                            \
        .schema = &attachment_schema,                                                              \
        .is_nullable = TRUE },                                                                     \
  {                                                                                                \
    "quote", GUICHE_TYPE_ID, FALSE, .description = "The message answered", .is_nullable = TRUE     \
  }

static const GuicheField request_fields[] = {
  MESSAGE_FIELDS,
  { "send_at", GUICHE_TYPE_TIME, FALSE,
    .description = "Send later: plain text only; the reply is the "
                   "scheduled message",
    .is_nullable = TRUE },
  { NULL },
};
const GuicheSchema guiche_message_request_schema = { "MessageRequest", request_fields };

static const GuicheField send_fields[] = {
  { "op", GUICHE_TYPE_STRING, FALSE, 0, 32 },
  { "ref", GUICHE_TYPE_ANY, FALSE },
  { "conversation_id", GUICHE_TYPE_ID, FALSE, .description = "A visitor's is their own" },
  MESSAGE_FIELDS,
  { NULL },
};
const GuicheSchema guiche_message_send_schema = { "MessageSend", send_fields, TRUE };

static gboolean
read_attachment (JsonObject *object, GuicheAttachmentRecord *out, GError **error)
{
  const char *name = NULL, *waveform = NULL;

  *out = (GuicheAttachmentRecord){ 0 };
  if (!guiche_json_get_id (object, "file_id", TRUE, &out->file_id, error) ||
      !guiche_json_get_string (object, "name", FALSE, &name, error) ||
      !guiche_json_get_string (object, "waveform", FALSE, &waveform, error) ||
      !guiche_json_get_int (object, "duration_ms", FALSE, &out->duration_ms, error))
    return FALSE;
  out->name = (char *) name;
  out->waveform = (char *) waveform;
  return TRUE;
}

static gboolean
read_attachments (JsonObject *body,
                  GuicheMessageRequest *out,
                  GuicheAttachmentRecord *attachments,
                  GError **error)
{
  JsonArray *array = NULL;
  guint length;

  if (!guiche_json_get_array (body, "attachments", FALSE, &array, error))
    return FALSE;
  length = array == NULL ? 0 : json_array_get_length (array);
  if (length > GUICHE_MESSAGE_ATTACHMENTS_MAX)
    return guiche_desk_refuse_field (error, "attachments", "are more than ten");
  for (guint i = 0; i < length; i++)
    if (!read_attachment (json_array_get_object_element (array, i), &attachments[i], error))
      return FALSE;
  out->attachments = attachments;
  out->n_attachments = length;
  return TRUE;
}

gboolean
guiche_message_request_read (JsonObject *body,
                             GuicheMessageRequest *out,
                             GuicheAttachmentRecord *attachments,
                             GError **error)
{
  const char *kind = NULL;

  *out = (GuicheMessageRequest){ .kind = GUICHE_MESSAGE_TEXT };
  if (!guiche_json_get_id (body, "client_id", TRUE, &out->client_id, error) ||
      !guiche_json_get_string (body, "body", TRUE, &out->body, error) ||
      !guiche_json_get_string (body, "kind", FALSE, &kind, error) ||
      !guiche_json_get_id (body, "quote", FALSE, &out->quote_id, error) ||
      !read_attachments (body, out, attachments, error))
    return FALSE;
  return kind == NULL || guiche_message_kind_parse (kind, &out->kind) ||
         guiche_desk_refuse_field (error, "kind", "is not one of the known values");
}
