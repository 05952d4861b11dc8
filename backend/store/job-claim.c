/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/postgresql-jobs.h"
#include "store/store-private.h"

#include <string.h>

#define DEFAULT_MAX_ATTEMPTS 12
/* A node of an older version leaves what it does not know to the newer ones, but not for ever. */
#define UNKNOWN_KIND_PATIENCE_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

void
guiche_claim_clear (GuicheClaim *self)
{
  g_free ((char *) self->job.kind);
  g_free ((char *) self->job.key);
  g_free ((char *) self->job.payload);
  memset (self, 0, sizeof *self);
}

static const GuicheJobKind *
find_kind (const GuicheJobKinds *kinds, const char *name)
{
  for (guint i = 0; i < kinds->len; i++) {
    const GuicheJobKind *kind = kinds->pdata[i];

    if (strcmp (kind->kind, name) == 0)
      return kind;
  }

  return NULL;
}

int
guiche_job_kind_max_attempts (const GuicheJobKind *self)
{
  return self->max_attempts > 0 ? self->max_attempts : DEFAULT_MAX_ATTEMPTS;
}

static gboolean
is_shared (const GuicheClaimRequest *request)
{
  return guiche_store_is_shared (request->store);
}

/* Takes what the statement stands on, as it is before this attempt. */
static void
read_claim (GuicheStatement *statement, GuicheClaim *claim)
{
  claim->job.id = guiche_statement_id (statement, 0);
  claim->job.kind = g_strdup (guiche_statement_text (statement, 1));
  claim->job.key = g_strdup (guiche_statement_text (statement, 2));
  claim->job.payload = g_strdup (guiche_statement_text (statement, 3));
  claim->job.attempt = (int) guiche_statement_int (statement, 4);
  claim->token = guiche_statement_int (statement, 6);
  guiche_statement_reset (statement);
}

/* A job whose lease has run out. FALSE without error when there is none. */
static gboolean
load_expired (GuicheTx *tx, GuicheClaimRequest *request, gint64 lease_now_us, GError **error)
{
  static const char sql[] =
      "SELECT id, kind, key, payload, attempts, due_at, lease_token FROM jobs "
      "WHERE state = 'running' AND lease_until < $1 AND lease_owner <> $2 ORDER BY due_at, id "
      "LIMIT 1";
  GuicheStatement *statement =
      guiche_tx_prepare (tx, is_shared (request) ? guiche_postgresql_expired_job_sql : sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, lease_now_us);
  guiche_statement_bind_text (statement, 2, request->owner);
  request->is_taken_over = guiche_statement_next (statement, error);
  if (request->is_taken_over)
    read_claim (statement, &request->claim);
  return request->is_taken_over;
}

static GuicheStatement *
prepare_due (GuicheTx *tx, GuicheClaimRequest *request, GError **error)
{
  static const char sql[] =
      "SELECT id, kind, key, payload, attempts, due_at, lease_token FROM jobs "
      "WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1";
  GuicheStatement *statement;

  if (!is_shared (request))
    return guiche_tx_prepare (tx, sql, error);

  statement = guiche_tx_prepare (tx, guiche_postgresql_due_job_sql, error);
  if (statement == NULL)
    return NULL;
  guiche_statement_bind_text (statement, 1, request->kind_names);
  guiche_statement_bind_int (statement, 2, guiche_tx_now_us (tx) - UNKNOWN_KIND_PATIENCE_US);
  return statement;
}

/* The job that is due first. FALSE without error when there is none. */
static gboolean
load_due (GuicheTx *tx, GuicheClaimRequest *request, GError **error)
{
  GuicheStatement *statement = prepare_due (tx, request, error);

  request->next_due = GUICHE_NO_JOB;
  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  request->next_due = guiche_statement_int (statement, 5);
  if (request->next_due > guiche_tx_now_us (tx)) {
    guiche_statement_reset (statement);
    return FALSE;
  }
  read_claim (statement, &request->claim);
  return TRUE;
}

/* Counts the attempt and begins the lease. */
static gboolean
take (GuicheTx *tx, GuicheClaimRequest *request, gint64 lease_now_us, GError **error)
{
  static const char sql[] =
      "UPDATE jobs SET state = 'running', attempts = $2, lease_token = $3, lease_owner = $4, "
      "lease_until = $5, updated_at = $6 WHERE id = $1";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GuicheClaim *claim = &request->claim;

  if (statement == NULL)
    return FALSE;

  claim->job.attempt++;
  claim->token++;
  guiche_statement_bind_id (statement, 1, &claim->job.id);
  guiche_statement_bind_int (statement, 2, claim->job.attempt);
  guiche_statement_bind_int (statement, 3, claim->token);
  guiche_statement_bind_text (statement, 4, request->owner);
  guiche_statement_bind_int (statement, 5, lease_now_us + request->lease_us);
  guiche_statement_bind_int (statement, 6, guiche_tx_now_us (tx));
  return guiche_statement_run (statement, NULL, error);
}

