/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/json-ids.h"
#include "desk/queue.h"
#include "desk/routes.h"
#include "desk/schemas.h"

static const GuicheField list_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_queue_schema },
  { NULL },
};
static const GuicheSchema list_schema = { "QueueList", list_fields };

static const GuicheField update_fields[] = {
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 60 },
  { "priority", GUICHE_TYPE_INTEGER, FALSE, 0, 9, "0 is the highest" },
  { "position", GUICHE_TYPE_INTEGER, FALSE, 0, 1000 },
  { "members", GUICHE_TYPE_ARRAY, FALSE, 0, 500, "The whole new list", .item = GUICHE_TYPE_ID },
  { NULL },
};
static const GuicheSchema update_schema = { "QueueUpdate", update_fields };

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GPtrArray) queues = guiche_queues_list (tx, error);
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  if (queues == NULL)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < queues->len; i++)
    guiche_queue_record_to_json (g_ptr_array_index (queues, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
handle_update (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  JsonObject *body = guiche_request_body (request);
  g_auto (GuicheQueueRecord) queue = { 0 };
  GuicheQueueChange change = { .priority = -1, .position = -1 };
  g_autofree GuicheId *members = NULL;

  if (!guiche_json_get_string (body, "name", FALSE, &change.name, error) ||
      !guiche_json_get_int (body, "priority", FALSE, &change.priority, error) ||
      !guiche_json_get_int (body, "position", FALSE, &change.position, error) ||
      !guiche_json_read_ids (body, "members", &members, &change.n_members, error))
    return FALSE;
  change.members = members;
  if (!guiche_queue_update (tx, guiche_request_path_param (request, "key"), &change, &queue, error))
    return FALSE;
  guiche_queue_record_to_json (&queue, guiche_reply_json (reply));
  return TRUE;
}

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/queues", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, NULL, NULL,
    &list_schema, handle_list, "The queues" },
  { "PATCH", "/api/v1/queues/{key}", GUICHE_ROLE_SUPERVISOR, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE,
    NULL, &update_schema, &guiche_queue_schema, handle_update, "Change a queue and who serves it" },
  { NULL },
};

const GuicheRoute *
guiche_queue_routes (void)
{
  return routes;
}
