/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-private.h"

#include <string.h>

#define GONE_US (5 * G_USEC_PER_SEC) /* a reload or a lost network is not worth a word */

static const char *const statuses[] = { "available", "busy", "away", "offline" };

/* What colleagues see of one user: forgotten with the server, never stored. What they chose waits
 * for them while they are away. */
typedef struct {
  GuicheId user_id;   /* first: the key */
  const char *status; /* static: chosen */
  gboolean is_here;
  guint n_streams;
  gint64 left_us; /* when the last stream went; 0: some are open */
} Presence;

static void
write_presence (GuicheJsonWriter *writer, const Presence *presence)
{
  guiche_json_writer_member_id (writer, "user_id", &presence->user_id);
  guiche_json_writer_member_string (writer, "status",
                                    presence->is_here ? presence->status : statuses[3]);
}

static void
broadcast (GuicheHubTenant *tenant, const Presence *presence, GuicheStream *except)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", "presence");
  write_presence (writer, presence);
  guiche_json_writer_end_object (writer);
  guiche_hub_broadcast_except (tenant, "*", guiche_json_writer_peek (writer, NULL), except);
}

static Presence *
find (GuicheStream *stream)
{
  return g_hash_table_lookup (stream->tenant->presences, &stream->group->viewer->user_id);
}

void
guiche_hub_presence_arrived (GuicheStream *stream)
{
  const GuicheViewer *viewer = stream->group->viewer;
  Presence *presence;

  if (viewer->role < GUICHE_ROLE_AGENT)
    return;
  presence = find (stream);
  if (presence == NULL) {
    presence = g_new0 (Presence, 1);
    presence->user_id = viewer->user_id;
    presence->status = statuses[0];
    g_hash_table_insert (stream->tenant->presences, &presence->user_id, presence);
  }
  if (!presence->is_here) {
    presence->is_here = TRUE;
    broadcast (stream->tenant, presence, stream);
  }
  presence->left_us = 0;
  presence->n_streams++;
}

void
guiche_hub_presence_left (GuicheStream *stream)
{
  Presence *presence;

  if (stream->group->viewer->role < GUICHE_ROLE_AGENT)
    return;
  presence = find (stream);
  if (presence != NULL && --presence->n_streams == 0)
    presence->left_us = MAX (1, guiche_clock_monotonic_us (stream->tenant->hub->clock));
}

void
guiche_hub_presence_advance (GuicheHubTenant *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->presences);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Presence *presence = value;

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
    const Presence *presence = value;

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
  const char *status = NULL;
  Presence *presence = find (stream);

  if (!guiche_json_get_string (request, "status", TRUE, &status, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    if (strcmp (status, statuses[i]) != 0)
      continue;
    if (presence->status != statuses[i]) {
      presence->status = statuses[i];
      broadcast (stream->tenant, presence, stream);
    }
    return TRUE;
  }
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "unknown status");
  if (error != NULL)
    guiche_error_set_detail (*error, "field", "status");
  return FALSE;
}
