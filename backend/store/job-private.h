/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/job-lease.h"

G_BEGIN_DECLS

/* Of one claim, while the job is performed. */
struct _GuicheJobLease {
  GuicheJobLeases *leases; /* (nullable) (not owned): where it is kept up */
  GuicheTenant *tenant;    /* (not owned) */
  gint64 until_us;         /* (leases' lock): monotonic, of this node */
  gboolean is_lost;        /* (leases' lock) */
};

/* A job taken for running: a copy of its row. */
typedef struct {
  GuicheJob job; /* its texts belong to this struct */
  const GuicheJobKind *kind;
  gint64 token; /* which claim of the job this is: grows with each */
  GuicheJobLease lease;
} GuicheClaim;

void guiche_claim_clear (GuicheClaim *self);

int guiche_job_kind_max_attempts (const GuicheJobKind *self);

/* The kinds that somebody performs. (element-type GuicheJobKind) */
typedef GPtrArray GuicheJobKinds;

typedef struct {
  const GuicheJobKinds *kinds;
  const char *kind_names; /* their names, each between spaces */
  const char *owner;      /* who claims: node and boot */
  GuicheStore *store;     /* (not owned) */
  gint64 lease_us;        /* for how long, unless renewed */
  GuicheClaim claim;      /* (out): @kind is NULL when nothing was due */
  gint64 next_due;        /* (out): of the earliest that waits, or GUICHE_NO_JOB */
  gboolean is_taken_over; /* (out): its last owner did not come to an end with it */
} GuicheClaimRequest;

/* (GuicheWorkRun): takes the job that is due first, or whose lease has run out, and counts the
 * attempt before it is made. What has no attempts left, or no kind, is dead. */
gboolean guiche_jobs_claim (GuicheTx *tx, gpointer claim_request, GError **error);

typedef struct {
  const GuicheClaim *claim;
  gpointer result;       /* for the kind's own record */
  const GError *failure; /* (nullable): NULL when the job was done */
} GuicheJobOutcome;

/* Both outcomes are refused, with GUICHE_ERROR_CONFLICT and detail `lease` = `lost`, when the job
 * was claimed again meanwhile. */
gboolean guiche_job_lease_is_lost (const GError *error);
/* (GuicheWorkRun): the kind's own record and the job's end in one transaction. */
gboolean guiche_jobs_record_done (GuicheTx *tx, gpointer outcome, GError **error);
/* (GuicheWorkRun): waits for the next attempt, or is dead. */
gboolean guiche_jobs_record_failure (GuicheTx *tx, gpointer outcome, GError **error);

typedef struct {
  const GuicheClaim *claim;
  gint64 lease_us;
  gboolean is_held; /* (out) */
} GuicheLeaseRenewal;

/* Claims and renewals: beside the company's writer where other nodes claim too, else on it. Waits
 * (job threads). */
gboolean guiche_jobs_transact (GuicheTenant *tenant,
                               GuicheWorkRun run,
                               gpointer data,
                               GError **error);

/* (GuicheWorkRun): the lease of a claim begins anew, unless it was lost. */
gboolean guiche_jobs_renew (GuicheTx *tx, gpointer renewal, GError **error);

/* The claim is being performed from here on, and its lease renewed. */
void guiche_job_leases_add (GuicheJobLeases *self, GuicheTenant *tenant, GuicheClaim *claim);
/* To be called before the claim is cleared. */
void guiche_job_leases_remove (GuicheJobLeases *self, GuicheClaim *claim);

typedef struct {
  const char *owner;    /* this node and boot */
  const char *node;     /* (nullable): whose earlier boots are over; NULL: everybody's are */
  gboolean has_running; /* (out): of those */
  gint64 next_due;      /* (out): or GUICHE_NO_JOB */
} GuicheJobsState;

/* (GuicheWorkRun): what a crash left running waits again; the attempt stays counted. */
gboolean guiche_jobs_recover (GuicheTx *tx, gpointer jobs_state, GError **error);

/* (GuicheWorkRun), also for readers. */
gboolean guiche_jobs_look (GuicheTx *tx, gpointer jobs_state, GError **error);

G_END_DECLS
