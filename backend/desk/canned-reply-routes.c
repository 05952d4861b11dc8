/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/canned-reply.h"
#include "desk/routes.h"
#include "desk/schemas.h"

static const GuicheField list_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_canned_reply_schema },
  { NULL },
};
static const GuicheSchema list_schema = { "CannedReplyList", list_fields };

static const GuicheField create_fields[] = {
  { "shortcut", GUICHE_TYPE_STRING, TRUE, 1, 32, "a-z, 0-9, hyphen, underscore" },
  { "title", GUICHE_TYPE_STRING, TRUE, 1, 100 },
  { "body", GUICHE_TYPE_TEXT, TRUE, 1, 4000 },
  { NULL },
};
static const GuicheSchema create_schema = { "CannedReplyCreate", create_fields };

static const GuicheField update_fields[] = {
  { "shortcut", GUICHE_TYPE_STRING, FALSE, 1, 32 },
  { "title", GUICHE_TYPE_STRING, FALSE, 1, 100 },
  { "body", GUICHE_TYPE_TEXT, FALSE, 1, 4000 },
  { NULL },
};
static const GuicheSchema update_schema = { "CannedReplyUpdate", update_fields };

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GPtrArray) replies = guiche_canned_replies_list (tx, error);
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  if (replies == NULL)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < replies->len; i++)
    guiche_canned_reply_record_to_json (g_ptr_array_index (replies, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static gboolean
save (GuicheTx *tx,
      const GuicheRequest *request,
      const GuicheId *id,
      GuicheReply *reply,
      GError **error)
{
  JsonObject *body = guiche_request_body (request);
  g_auto (GuicheCannedReplyRecord) record = { 0 };
  const char *shortcut = NULL, *title = NULL, *text = NULL;

  if (!guiche_json_get_string (body, "shortcut", FALSE, &shortcut, error) ||
      !guiche_json_get_string (body, "title", FALSE, &title, error) ||
      !guiche_json_get_string (body, "body", FALSE, &text, error) ||
      !guiche_canned_reply_save (tx, id, shortcut, title, text, &record, error))
    return FALSE;
  guiche_canned_reply_record_to_json (&record, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
handle_create (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  guiche_reply_set_status (reply, 201);
  return save (tx, request, &GUICHE_ID_NONE, reply, error);
}

static gboolean
handle_update (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         save (tx, request, &id, reply, error);
}

static gboolean
handle_delete (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  if (!guiche_request_path_id (request, "id", &id, error) ||
      !guiche_canned_reply_delete (tx, &id, error))
    return FALSE;
  guiche_json_writer_begin_object (guiche_reply_json (reply));
  guiche_json_writer_end_object (guiche_reply_json (reply));
  return TRUE;
}

#define CHANGES GUICHE_ROLE_SUPERVISOR, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE, NULL

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/canned-replies", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, NULL,
    NULL, &list_schema, handle_list, "The prepared answers" },
  { "POST", "/api/v1/canned-replies", CHANGES, &create_schema, &guiche_canned_reply_schema,
    handle_create, "Add a prepared answer" },
  { "PATCH", "/api/v1/canned-replies/{id}", CHANGES, &update_schema, &guiche_canned_reply_schema,
    handle_update, "Change a prepared answer" },
  { "DELETE", "/api/v1/canned-replies/{id}", CHANGES, NULL, &guiche_empty_schema, handle_delete,
    "Remove a prepared answer" },
  { NULL },
};

const GuicheRoute *
guiche_canned_reply_routes (void)
{
  return routes;
}
