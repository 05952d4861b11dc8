/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "desk/conversation-action.h"
#include "desk/scheduled.h"

#include <string.h>

static JsonNode *
parse_payload (const GuicheJob *job, GError **error)
{
  return guiche_json_parse_object (job->payload, strlen (job->payload), GUICHE_JSON_MAX_BYTES,
                                   error);
}

static gboolean
record_wake (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_autoptr (JsonNode) node = parse_payload (job, error);
  gint64 until = 0;
  GuicheId id;

  return node != NULL &&
         guiche_json_get_id (json_node_get_object (node), "conversation_id", TRUE, &id, error) &&
         guiche_json_get_int (json_node_get_object (node), "until", TRUE, &until, error) &&
         guiche_conversation_wake (tx, &id, until, error);
}

static gboolean
record_send_later (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_autoptr (JsonNode) node = parse_payload (job, error);
  GuicheId id;

  return node != NULL && guiche_json_get_id (json_node_get_object (node), "id", TRUE, &id, error) &&
         guiche_scheduled_send (tx, &id, error);
}

const GuicheJobKind *
guiche_desk_job_kinds (void)
{
  static const GuicheJobKind kinds[] = {
    { .kind = GUICHE_JOB_CONVERSATION_WAKE, .record = record_wake },
    { .kind = GUICHE_JOB_SEND_LATER, .record = record_send_later },
    { .kind = NULL },
  };

  return kinds;
}
