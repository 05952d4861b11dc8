/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/jobs.h"

G_BEGIN_DECLS

/* The dummy channel: simulated customers who write, wait for an agent, answer and leave. Everything
 * they do is a durable job, and a seed decides it (story, customer, delays), so it survives
 * restarts and replays the same. The stories are data/sample/visits.txt. */

#define GUICHE_DUMMY_CHANNEL "dummy"
#define GUICHE_DUMMY_AT_ONCE 6 /* more customers wait outside until some have left */

/* From now on a customer comes about every @interval_s seconds; calling it again, also after a
 * restart, changes nothing while the next visit is planned. */
gboolean guiche_dummy_start (GuicheTx *tx, guint64 seed, gint64 interval_s, GError **error);

/* (thread writer): an agent's message reached the simulated customer. */
gboolean guiche_dummy_record_sent (GuicheTx *tx,
                                   const GuicheJob *job,
                                   gpointer result,
                                   GError **error);
void guiche_dummy_add_job_kinds (GuicheStore *store);

G_END_DECLS
