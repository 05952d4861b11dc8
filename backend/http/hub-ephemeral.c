/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#include <string.h>

/* The agents who have a conversation on their screen. */
struct _GuicheHubViewing {
  GuicheId id;        /* first: the key */
  char *audience;     /* (owned) */
  GPtrArray *streams; /* (element-type GuicheStream), not owned */
};

void
guiche_hub_viewing_free (GuicheHubViewing *self)
{
  g_free (self->audience);
  g_ptr_array_unref (self->streams);
  g_free (self);
}

static void
send_typing (GuicheStream *stream, const GuicheId *id, const char *audience, gboolean is_typing)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  gboolean is_visitor = stream->group->viewer->role == GUICHE_ROLE_VISITOR;
  char conversation[GUICHE_ID_STRING_LENGTH + 1];
  g_autofree char *with_visitor = NULL;

  guiche_id_to_string (id, conversation);
  with_visitor = g_strconcat (audience, " v:", conversation, NULL);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "typing");
  guiche_json_writer_member_string (writer, "conversation_id", conversation);
  guiche_json_writer_name (writer, "user");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "kind", is_visitor ? "customer" : "agent");
  guiche_json_writer_member_id (writer, "id", &stream->subject);
  guiche_json_writer_member_string (writer, "name", stream->name);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_member_bool (writer, "is_typing", is_typing);
  guiche_json_writer_end_object (writer);
  guiche_hub_broadcast_except (stream->tenant, with_visitor, guiche_json_writer_peek (writer, NULL),
                               stream);
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
  guiche_hub_find_audience (stream, &id, send_typing, is_typing);
  return TRUE;
}

static gboolean
is_listed (GuicheHubViewing *viewing, guint index)
{
  GuicheStream *stream = viewing->streams->pdata[index];

  for (guint i = 0; i < index; i++) {
    GuicheStream *earlier = viewing->streams->pdata[i];

    if (guiche_id_equal (&earlier->subject, &stream->subject))
      return TRUE;
  }
  return FALSE;
}

static void
send_viewing (GuicheHubTenant *tenant, GuicheHubViewing *viewing)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "viewing");
  guiche_json_writer_member_id (writer, "conversation_id", &viewing->id);
  guiche_json_writer_name (writer, "user_ids");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < viewing->streams->len; i++)
    if (!is_listed (viewing, i))
      guiche_json_writer_id (writer, &((GuicheStream *) viewing->streams->pdata[i])->subject);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  guiche_hub_broadcast_except (tenant, viewing->audience, guiche_json_writer_peek (writer, NULL),
                               NULL);
}

void
guiche_hub_stop_viewing (GuicheStream *stream)
{
  GuicheHubTenant *tenant = stream->tenant;
  GuicheHubViewing *viewing;

  if (guiche_id_is_none (&stream->viewing))
    return;
  viewing = g_hash_table_lookup (tenant->viewings, &stream->viewing);
  stream->viewing = GUICHE_ID_NONE;
  g_ptr_array_remove_fast (viewing->streams, stream);
  send_viewing (tenant, viewing);
  if (viewing->streams->len == 0)
    g_hash_table_remove (tenant->viewings, &viewing->id);
}

static void
start_viewing (GuicheStream *stream, const GuicheId *id, const char *audience, gboolean unused)
{
  GuicheHubTenant *tenant = stream->tenant;
  GuicheHubViewing *viewing;

  guiche_hub_stop_viewing (stream);
  viewing = g_hash_table_lookup (tenant->viewings, id);
  if (viewing == NULL) {
    viewing = g_new0 (GuicheHubViewing, 1);
    viewing->id = *id;
    viewing->streams = g_ptr_array_new ();
    g_hash_table_insert (tenant->viewings, &viewing->id, viewing);
  }
  g_free (viewing->audience);
  viewing->audience = g_strdup (audience);
  stream->viewing = *id;
  g_ptr_array_add (viewing->streams, stream);
  send_viewing (tenant, viewing);
}

gboolean
guiche_hub_handle_viewing (GuicheStream *stream, JsonObject *request, GError **error)
{
  GuicheId id = GUICHE_ID_NONE;

  if (!guiche_json_get_id (request, "conversation_id", FALSE, &id, error))
    return FALSE;
  if (guiche_id_is_none (&id))
    guiche_hub_stop_viewing (stream);
  else if (!guiche_id_equal (&id, &stream->viewing))
    guiche_hub_find_audience (stream, &id, start_viewing, TRUE);
  return TRUE;
}
