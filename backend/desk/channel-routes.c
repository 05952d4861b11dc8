/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/emit.h"
#include "desk/internal-channel.h"
#include "desk/json-ids.h"
#include "desk/routes.h"
#include "desk/schemas.h"

#define MEMBERS_MAX 500

static const GuicheField create_fields[] = {
  { "name", GUICHE_TYPE_STRING, TRUE, 1, 60 },
  { "members", GUICHE_TYPE_ARRAY, FALSE, 0, MEMBERS_MAX, "Beside oneself", .item = GUICHE_TYPE_ID },
  { NULL },
};
static const GuicheSchema create_schema = { "ChannelCreate", create_fields };

static const GuicheField members_fields[] = {
  { "members", GUICHE_TYPE_ARRAY, TRUE, 0, MEMBERS_MAX, .item = GUICHE_TYPE_ID },
  { NULL },
};
static const GuicheSchema members_schema = { "ChannelMembers", members_fields };

static const GuicheField direct_fields[] = {
  { "user_id", GUICHE_TYPE_ID, TRUE },
  { NULL },
};
static const GuicheSchema direct_schema = { "DirectRequest", direct_fields };

static const GuicheField summary_fields[] = {
  { "id", GUICHE_TYPE_ID, TRUE },
  { "title", GUICHE_TYPE_STRING, TRUE },
  { "n_members", GUICHE_TYPE_INTEGER, TRUE },
  { "is_member", GUICHE_TYPE_BOOLEAN, TRUE },
  { NULL },
};
static const GuicheSchema summary_schema = { "Channel", summary_fields, TRUE };

static const GuicheField list_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &summary_schema },
  { NULL },
};
static const GuicheSchema list_schema = { "ChannelList", list_fields };

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GPtrArray) channels = guiche_channels_list (tx, error);
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  if (channels == NULL)
    return FALSE;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < channels->len; i++) {
    const GuicheChannelSummary *channel = g_ptr_array_index (channels, i);

    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_id (writer, "id", &channel->id);
    guiche_json_writer_member_string (writer, "title", channel->title);
    guiche_json_writer_member_int (writer, "n_members", channel->n_members);
    guiche_json_writer_member_bool (writer, "is_member", channel->is_member);
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

/* Takes @conversation (nullable: failed) and answers with it. */
static gboolean
reply_channel (GuicheTx *tx, GuicheConversation *conversation, GuicheReply *reply, GError **error)
{
  g_autoptr (GuicheConversation) owned = conversation;

  return owned != NULL &&
         guiche_conversation_write_json (tx, owned, guiche_reply_json (reply), error);
}

static gboolean
handle_create (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  JsonObject *body = guiche_request_body (request);
  g_autofree GuicheId *members = NULL;
  gsize n_members = 0;
  const char *name = NULL;

  if (!guiche_json_get_string (body, "name", TRUE, &name, error) ||
      !guiche_json_read_ids (body, "members", &members, &n_members, error))
    return FALSE;
  guiche_reply_set_status (reply, 201);
  return reply_channel (tx, guiche_channel_create (tx, name, members, n_members, error), reply,
                        error);
}

static gboolean
handle_join (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         reply_channel (tx, guiche_channel_join (tx, &id, error), reply, error);
}

static gboolean
handle_leave (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         reply_channel (tx, guiche_channel_leave (tx, &id, error), reply, error);
}

static gboolean
handle_members (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autofree GuicheId *members = NULL;
  gsize n_members = 0;
  GuicheId id;

  return guiche_request_path_id (request, "id", &id, error) &&
         guiche_json_read_ids (guiche_request_body (request), "members", &members, &n_members,
                               error) &&
         reply_channel (tx, guiche_channel_add_members (tx, &id, members, n_members, error), reply,
                        error);
}

static gboolean
handle_direct (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  gboolean is_new = FALSE;
  GuicheConversation *conversation;
  GuicheId user_id;

  if (!guiche_json_get_id (guiche_request_body (request), "user_id", TRUE, &user_id, error))
    return FALSE;
  conversation = guiche_direct_open (tx, &user_id, &is_new, error);
  guiche_reply_set_status (reply, is_new ? 201 : 200);
  return reply_channel (tx, conversation, reply, error);
}

#define ACTS GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE, NULL

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/channels", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, NULL, NULL,
    &list_schema, handle_list, "The company's internal channels" },
  { "POST", "/api/v1/channels", ACTS, &create_schema, &guiche_conversation_schema, handle_create,
    "Make an internal channel" },
  { "POST", "/api/v1/channels/{id}/join", ACTS, &guiche_empty_schema, &guiche_conversation_schema,
    handle_join, "Join a channel" },
  { "POST", "/api/v1/channels/{id}/leave", ACTS, &guiche_empty_schema, &guiche_conversation_schema,
    handle_leave, "Leave a channel" },
  { "POST", "/api/v1/channels/{id}/members", ACTS, &members_schema, &guiche_conversation_schema,
    handle_members, "Add colleagues" },
  { "POST", "/api/v1/direct", ACTS, &direct_schema, &guiche_conversation_schema, handle_direct,
    "The direct conversation with a colleague" },
  { NULL },
};

const GuicheRoute *
guiche_channel_routes (void)
{
  return routes;
}
