/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/jobs.h"

G_BEGIN_DECLS

/**
 * GuicheConnector:
 * @name: the conversations' channel
 * @perform: (thread job) (nullable): tells the outside world, by the job's id as idempotency key
 * @record: (thread writer) (nullable): writes down what came of it
 *
 * One way to reach customers outside the web chat. When a colleague writes in a conversation of
 * channel
 * @name, the desk commits a job `channel.send` with the message; it comes here. What customers
 * write comes in through guiche_message_post(). The dummy channel is one; a new one is a row in
 * connector.c and, for the desk, in desk/channel-kind.c.
 */
typedef struct {
  const char *name;
  GuicheJobDo perform;
  GuicheJobRecord record;
} GuicheConnector;

const GuicheConnector *guiche_connector_find (const char *name); /* (nullable) */

/* What a `channel.send` job is about. */
typedef struct {
  GuicheId conversation_id;
  GuicheId message_id;
  gint64 seq;
} GuicheOutgoing;

/* *@out_connector is %NULL for a channel that has none. */
gboolean guiche_outgoing_parse (const GuicheJob *job,
                                GuicheOutgoing *out,
                                const GuicheConnector **out_connector,
                                GError **error);

/* Before guiche_store_start_jobs(). */
void guiche_channels_add_job_kinds (GuicheStore *store);

G_END_DECLS
