/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/emit.h"
#include "desk/message-request.h"
#include "desk/message.h"
#include "desk/personal.h"
#include "desk/routes.h"
#include "desk/scheduled.h"
#include "desk/schemas.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX 200

static const GuicheField page_query[] = {
  { "before", GUICHE_TYPE_INTEGER, FALSE, 0, G_MAXINT32, "Only seqs below it" },
  { "after", GUICHE_TYPE_INTEGER, FALSE, 0, G_MAXINT32, "Only seqs above it" },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, PAGE_MAX, "50 when absent" },
  { NULL },
};

static const GuicheField page_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .description = "Ascending seq",
    .schema = &guiche_message_schema },
  { "has_more", GUICHE_TYPE_BOOLEAN, TRUE },
  { NULL },
};
static const GuicheSchema page_schema = { "MessagePage", page_fields };

static const GuicheField body_fields[] = {
  { "body", GUICHE_TYPE_TEXT, TRUE, 0, GUICHE_MESSAGE_CHARACTERS_MAX },
  { NULL },
};
static const GuicheSchema body_schema = { "MessageBody", body_fields };

static const GuicheField read_fields[] = {
  { "seq", GUICHE_TYPE_INTEGER, TRUE, 0, G_MAXINT32, "Everything up to it was read" },
  { NULL },
};
static const GuicheSchema read_schema = { "ReadRequest", read_fields };

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheMessagePage page = { .before = guiche_request_query_int (request, "before", 0),
                             .after = guiche_request_query_int (request, "after", 0),
                             .limit = guiche_desk_page_limit (request, PAGE_DEFAULT, PAGE_MAX),
                             .is_forward = guiche_request_query (request, "after") != NULL };
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  g_autoptr (GuicheConversation) conversation = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  gboolean has_more = FALSE;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error))
    return FALSE;
  conversation = guiche_conversation_load_visible (tx, &id, error);
  messages = conversation == NULL
                 ? NULL
                 : guiche_messages_read (tx, conversation, &page, &has_more, error);
  if (messages == NULL)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < messages->len; i++)
    guiche_message_record_to_json (g_ptr_array_index (messages, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_member_bool (writer, "has_more", has_more);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static void
reply_message (const GuicheMessageResult *result, GuicheReply *reply)
{
  guiche_reply_set_status (reply, result->is_repeat ? 200 : 201);
  guiche_json_writer_raw (guiche_reply_json (reply), result->json, (gssize) result->json_length);
}

static gboolean
schedule (GuicheTx *tx,
          const GuicheId *conversation_id,
          const GuicheMessageRequest *message,
          gint64 send_at,
          GuicheReply *reply,
          GError **error)
{
  g_auto (GuicheScheduledMessageRecord) scheduled = { 0 };
  GuicheMessageResult sent;
  gboolean is_new = FALSE;

  /* The request is repeated after its time has come: it is a message now. */
  if (guiche_message_find_repeat (tx, conversation_id, message, &sent)) {
    reply_message (&sent, reply);
    return TRUE;
  }
  if (!guiche_scheduled_create (tx, conversation_id, message, send_at, &scheduled, &is_new, error))
    return FALSE;
  guiche_reply_set_status (reply, is_new ? 201 : 200);
  guiche_scheduled_message_record_to_json (&scheduled, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_send (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheAttachmentRecord attachments[GUICHE_MESSAGE_ATTACHMENTS_MAX];
  JsonObject *body = guiche_request_body (request);
  GuicheMessageRequest message;
  GuicheMessageResult result;
  gint64 send_at = 0;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_message_request_read (body, &message, attachments, error) ||
      !guiche_json_get_int (body, "send_at", FALSE, &send_at, error))
    return FALSE;
  if (send_at != 0)
    return schedule (tx, &id, &message, send_at, reply, error);
  if (!guiche_message_send (tx, &id, &message, &result, error))
    return FALSE;
  reply_message (&result, reply);
  return TRUE;
}

static gboolean
handle_stream_send (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheAttachmentRecord attachments[GUICHE_MESSAGE_ATTACHMENTS_MAX];
  JsonObject *body = guiche_request_body (request);
  const GuicheActor *actor = guiche_tx_actor (tx);
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  GuicheMessageRequest message;
  GuicheMessageResult result;
  gint64 send_at = 0;
  GuicheId id = actor->viewer != NULL ? actor->viewer->conversation_id : GUICHE_ID_NONE;

  if (!guiche_json_get_id (body, "conversation_id", guiche_id_is_none (&id), &id, error) ||
      !guiche_message_request_read (body, &message, attachments, error) ||
      !guiche_json_get_int (body, "send_at", FALSE, &send_at, error))
    return FALSE;
  if (send_at != 0)
    return guiche_desk_refuse_field (error, "send_at", "goes by POST");
  if (!guiche_message_send (tx, &id, &message, &result, error))
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_raw (writer, "message", result.json, (gssize) result.json_length);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
read_place (const GuicheRequest *request,
            GuicheId *out_conversation,
            GuicheId *out_id,
            GError **error)
{
  return guiche_request_path_id (request, "id", out_conversation, error) &&
         guiche_request_path_id (request, "message_id", out_id, error);
}

static gboolean
handle_edit (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheMessageRecord) record = { 0 };
  const char *body = NULL;
  GuicheId conversation_id, id;

  if (!read_place (request, &conversation_id, &id, error) ||
      !guiche_json_get_string (guiche_request_body (request), "body", TRUE, &body, error) ||
      !guiche_message_edit (tx, &conversation_id, &id, body, &record, error))
    return FALSE;
  guiche_message_record_to_json (&record, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_delete (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheMessageRecord) record = { 0 };
  GuicheId conversation_id, id;

  if (!read_place (request, &conversation_id, &id, error) ||
      !guiche_message_delete (tx, &conversation_id, &id, &record, error))
    return FALSE;
  guiche_message_record_to_json (&record, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_read (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheReadMarkRecord mark = { 0 };
  gint64 seq = 0;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_json_get_int (guiche_request_body (request), "seq", TRUE, &seq, error) ||
      !guiche_read_mark_raise (tx, &id, seq, &mark, error))
    return FALSE;
  guiche_read_mark_record_to_json (&mark, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_draft (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheDraftRecord) draft = { 0 };
  const char *body = NULL;
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_json_get_string (guiche_request_body (request), "body", TRUE, &body, error) ||
      !guiche_draft_save (tx, &id, body, &draft, error))
    return FALSE;
  guiche_draft_record_to_json (&draft, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_cancel (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_scheduled_cancel (tx, &id, error))
    return FALSE;
  guiche_json_writer_begin_object (guiche_reply_json (reply));
  guiche_json_writer_end_object (guiche_reply_json (reply));
  return TRUE;
}

#define AGENT_WRITES GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/conversations/{id}/messages", GUICHE_ROLE_AGENT, GUICHE_RATE_READ,
    GUICHE_ROUTE_READ, page_query, NULL, &page_schema, handle_list, "Messages, a page" },
  { "POST", "/api/v1/conversations/{id}/messages", AGENT_WRITES, NULL,
    &guiche_message_request_schema, &guiche_message_schema, handle_send,
    "Send a message: 201, or 200 and the same message for a repeated client_id" },
  { "PATCH", "/api/v1/conversations/{id}/messages/{message_id}", AGENT_WRITES, NULL, &body_schema,
    &guiche_message_schema, handle_edit, "Edit an own message" },
  { "DELETE", "/api/v1/conversations/{id}/messages/{message_id}", AGENT_WRITES, NULL, NULL,
    &guiche_message_schema, handle_delete, "Delete an own message (supervisors: any)" },
  { "POST", "/api/v1/conversations/{id}/read", AGENT_WRITES, NULL, &read_schema,
    &guiche_read_mark_schema, handle_read, "Mark as read" },
  { "PUT", "/api/v1/conversations/{id}/draft", AGENT_WRITES, NULL, &body_schema,
    &guiche_draft_schema, handle_draft, "Save the own draft; an empty body deletes it" },
  { "DELETE", "/api/v1/scheduled/{id}", AGENT_WRITES, NULL, NULL, &guiche_empty_schema,
    handle_cancel, "Cancel an own message to be sent later" },
  { NULL },
};

const GuicheRoute *
guiche_message_routes (void)
{
  return routes;
}

const GuicheStreamOp *
guiche_desk_stream_ops (void)
{
  static const GuicheStreamOp ops[] = {
    { "message.send", GUICHE_ROLE_VISITOR, GUICHE_RATE_WRITE, &guiche_message_send_schema,
      handle_stream_send, "Send a message; the acknowledgement has `message`" },
    { NULL },
  };

  return ops;
}
