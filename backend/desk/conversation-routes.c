/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-action.h"
#include "desk/conversation-list.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "desk/routes.h"
#include "desk/schemas.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX 200

static const GuicheField list_query[] = {
  { "view", GUICHE_TYPE_STRING, FALSE, 0, 16, "all when absent", .choices = guiche_list_names },
  { "queue", GUICHE_TYPE_STRING, FALSE, 1, 64, "Only of this queue" },
  { "cursor", GUICHE_TYPE_STRING, FALSE, 1, 64, "The last page's next_cursor" },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, PAGE_MAX, "50 when absent" },
  { NULL },
};

static const GuicheField list_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_conversation_schema },
  { "next_cursor", GUICHE_TYPE_STRING, .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema list_schema = { "ConversationList", list_fields };

static const GuicheField assign_fields[] = {
  { "user_id", GUICHE_TYPE_ID, TRUE },
  { NULL },
};
static const GuicheSchema assign_schema = { "AssignRequest", assign_fields };

static const GuicheField transfer_fields[] = {
  { "queue", GUICHE_TYPE_STRING, TRUE, 1, 64, "A queue's key" },
  { "user_id", GUICHE_TYPE_ID, FALSE,
    .description = "To this colleague; else it waits in the queue", .is_nullable = TRUE },
  { "note", GUICHE_TYPE_TEXT, FALSE, 0, GUICHE_MESSAGE_CHARACTERS_MAX, "Left as a private note",
    .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema transfer_schema = { "TransferRequest", transfer_fields };

static const GuicheField close_fields[] = {
  { "reason", GUICHE_TYPE_STRING, TRUE, 1, 100 },
  { NULL },
};
static const GuicheSchema close_schema = { "CloseRequest", close_fields };

static const GuicheField snooze_fields[] = {
  { "until", GUICHE_TYPE_TIME, TRUE, .description = "In the future and within a year" },
  { NULL },
};
static const GuicheSchema snooze_schema = { "SnoozeRequest", snooze_fields };

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const char *view = guiche_request_query (request, "view");
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  g_autoptr (GPtrArray) conversations = NULL;
  g_autofree char *next_cursor = NULL;
  GuicheList list = GUICHE_LIST_ALL;

  if (view != NULL && !guiche_list_parse (view, &list))
    return guiche_desk_refuse_field (error, "view", "is not one of the known values");
  conversations = guiche_conversations_list (
      tx, list, guiche_request_query (request, "queue"), guiche_request_query (request, "cursor"),
      guiche_desk_page_limit (request, PAGE_DEFAULT, PAGE_MAX), &next_cursor, error);
  if (conversations == NULL)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < conversations->len; i++)
    if (!guiche_conversation_write_json (tx, g_ptr_array_index (conversations, i), writer, error))
      return FALSE;
  guiche_json_writer_end_array (writer);
  guiche_json_writer_member_string (writer, "next_cursor", next_cursor);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

/* Takes @conversation (nullable: failed) and answers with it. */
static gboolean
reply_conversation (GuicheTx *tx,
                    GuicheConversation *conversation,
                    GuicheReply *reply,
                    GError **error)
{
  g_autoptr (GuicheConversation) owned = conversation;

  return owned != NULL &&
         guiche_conversation_write_json (tx, owned, guiche_reply_json (reply), error);
}

static gboolean
handle_get (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         reply_conversation (tx, guiche_conversation_load_visible (tx, &id, error), reply, error);
}

static gboolean
handle_accept (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         reply_conversation (tx, guiche_conversation_accept (tx, &id, error), reply, error);
}

static gboolean
handle_assign (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id, user_id;

  return guiche_request_path_id (request, "id", &id, error) &&
         guiche_json_get_id (guiche_request_body (request), "user_id", TRUE, &user_id, error) &&
         reply_conversation (tx, guiche_conversation_assign (tx, &id, &user_id, error), reply,
                             error);
}

static gboolean
handle_transfer (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  JsonObject *body = guiche_request_body (request);
  const char *queue = NULL, *note = NULL;
  GuicheId user_id = GUICHE_ID_NONE;
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         guiche_json_get_string (body, "queue", TRUE, &queue, error) &&
         guiche_json_get_id (body, "user_id", FALSE, &user_id, error) &&
         guiche_json_get_string (body, "note", FALSE, &note, error) &&
         reply_conversation (tx,
                             guiche_conversation_transfer (tx, &id, queue, &user_id, note, error),
                             reply, error);
}

static gboolean
handle_close (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const char *reason = NULL;
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         guiche_json_get_string (guiche_request_body (request), "reason", TRUE, &reason, error) &&
         reply_conversation (tx, guiche_conversation_close (tx, &id, reason, error), reply, error);
}

static gboolean
handle_snooze (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  gint64 until = 0;
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         guiche_json_get_int (guiche_request_body (request), "until", TRUE, &until, error) &&
         reply_conversation (tx, guiche_conversation_snooze (tx, &id, until, error), reply, error);
}

static gboolean
handle_reopen (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         reply_conversation (tx, guiche_conversation_reopen (tx, &id, error), reply, error);
}

static gboolean
handle_pending (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         reply_conversation (tx, guiche_conversation_set_pending (tx, &id, error), reply, error);
}

#define READS GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ
#define ACTS GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE, NULL

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/conversations", READS, list_query, NULL, &list_schema, handle_list,
    "Conversations one may see, a page" },
  { "GET", "/api/v1/conversations/{id}", READS, NULL, NULL, &guiche_conversation_schema, handle_get,
    "One conversation" },
  { "POST", "/api/v1/conversations/{id}/accept", ACTS, &guiche_empty_schema,
    &guiche_conversation_schema, handle_accept, "Take a waiting conversation; only one can" },
  { "POST", "/api/v1/conversations/{id}/assign", ACTS, &assign_schema, &guiche_conversation_schema,
    handle_assign, "Give it to a colleague" },
  { "POST", "/api/v1/conversations/{id}/transfer", ACTS, &transfer_schema,
    &guiche_conversation_schema, handle_transfer, "Move it to a queue" },
  { "POST", "/api/v1/conversations/{id}/close", ACTS, &close_schema, &guiche_conversation_schema,
    handle_close, "Close it with a reason" },
  { "POST", "/api/v1/conversations/{id}/snooze", ACTS, &snooze_schema, &guiche_conversation_schema,
    handle_snooze, "Put it away until a time" },
  { "POST", "/api/v1/conversations/{id}/reopen", ACTS, &guiche_empty_schema,
    &guiche_conversation_schema, handle_reopen, "Open it again" },
  { "POST", "/api/v1/conversations/{id}/pending", ACTS, &guiche_empty_schema,
    &guiche_conversation_schema, handle_pending, "The customer must do something first" },
  { NULL },
};

const GuicheRoute *
guiche_conversation_routes (void)
{
  return routes;
}
