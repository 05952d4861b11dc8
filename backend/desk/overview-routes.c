/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/customer.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "desk/routes.h"
#include "desk/schemas.h"
#include "desk/search.h"
#include "desk/snapshot.h"
#include "people/user-schema.h"

#define RESULTS_DEFAULT 20
#define RESULTS_MAX 50

static const GuicheField snapshot_fields[] = {
  { "seq", GUICHE_TYPE_INTEGER, TRUE, .description = "Events after it go on from here" },
  { "me", GUICHE_TYPE_OBJECT, TRUE, .schema = &guiche_user_schema },
  { "users", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_user_schema },
  { "queues", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_queue_schema },
  { "canned_replies", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_canned_reply_schema },
  { "conversations", GUICHE_TYPE_ARRAY, TRUE, .description = "All not closed that one may see",
    .schema = &guiche_conversation_schema },
  { "customers", GUICHE_TYPE_ARRAY, TRUE, .description = "Of those conversations",
    .schema = &guiche_customer_schema },
  { "messages", GUICHE_TYPE_ARRAY, TRUE, .description = "The last 30 of each",
    .schema = &guiche_message_schema },
  { "drafts", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_draft_schema },
  { "read_marks", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_read_mark_schema },
  { "scheduled_messages", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_scheduled_message_schema },
  { NULL },
};
static const GuicheSchema snapshot_schema = { "Snapshot", snapshot_fields };

static const GuicheField search_query[] = {
  { "q", GUICHE_TYPE_STRING, TRUE, 1, 100 },
  { "limit", GUICHE_TYPE_INTEGER, FALSE, 1, RESULTS_MAX, "20 of each when absent" },
  { NULL },
};

static const GuicheField search_fields[] = {
  { "people", GUICHE_TYPE_ARRAY, TRUE, .description = "Customers",
    .schema = &guiche_customer_schema },
  { "conversations", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_conversation_schema },
  { "messages", GUICHE_TYPE_ARRAY, TRUE, .description = "Of the recent past",
    .schema = &guiche_message_schema },
  { NULL },
};
static const GuicheSchema search_schema = { "SearchResults", search_fields };

static gboolean
handle_snapshot (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  return guiche_snapshot_write (tx, guiche_reply_json (reply), error);
}

static gboolean
write_results (GuicheTx *tx, const GuicheSearch *found, GuicheJsonWriter *writer, GError **error)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "people");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < found->customers->len; i++)
    guiche_customer_record_to_json (g_ptr_array_index (found->customers, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_name (writer, "conversations");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < found->conversations->len; i++)
    if (!guiche_conversation_write_json (tx, g_ptr_array_index (found->conversations, i), writer,
                                         error))
      return FALSE;
  guiche_json_writer_end_array (writer);
  guiche_json_writer_name (writer, "messages");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < found->messages->len; i++)
    guiche_message_record_to_json (g_ptr_array_index (found->messages, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
handle_search (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const char *query = guiche_request_query (request, "q");
  g_auto (GuicheSearch) found = { 0 };

  if (query == NULL)
    return guiche_desk_refuse_field (error, "q", "is missing");
  return guiche_search (tx, query, guiche_desk_page_limit (request, RESULTS_DEFAULT, RESULTS_MAX),
                        &found, error) &&
         write_results (tx, &found, guiche_reply_json (reply), error);
}

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/snapshot", GUICHE_ROLE_AGENT, GUICHE_RATE_HEAVY, GUICHE_ROUTE_READ, NULL, NULL,
    &snapshot_schema, handle_snapshot, "All that a desktop needs to begin" },
  { "GET", "/api/v1/search", GUICHE_ROLE_AGENT, GUICHE_RATE_HEAVY, GUICHE_ROUTE_READ, search_query,
    NULL, &search_schema, handle_search, "Customers, conversations and messages" },
  { NULL },
};

const GuicheRoute *
guiche_overview_routes (void)
{
  return routes;
}
