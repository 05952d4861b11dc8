/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/connector.h"

#include "base/error.h"
#include "base/json.h"
#include "channels/dummy.h"
#include "desk/channel-kind.h"

#include <string.h>

static const GuicheConnector connectors[] = {
  { "dummy", NULL, guiche_dummy_record_sent },
};

const GuicheConnector *
guiche_connector_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (connectors); i++)
    if (strcmp (connectors[i].name, name) == 0)
      return &connectors[i];
  return NULL;
}

gboolean
guiche_outgoing_parse (const GuicheJob *job,
                       GuicheOutgoing *out,
                       const GuicheConnector **out_connector,
                       GError **error)
{
  g_autoptr (JsonNode) node = guiche_json_parse_object (job->payload, strlen (job->payload),
                                                        GUICHE_JSON_MAX_BYTES, error);
  JsonObject *object = node == NULL ? NULL : json_node_get_object (node);
  const char *channel = NULL;

  if (object == NULL ||
      !guiche_json_get_id (object, "conversation_id", TRUE, &out->conversation_id, error) ||
      !guiche_json_get_id (object, "message_id", TRUE, &out->message_id, error) ||
      !guiche_json_get_int (object, "seq", TRUE, &out->seq, error) ||
      !guiche_json_get_string (object, "channel", TRUE, &channel, error))
    return FALSE;
  *out_connector = guiche_connector_find (channel);
  return TRUE;
}

/* (thread job) */
static gboolean
perform_send (GuicheTenant *tenant, const GuicheJob *job, gpointer *out_result, GError **error)
{
  const GuicheConnector *connector;
  GuicheOutgoing outgoing;

  if (!guiche_outgoing_parse (job, &outgoing, &connector, error))
    return FALSE;
  if (connector == NULL || connector->perform == NULL)
    return TRUE;
  return connector->perform (tenant, job, out_result, error);
}

/* (thread writer) */
static gboolean
record_send (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  const GuicheConnector *connector;
  GuicheOutgoing outgoing;

  if (!guiche_outgoing_parse (job, &outgoing, &connector, error))
    return FALSE;
  if (connector == NULL || connector->record == NULL)
    return TRUE;
  return connector->record (tx, job, result, error);
}

static const GuicheJobKind send_kind = {
  .kind = GUICHE_JOB_CHANNEL_SEND,
  .perform = perform_send,
  .record = record_send,
};

void
guiche_channels_add_job_kinds (GuicheStore *store)
{
  guiche_store_add_job_kind (store, &send_kind);
  guiche_dummy_add_job_kinds (store);
}
