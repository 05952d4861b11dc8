/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/jobs.h"

G_BEGIN_DECLS

/* A job taken for running: a copy of its row. */
typedef struct {
  GuicheJob job; /* its texts belong to this struct */
  const GuicheJobKind *kind;
} GuicheClaim;

void guiche_claim_clear (GuicheClaim *self);

/* The kinds that somebody performs. (element-type GuicheJobKind) */
typedef GPtrArray GuicheJobKinds;

typedef struct {
  const GuicheJobKinds *kinds;
  GuicheClaim claim; /* (out): @kind is NULL when nothing was due */
  gint64 next_due;   /* (out): of the earliest that waits, or GUICHE_NO_JOB */
} GuicheClaimRequest;

/* (GuicheWorkRun): takes the job that is due first, and counts the attempt before it is made. What
 * has no attempts left, or no kind, is dead. */
gboolean guiche_jobs_claim (GuicheTx *tx, gpointer claim_request, GError **error);

typedef struct {
  const GuicheClaim *claim;
  gpointer result;       /* for the kind's own record */
  const GError *failure; /* (nullable): NULL when the job was done */
} GuicheJobOutcome;

/* (GuicheWorkRun): the kind's own record and the job's end in one transaction. */
gboolean guiche_jobs_record_done (GuicheTx *tx, gpointer outcome, GError **error);
/* (GuicheWorkRun): waits for the next attempt, or is dead. */
gboolean guiche_jobs_record_failure (GuicheTx *tx, gpointer outcome, GError **error);

/* (GuicheWorkRun): what a crash left running waits again; the attempt stays counted. */
gboolean guiche_jobs_recover (GuicheTx *tx, gpointer unused, GError **error);

typedef struct {
  gboolean has_running; /* (out) */
  gint64 next_due;      /* (out): or GUICHE_NO_JOB */
} GuicheJobsState;

/* (GuicheWorkRun), also for readers. */
gboolean guiche_jobs_look (GuicheTx *tx, gpointer jobs_state, GError **error);

G_END_DECLS
