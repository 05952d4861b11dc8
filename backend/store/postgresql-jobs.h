/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/job-private.h"

G_BEGIN_DECLS

/* As job-claim.c's own, which say what the columns are: but whom another node is about to take is
 * passed over, and so are kinds that this version of the program does not know, unless nobody has
 * known them for a day. $1: the nodes' clock; $2: this owner. */
extern const char guiche_postgresql_expired_job_sql[];
/* $1: names of the known kinds, each between spaces; $2: due before that it is claimed even so. */
extern const char guiche_postgresql_due_job_sql[];

/* Runs @run in a transaction of its own, beside the company's writer: it may take no number that
 * goes without gaps (an event's, the audit log's). */
gboolean guiche_postgresql_transact (GuicheTenant *tenant,
                                     GuicheWorkRun run,
                                     gpointer data,
                                     GError **error);

G_END_DECLS
