/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#include <string.h>

#define GONE_US (5 * G_USEC_PER_SEC) /* a reload or a lost network is not worth a word */

static const char *const statuses[] = { "available", "busy", "away", "offline" };

static void
write_presence (GuicheJsonWriter *writer, const GuicheHubPresence *presence)
{
  guiche_json_writer_member_id (writer, "user_id", &presence->user_id);
  guiche_json_writer_member_string (writer, "status",
                                    presence->is_here ? presence->status : statuses[3]);
}

static void
broadcast (GuicheHubTenant *tenant, const GuicheHubPresence *presence, GuicheStream *except)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "presence");
  write_presence (writer, presence);
  guiche_json_writer_end_object (writer);
  guiche_hub_broadcast_except (tenant, "*", guiche_json_writer_peek (writer, NULL), except);
}

const char *
guiche_hub_presence_status (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (strcmp (statuses[i], name) == 0)
      return statuses[i];
  return NULL;
}

static GuicheHubPresence *
find (GuicheStream *stream)
{
  return g_hash_table_lookup (stream->tenant->presences, &stream->group->viewer->user_id);
}

static GuicheHubPresence *
ensure (GuicheHubTenant *tenant, const GuicheId *user_id)
{
  GuicheHubPresence *presence = g_hash_table_lookup (tenant->presences, user_id);

  if (presence != NULL)
    return presence;
  presence = g_new0 (GuicheHubPresence, 1);
  presence->user_id = *user_id;
  presence->status = statuses[0];
  g_hash_table_insert (tenant->presences, &presence->user_id, presence);
  return presence;
}

static void
arrive (GuicheHubTenant *tenant, GuicheHubPresence *presence, GuicheStream *except)
{
  presence->left_us = 0;
  if (presence->is_here)
    return;
  presence->is_here = TRUE;
  broadcast (tenant, presence, except);
}

static void
leave (GuicheHubPresence *presence, gint64 now_us)
{
  if (presence->n_streams == 0 && presence->n_nodes == 0)
    presence->left_us = MAX (1, now_us);
}

void
guiche_hub_presence_arrived (GuicheStream *stream)
{
  const GuicheViewer *viewer = stream->group->viewer;
  GuicheHubPresence *presence;

  if (viewer->role < GUICHE_ROLE_AGENT)
    return;
  presence = ensure (stream->tenant, &viewer->user_id);
  arrive (stream->tenant, presence, stream);
  if (presence->n_streams++ == 0)
    guiche_hub_nodes_say_presence (stream->tenant->hub->nodes, stream->tenant, presence);
}

void
guiche_hub_presence_left (GuicheStream *stream)
{
  GuicheHub *hub = stream->tenant->hub;
  GuicheHubPresence *presence;

  if (stream->group->viewer->role < GUICHE_ROLE_AGENT)
    return;
  presence = find (stream);
  if (presence == NULL || --presence->n_streams > 0)
    return;
  leave (presence, guiche_clock_monotonic_us (hub->clock));
  guiche_hub_nodes_say_presence (hub->nodes, stream->tenant, presence);
}

GuicheHubPresence *
guiche_hub_presence_learn (GuicheHubTenant *self,
                           const GuicheId *user_id,
                           const char *status,
                           gint64 status_us)
{
  GuicheHubPresence *presence = ensure (self, user_id);

  if (status_us <= presence->status_us)
    return presence;
  presence->status_us = status_us;
  if (presence->status == status)
    return presence;
  presence->status = status;
  if (presence->is_here)
    broadcast (self, presence, NULL);
  return presence;
}

void
guiche_hub_presence_add_node (GuicheHubTenant *self, GuicheHubPresence *presence)
{
  presence->n_nodes++;
  arrive (self, presence, NULL);
}

void
guiche_hub_presence_remove_node (GuicheHubPresence *presence, gint64 now_us)
{
  presence->n_nodes--;
  leave (presence, now_us);
}

void
guiche_hub_presence_advance (GuicheHubTenant *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->presences);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    GuicheHubPresence *presence = value;

    if (presence->left_us == 0 || now_us - presence->left_us < GONE_US)
      continue;
    presence->is_here = FALSE;
    presence->left_us = 0;
    broadcast (self, presence, NULL);
  }
}

void
guiche_hub_presence_send_all (GuicheStream *stream)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  GHashTableIter iter;
  gpointer value;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "presences");
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  g_hash_table_iter_init (&iter, stream->tenant->presences);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const GuicheHubPresence *presence = value;

    if (!presence->is_here || strcmp (presence->status, "offline") == 0)
      continue;
    guiche_json_writer_begin_object (writer);
    write_presence (writer, presence);
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  guiche_hub_send_json (stream, writer, GUICHE_URGENCY_ANSWER);
}

gboolean
guiche_hub_handle_presence (GuicheStream *stream, JsonObject *request, GError **error)
{
  GuicheHub *hub = stream->tenant->hub;
  const char *name = NULL, *status;
  GuicheHubPresence *presence = find (stream);

  if (!guiche_json_get_string (request, "status", TRUE, &name, error))
    return FALSE;
  status = guiche_hub_presence_status (name);
  if (status == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "unknown status");
    if (error != NULL)
      guiche_error_set_detail (*error, "field", "status");
    return FALSE;
  }
  if (presence->status == status)
    return TRUE;
  presence->status = status;
  presence->status_us = MAX (presence->status_us + 1, guiche_clock_now_us (hub->clock));
  broadcast (stream->tenant, presence, stream);
  guiche_hub_nodes_say_presence (hub->nodes, stream->tenant, presence);
  return TRUE;
}
