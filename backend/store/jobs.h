/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* The right to perform a job, for a while. */
typedef struct _GuicheJobLease GuicheJobLease;

/**
 * GuicheJob:
 *
 * Something the outside world must be told: durable, due at a time, tried with
 * exponential back-off and full jitter, dead after @max_attempts and then seen and retried
 * by a person. The attempt is counted in its own transaction before the handler runs.
 */
typedef struct {
  GuicheId id; /* stable: the idempotency key for the outside */
  const char *kind;
  const char *key;     /* (nullable) */
  const char *payload; /* JSON object that passed the door */
  int attempt;         /* from 1 */
  const GuicheJobLease *lease;
} GuicheJob;

/* (any thread): FALSE once another node may have taken the job over, because this one was away for
 * too long (stopped, cut off): what is not done yet should not be done here. The outcome of such a
 * job is discarded. */
gboolean guiche_job_is_held (const GuicheJob *self);

/* (thread job): may block. On success the handler's own @record runs in the same
 * transaction that marks the job done (crash between doing and recording: the job runs
 * again with the same id, so the handler asks the outside first or sends the id along).
 * An error is retried, unless `guiche_error_get_detail (error, "permanent")` is "1". */
typedef gboolean (*GuicheJobDo) (GuicheTenant *tenant,
                                 const GuicheJob *job,
                                 gpointer *out_result,
                                 GError **error);
/* (thread writer): records the result. (nullable) */
typedef gboolean (*GuicheJobRecord) (GuicheTx *tx,
                                     const GuicheJob *job,
                                     gpointer result,
                                     GError **error);

typedef struct {
  const char *kind;
  GuicheJobDo perform; /* (nullable): nothing outside, only @record */
  GuicheJobRecord record;
  GDestroyNotify free_result; /* (nullable) */
  int max_attempts;           /* 0: 12 */
  gint64 base_delay_us;       /* 0: 2 s; doubles, capped at 1 h, full jitter */
} GuicheJobKind;

/* Before guiche_store_start_jobs(); rows live as long as the store. */
void guiche_store_add_job_kind (GuicheStore *self, const GuicheJobKind *kind);
void guiche_store_start_jobs (GuicheStore *self, guint n_threads);

/* Of this node, since it was opened. */
typedef struct {
  guint64 performed;
  guint64 taken_over; /* of those: a lease of somebody else's had run out */
  guint64 discarded;  /* outcomes that came too late */
} GuicheJobStats;

void guiche_store_get_job_stats (GuicheStore *self, GuicheJobStats *out_stats); /* (any thread) */
/* Runs everything due now on the calling thread; for tests with a fixed clock. */
gboolean guiche_tenant_run_due_jobs (GuicheTenant *self, guint *out_run, GError **error);

typedef struct {
  GuicheId id;
  char *kind;
  char *key;
  char *payload;
  char *state;      /* waiting, running, done, dead */
  char *last_error; /* (nullable) */
  int attempts;
  gint64 due_us;
} GuicheJobRow;

void guiche_job_row_free (GuicheJobRow *self);
/* @state (nullable) filters. (element-type GuicheJobRow) */
GPtrArray *guiche_jobs_list (GuicheTx *tx, const char *state, gsize limit, GError **error);
gboolean guiche_jobs_count (GuicheTx *tx, const char *state, gint64 *out_count, GError **error);
gboolean guiche_jobs_retry (GuicheTx *tx,
                            const GuicheId *id,
                            GError **error); /* dead → waiting now */

G_END_DECLS
