/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "channels/rendition.h"
#include "channels/routes.h"
#include "channels/visit.h"
#include "channels/webchat-message.h"
#include "desk/queue.h"

static const GuicheField queue_fields[] = {
  { "key", GUICHE_TYPE_STRING, TRUE },
  { "name", GUICHE_TYPE_STRING, TRUE },
  { NULL },
};
static const GuicheSchema queue_schema = { "VisitSubject", queue_fields };

static const GuicheField company_fields[] = {
  { "tenant", GUICHE_TYPE_STRING, TRUE },
  { "name", GUICHE_TYPE_STRING, TRUE },
  { "queues", GUICHE_TYPE_ARRAY, TRUE, .schema = &queue_schema },
  { NULL },
};
static const GuicheSchema company_schema = { "VisitCompany", company_fields };

static const GuicheField visitor_fields[] = {
  { "name", GUICHE_TYPE_STRING, TRUE, 1, 100, "What to call the customer" },
  { "phone", GUICHE_TYPE_STRING, FALSE, 0, 32, .is_nullable = TRUE },
  { "email", GUICHE_TYPE_STRING, FALSE, 0, 254, .is_nullable = TRUE },
  { "subject", GUICHE_TYPE_STRING, TRUE, 1, 64, "A queue's key" },
  { "client_id", GUICHE_TYPE_ID, FALSE,
    .description = "Made by the page: a repeat gives 200 and the same visit", .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema visitor_schema = { "Visitor", visitor_fields };

static const GuicheField opened_fields[] = {
  { "token", GUICHE_TYPE_STRING, TRUE,
    .description = "Good for 30 days, for this conversation only" },
  { "visitor_id", GUICHE_TYPE_ID, TRUE },
  { "conversation_id", GUICHE_TYPE_ID, TRUE },
  { NULL },
};
static const GuicheSchema opened_schema = { "Visit", opened_fields };

static const GuicheField state_fields[] = {
  { "conversation", GUICHE_TYPE_OBJECT, TRUE },
  { "position", GUICHE_TYPE_INTEGER, .description = "1 is next", .is_nullable = TRUE },
  { "agent", GUICHE_TYPE_OBJECT, .is_nullable = TRUE },
  { "messages", GUICHE_TYPE_ARRAY, TRUE, .item = GUICHE_TYPE_ANY },
  { "has_more", GUICHE_TYPE_BOOLEAN, TRUE, .description = "There are older messages" },
  { "seq", GUICHE_TYPE_INTEGER, TRUE, .description = "Where the stream goes on" },
  { NULL },
};
static const GuicheSchema state_schema = { "VisitState", state_fields, TRUE };

static const GuicheField read_fields[] = {
  { "seq", GUICHE_TYPE_INTEGER, TRUE, 0, G_MAXINT32 },
  { NULL },
};
static const GuicheSchema read_schema = { "VisitRead", read_fields };

static const GuicheField nothing_fields[] = { { NULL } };
static const GuicheSchema nothing_schema = { "Nothing", nothing_fields };

/* An opening on its way through the write queue; strings are borrowed from the request. */
typedef struct {
  GuicheVisitRequest request;
  GuicheVisit visit;
} Opening;

static GuicheTenant *
find_tenant (const GuicheRequest *request, GError **error)
{
  const char *key = guiche_request_path_param (request, "tenant");
  GuicheTenant *tenant = guiche_store_find_tenant (guiche_request_store (request), key);

  if (tenant == NULL)
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such company");
  return tenant;
}

/* (thread reader) */
static gboolean
run_list_queues (GuicheTx *tx, gpointer data, GError **error)
{
  GPtrArray **out_queues = data;

  g_clear_pointer (out_queues, g_ptr_array_unref);
  *out_queues = guiche_queues_list (tx, error);
  return *out_queues != NULL;
}

/* (thread worker) */
static gboolean
handle_company (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheTenant *tenant = find_tenant (request, error);
  g_autoptr (GPtrArray) queues = NULL;
  GuicheJsonWriter *writer;

  if (tenant == NULL || !guiche_tenant_read_sync (tenant, guiche_request_actor (request),
                                                  run_list_queues, &queues, error))
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "tenant", guiche_tenant_key (tenant));
  guiche_json_writer_member_string (writer, "name", guiche_tenant_name (tenant));
  guiche_json_writer_name (writer, "queues");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < queues->len; i++) {
    const GuicheQueueRecord *queue = g_ptr_array_index (queues, i);

    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_string (writer, "key", queue->key);
    guiche_json_writer_member_string (writer, "name", queue->name);
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

/* (thread writer) */
static gboolean
run_open (GuicheTx *tx, gpointer data, GError **error)
{
  Opening *opening = data;

  return guiche_visit_open (tx, &opening->request, &opening->visit, error);
}

static void
reply_opened (const GuicheRequest *request,
              GuicheTenant *tenant,
              const Opening *opening,
              GuicheReply *reply)
{
  GuicheChannelsContext *context = guiche_request_context (request);
  gint64 now = guiche_clock_now_us (guiche_store_clock (guiche_request_store (request)));
  GuicheTokenClaims claims = {
    .tenant = guiche_tenant_key (tenant),
    .role = GUICHE_ROLE_VISITOR,
    .subject = opening->visit.customer_id,
    .conversation_id = opening->visit.conversation_id,
    .expires_at_us = now + GUICHE_VISIT_TOKEN_US,
  };
  g_autofree char *token = guiche_server_sign_token (context->server, &claims);
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  guiche_reply_set_status (reply, opening->visit.is_repeat ? 200 : 201);
  guiche_reply_set_header (reply, "Cache-Control", "no-store");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "token", token);
  guiche_json_writer_member_id (writer, "visitor_id", &opening->visit.customer_id);
  guiche_json_writer_member_id (writer, "conversation_id", &opening->visit.conversation_id);
  guiche_json_writer_end_object (writer);
}

/* (thread worker) */
static gboolean
handle_open (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheTenant *tenant = find_tenant (request, error);
  JsonObject *body = guiche_request_body (request);
  Opening opening = { 0 };

  if (tenant == NULL ||
      !guiche_json_get_id (body, "client_id", FALSE, &opening.request.client_id, error) ||
      !guiche_json_get_string (body, "name", TRUE, &opening.request.name, error) ||
      !guiche_json_get_string (body, "phone", FALSE, &opening.request.phone, error) ||
      !guiche_json_get_string (body, "email", FALSE, &opening.request.email, error) ||
      !guiche_json_get_string (body, "subject", TRUE, &opening.request.subject, error) ||
      !guiche_tenant_write_sync (tenant, guiche_request_actor (request), run_open, &opening, error))
    return FALSE;
  reply_opened (request, tenant, &opening, reply);
  return TRUE;
}

/* The one conversation of the visitor. (transfer full) */
static GuicheConversation *
load_own (GuicheTx *tx, GError **error)
{
  return guiche_conversation_load (tx, &guiche_tx_actor (tx)->viewer->conversation_id, error);
}

static gboolean
handle_state (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GuicheConversation) conversation = load_own (tx, error);

  return conversation != NULL &&
         guiche_visit_write_json (tx, conversation, guiche_reply_json (reply), error);
}

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GuicheConversation) conversation = load_own (tx, error);
  GuicheMessagePage page = {
    .before = guiche_request_query_int (request, "before", 0),
    .after = guiche_request_query_int (request, "after", 0),
    .limit = (gsize) guiche_request_query_int (request, "limit", 50),
    .is_public = TRUE,
    .is_forward = guiche_request_query (request, "after") != NULL,
  };
  g_autoptr (GPtrArray) messages = NULL;
  GuicheJsonWriter *writer;
  gboolean has_more;

  if (conversation == NULL)
    return FALSE;
  messages = guiche_messages_read (tx, conversation, &page, &has_more, error);
  if (messages == NULL)
    return FALSE;
  writer = guiche_reply_json (reply);
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

