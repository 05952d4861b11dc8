/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

/* Who has a conversation on their screen, here and at other nodes. */

#define MAX_ELSEWHERE 10000 /* conversations of one company that only other nodes look at */

/* Those of one other node. */
typedef struct {
  GuicheHubNode *node; /* not owned */
  GArray *user_ids;    /* (owned) (element-type GuicheId) */
} Elsewhere;

struct _GuicheHubViewing {
  GuicheId id;        /* first: the key */
  char *audience;     /* (owned) */
  GPtrArray *streams; /* (element-type GuicheStream), not owned */
  GArray *elsewhere;  /* (owned) (element-type Elsewhere) */
};

static void
elsewhere_clear (gpointer data)
{
  g_array_unref (((Elsewhere *) data)->user_ids);
}

void
guiche_hub_viewing_free (GuicheHubViewing *self)
{
  g_free (self->audience);
  g_ptr_array_unref (self->streams);
  g_array_unref (self->elsewhere);
  g_free (self);
}

static GuicheHubViewing *
ensure (GuicheHubTenant *tenant, const GuicheId *id, const char *audience)
{
  GuicheHubViewing *viewing = g_hash_table_lookup (tenant->viewings, id);

  if (viewing == NULL) {
    viewing = g_new0 (GuicheHubViewing, 1);
    viewing->id = *id;
    viewing->streams = g_ptr_array_new ();
    viewing->elsewhere = g_array_new (FALSE, FALSE, sizeof (Elsewhere));
    g_array_set_clear_func (viewing->elsewhere, elsewhere_clear);
    g_hash_table_insert (tenant->viewings, &viewing->id, viewing);
  }
  g_free (viewing->audience);
  viewing->audience = g_strdup (audience);
  return viewing;
}

static void
add_once (GArray *ids, const GuicheId *id)
{
  for (guint i = 0; i < ids->len; i++)
    if (guiche_id_equal (&g_array_index (ids, GuicheId, i), id))
      return;
  g_array_append_val (ids, *id);
}

/* (transfer full) (element-type GuicheId): each user once */
static GArray *
list_here (GuicheHubViewing *viewing)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (GuicheId));

  for (guint i = 0; i < viewing->streams->len; i++)
    add_once (ids, &((GuicheStream *) viewing->streams->pdata[i])->subject);
  return ids;
}

static GArray *
list_everywhere (GuicheHubViewing *viewing)
{
  GArray *ids = list_here (viewing);

  for (guint i = 0; i < viewing->elsewhere->len; i++) {
    Elsewhere *elsewhere = &g_array_index (viewing->elsewhere, Elsewhere, i);

    for (guint k = 0; k < elsewhere->user_ids->len; k++)
      add_once (ids, &g_array_index (elsewhere->user_ids, GuicheId, k));
  }
  return ids;
}

static void
send_viewing (GuicheHubTenant *tenant, GuicheHubViewing *viewing)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autoptr (GArray) ids = list_everywhere (viewing);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "viewing");
  guiche_json_writer_member_id (writer, "conversation_id", &viewing->id);
  guiche_json_writer_name (writer, "user_ids");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < ids->len; i++)
    guiche_json_writer_id (writer, &g_array_index (ids, GuicheId, i));
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  guiche_hub_broadcast_except (tenant, viewing->audience, guiche_json_writer_peek (writer, NULL),
                               NULL);
}

static void
say (GuicheHubTenant *tenant, GuicheHubNodes *nodes, GuicheHubViewing *viewing)
{
  g_autoptr (GArray) ids = list_here (viewing);

  guiche_hub_nodes_say_viewing (nodes, tenant, &viewing->id, viewing->audience, ids);
}

static void
forget_when_unseen (GuicheHubTenant *tenant, GuicheHubViewing *viewing)
{
  if (viewing->streams->len == 0 && viewing->elsewhere->len == 0)
    g_hash_table_remove (tenant->viewings, &viewing->id);
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
  say (tenant, tenant->hub->nodes, viewing);
  forget_when_unseen (tenant, viewing);
}

static void
start_viewing (GuicheStream *stream, const GuicheId *id, const char *audience, gboolean unused)
{
  GuicheHubTenant *tenant = stream->tenant;
  GuicheHubViewing *viewing;

  guiche_hub_stop_viewing (stream);
  viewing = ensure (tenant, id, audience);
  stream->viewing = *id;
  g_ptr_array_add (viewing->streams, stream);
  send_viewing (tenant, viewing);
  say (tenant, tenant->hub->nodes, viewing);
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

/* Whether there was anybody. */
static gboolean
remove_node (GuicheHubViewing *viewing, GuicheHubNode *node)
{
  for (guint i = 0; i < viewing->elsewhere->len; i++) {
    if (g_array_index (viewing->elsewhere, Elsewhere, i).node != node)
      continue;
    g_array_remove_index_fast (viewing->elsewhere, i);
    return TRUE;
  }
  return FALSE;
}

void
guiche_hub_viewing_elsewhere (GuicheHubTenant *tenant,
                              GuicheHubNode *node,
                              const GuicheId *conversation_id,
                              const char *audience,
                              const GuicheId *user_ids,
                              guint n_user_ids)
{
  Elsewhere elsewhere = { .node = node };
  GuicheHubViewing *viewing = g_hash_table_lookup (tenant->viewings, conversation_id);

  if (viewing == NULL && (n_user_ids == 0 || g_hash_table_size (tenant->viewings) >= MAX_ELSEWHERE))
    return;
  viewing = ensure (tenant, conversation_id, audience);
  remove_node (viewing, node);
  if (n_user_ids > 0) {
    elsewhere.user_ids = g_array_sized_new (FALSE, FALSE, sizeof (GuicheId), n_user_ids);
    g_array_append_vals (elsewhere.user_ids, user_ids, n_user_ids);
    g_array_append_val (viewing->elsewhere, elsewhere);
  }
  send_viewing (tenant, viewing);
  forget_when_unseen (tenant, viewing);
}

void
guiche_hub_viewing_forget_node (GuicheHubTenant *tenant, GuicheHubNode *node)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, tenant->viewings);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    GuicheHubViewing *viewing = value;

    if (!remove_node (viewing, node))
      continue;
    send_viewing (tenant, viewing);
    if (viewing->streams->len == 0 && viewing->elsewhere->len == 0)
      g_hash_table_iter_remove (&iter);
  }
}

void
guiche_hub_viewing_say_all (GuicheHubTenant *tenant, GuicheHubNodes *nodes)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, tenant->viewings);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    GuicheHubViewing *viewing = value;

    if (viewing->streams->len > 0)
      say (tenant, nodes, viewing);
  }
}