static gboolean
bury (GuicheTx *tx, const GuicheJob *job, const char *problem, GError **error)
{
  static const char sql[] = "UPDATE jobs SET state = 'dead', last_error = $2, updated_at = $3, "
                            "lease_owner = NULL, lease_until = NULL WHERE id = $1";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  g_warning ("%s: job %s is dead: %s", guiche_tx_tenant (tx), job->kind, problem);
  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_id (statement, 1, &job->id);
  guiche_statement_bind_text (statement, 2, problem);
  guiche_statement_bind_int (statement, 3, guiche_tx_now_us (tx));
  return guiche_statement_run (statement, NULL, error);
}

/* One job taken, or none that is due; what nobody can perform any more is buried on the way. */
static gboolean
claim_first (GuicheTx *tx, GuicheClaimRequest *request, gint64 lease_now_us, GError **error)
{
  GuicheClaim *claim = &request->claim;
  GError *local_error = NULL;

  for (;;) {
    guiche_claim_clear (claim);
    request->is_taken_over = FALSE;
    if (!load_expired (tx, request, lease_now_us, &local_error) &&
        (local_error != NULL || !load_due (tx, request, &local_error)))
      break;

    claim->kind = find_kind (request->kinds, claim->job.kind);
    if (claim->kind != NULL && claim->job.attempt < guiche_job_kind_max_attempts (claim->kind))
      return take (tx, request, lease_now_us, error);
    if (!bury (tx, &claim->job,
               claim->kind == NULL ? "nobody performs jobs of this kind"
                                   : "the program ended during each attempt",
               &local_error))
      break;
  }

  guiche_claim_clear (claim);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
guiche_jobs_claim (GuicheTx *tx, gpointer claim_request, GError **error)
{
  GuicheClaimRequest *request = claim_request;
  gint64 lease_now_us;

  if (guiche_store_get_lease_time (request->store, tx->db, &lease_now_us, error) &&
      claim_first (tx, request, lease_now_us, error))
    return TRUE;

  guiche_claim_clear (&request->claim);
  return FALSE;
}

gboolean
guiche_jobs_transact (GuicheTenant *tenant, GuicheWorkRun run, gpointer data, GError **error)
{
  return guiche_store_is_shared (tenant->store)
             ? guiche_postgresql_transact (tenant, run, data, error)
             : guiche_tenant_write_sync (tenant, NULL, run, data, error);
}

gboolean
guiche_jobs_renew (GuicheTx *tx, gpointer renewal, GError **error)
{
  static const char sql[] = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND lease_token = $2 "
                            "AND state = 'running'";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GuicheLeaseRenewal *self = renewal;
  gint64 lease_now_us, n_changed;

  if (statement == NULL ||
      !guiche_store_get_lease_time (self->claim->lease.tenant->store, tx->db, &lease_now_us, error))
    return FALSE;

  guiche_statement_bind_id (statement, 1, &self->claim->job.id);
  guiche_statement_bind_int (statement, 2, self->claim->token);
  guiche_statement_bind_int (statement, 3, lease_now_us + self->lease_us);
  if (!guiche_statement_run (statement, &n_changed, error))
    return FALSE;

  self->is_held = n_changed > 0;
  return TRUE;
}

/* Of nodes that are not there any more, or of nobody. */
#define IS_LEFT_OVER                                                                               \
  "state = 'running' AND lease_owner IS DISTINCT FROM $1 AND ($2 IS NULL OR lease_owner IS NULL "  \
  "OR substr(lease_owner, 1, length($2) + 1) = $2 || '/')"

gboolean
guiche_jobs_recover (GuicheTx *tx, gpointer jobs_state, GError **error)
{
  static const char sql[] =
      "UPDATE jobs SET state = 'waiting', updated_at = $3 WHERE " IS_LEFT_OVER;
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  const GuicheJobsState *state = jobs_state;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, state->owner);
  guiche_statement_bind_text (statement, 2, state->node);
  guiche_statement_bind_int (statement, 3, guiche_tx_now_us (tx));
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_jobs_look (GuicheTx *tx, gpointer jobs_state, GError **error)
{
  static const char sql[] = "SELECT EXISTS (SELECT 1 FROM jobs WHERE " IS_LEFT_OVER "), "
                            "(SELECT MIN(due_at) FROM jobs WHERE state = 'waiting')";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GuicheJobsState *state = jobs_state;

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, state->owner);
  guiche_statement_bind_text (statement, 2, state->node);
  if (!guiche_statement_next (statement, error))
    return FALSE;

  state->has_running = guiche_statement_int (statement, 0) != 0;
  state->next_due =
      guiche_statement_is_null (statement, 1) ? GUICHE_NO_JOB : guiche_statement_int (statement, 1);
  guiche_statement_reset (statement);
  return TRUE;
}
