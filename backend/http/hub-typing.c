/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

/* That somebody types. */

void
guiche_hub_send_typing (GuicheHubTenant *tenant,
                        const GuicheHubTyping *typing,
                        GuicheStream *except)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  char conversation[GUICHE_ID_STRING_LENGTH + 1];
  g_autofree char *with_visitor = NULL;

  guiche_id_to_string (&typing->conversation_id, conversation);
  with_visitor = g_strconcat (typing->audience, " v:", conversation, NULL);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "typing");
  guiche_json_writer_member_string (writer, "conversation_id", conversation);
  guiche_json_writer_name (writer, "user");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "kind", typing->kind);
  guiche_json_writer_member_id (writer, "id", &typing->subject);
  guiche_json_writer_member_string (writer, "name", typing->name);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_member_bool (writer, "is_typing", typing->is_typing);
  guiche_json_writer_end_object (writer);
  guiche_hub_broadcast_except (tenant, with_visitor, guiche_json_writer_peek (writer, NULL),
                               except);
}

static void
tell_typing (GuicheStream *stream, const GuicheId *id, const char *audience, gboolean is_typing)
{
  gboolean is_visitor = stream->group->viewer->role == GUICHE_ROLE_VISITOR;
  const GuicheHubTyping typing = { .conversation_id = *id,
                                   .audience = audience,
                                   .kind = is_visitor ? "customer" : "agent",
                                   .subject = stream->subject,
                                   .name = stream->name,
                                   .is_typing = is_typing };

  guiche_hub_send_typing (stream->tenant, &typing, stream);
  guiche_hub_nodes_say_typing (stream->tenant->hub->nodes, stream->tenant, &typing);
}

gboolean
guiche_hub_handle_typing (GuicheStream *stream, JsonObject *request, GError **error)
{
  const GuicheViewer *viewer = stream->group->viewer;
  gboolean is_visitor = viewer->role == GUICHE_ROLE_VISITOR;
  GuicheId id = viewer->conversation_id;
  gboolean is_typing = FALSE;

  if (!guiche_json_get_id (request, "conversation_id", !is_visitor, &id, error) ||
      !guiche_json_get_bool (request, "is_typing", TRUE, &is_typing, error))
    return FALSE;
  guiche_hub_find_audience (stream, &id, tell_typing, is_typing);
  return TRUE;
}