static gboolean
handle_send (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheMessageResult result;

  if (!guiche_webchat_message_send (tx, guiche_request_body (request), &result, error))
    return FALSE;
  guiche_reply_set_status (reply, result.is_repeat ? 200 : 201);
  guiche_json_writer_raw (guiche_reply_json (reply), result.json, (gssize) result.json_length);
  return TRUE;
}

static gboolean
handle_read (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GuicheConversation) conversation = load_own (tx, error);
  GuicheJsonWriter *writer;
  gint64 seq = 0;

  if (conversation == NULL ||
      !guiche_json_get_int (guiche_request_body (request), "seq", TRUE, &seq, error))
    return FALSE;
  seq = MIN (seq, conversation->record.last_seq);
  if (!guiche_conversation_raise_delivery (tx, conversation, GUICHE_SENDER_CUSTOMER,
                                           GUICHE_DELIVERY_READ, seq, error))
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static const GuicheField page_query[] = {
  { "before", GUICHE_TYPE_INTEGER, FALSE, 0, G_MAXINT32, "Only messages before this seq" },
  { "after", GUICHE_TYPE_INTEGER, FALSE, 0, G_MAXINT32, "Only messages after this seq" },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, 200, "At most this many" },
  { NULL },
};

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/webchat/conversation", GUICHE_ROLE_VISITOR, GUICHE_RATE_READ, GUICHE_ROUTE_READ,
    NULL, NULL, &state_schema, handle_state, "The visitor's conversation as it stands" },
  { "GET", "/api/v1/webchat/messages", GUICHE_ROLE_VISITOR, GUICHE_RATE_READ, GUICHE_ROUTE_READ,
    page_query, NULL, &guiche_webchat_messages_schema, handle_list,
    "Messages of the visitor's conversation" },
  { "POST", "/api/v1/webchat/messages", GUICHE_ROLE_VISITOR, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE,
    NULL, &guiche_webchat_message_request_schema, &guiche_webchat_message_schema, handle_send,
    "Write as the visitor; a repeated client_id gives 200 and the same message" },
  { "POST", "/api/v1/webchat/read", GUICHE_ROLE_VISITOR, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE,
    NULL, &read_schema, &nothing_schema, handle_read, "The visitor has read up to a seq" },
  { "GET", "/api/v1/webchat/{tenant}", GUICHE_ROLE_NONE, GUICHE_RATE_READ, GUICHE_ROUTE_WORKER,
    NULL, NULL, &company_schema, handle_company, "A company and its subjects" },
  { "POST", "/api/v1/webchat/{tenant}/visitors", GUICHE_ROLE_NONE, GUICHE_RATE_VISITOR,
    GUICHE_ROUTE_WORKER, NULL, &visitor_schema, &opened_schema, handle_open, "Begin a visit" },
  { NULL },
};

const GuicheRoute *
guiche_webchat_routes (void)
{
  return routes;
}
