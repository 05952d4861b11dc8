/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/job-private.h"
#include "store/tx-private.h"

#include <string.h>

#define DEFAULT_MAX_ATTEMPTS 12
#define DEFAULT_BASE_DELAY_US (2 * G_USEC_PER_SEC)
#define MAX_DELAY_US (3600 * (gint64) G_USEC_PER_SEC)
#define MAX_DOUBLINGS 30

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

static int
max_attempts (const GuicheJobKind *kind)
{
  return kind->max_attempts > 0 ? kind->max_attempts : DEFAULT_MAX_ATTEMPTS;
}

/* The first due job, as it is before this attempt. FALSE without error when there is none. */
static gboolean
load_due (GuicheTx *tx, GuicheClaim *out_claim, gint64 *out_next_due, GError **error)
{
  static const char sql[] = "SELECT id, kind, key, payload, attempts, due_at FROM jobs "
                            "WHERE state = 'waiting' ORDER BY due_at LIMIT 1";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  gboolean is_due;

  *out_next_due = GUICHE_NO_JOB;
  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  *out_next_due = guiche_statement_int (statement, 5);
  is_due = *out_next_due <= guiche_tx_now_us (tx);
  if (is_due) {
    out_claim->job.id = guiche_statement_id (statement, 0);
    out_claim->job.kind = g_strdup (guiche_statement_text (statement, 1));
    out_claim->job.key = g_strdup (guiche_statement_text (statement, 2));
    out_claim->job.payload = g_strdup (guiche_statement_text (statement, 3));
    out_claim->job.attempt = (int) guiche_statement_int (statement, 4);
  }
  guiche_statement_reset (statement);
  return is_due;
}

/* @last_error (nullable) stays as it is when NULL. */
static gboolean
set_state (GuicheTx *tx,
           const char *state,
           gint64 due_us,
           const char *last_error,
           const GuicheJob *job,
           GError **error)
{
  static const char sql[] = "UPDATE jobs SET state = $2, attempts = $3, due_at = $4, "
                            "last_error = COALESCE($5, last_error), updated_at = $6 WHERE id = $1";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_id (statement, 1, &job->id);
  guiche_statement_bind_text (statement, 2, state);
  guiche_statement_bind_int (statement, 3, job->attempt);
  guiche_statement_bind_int (statement, 4, due_us);
  guiche_statement_bind_text (statement, 5, last_error);
  guiche_statement_bind_int (statement, 6, guiche_tx_now_us (tx));
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_jobs_claim (GuicheTx *tx, gpointer claim_request, GError **error)
{
  GuicheClaimRequest *request = claim_request;
  GError *local_error = NULL;

  for (;;) {
    GuicheClaim *claim = &request->claim;
    const char *problem;

    guiche_claim_clear (claim);
    if (!load_due (tx, claim, &request->next_due, &local_error))
      break;

    claim->kind = find_kind (request->kinds, claim->job.kind);
    if (claim->kind != NULL && claim->job.attempt < max_attempts (claim->kind)) {
      claim->job.attempt++;
      if (set_state (tx, "running", request->next_due, NULL, &claim->job, &local_error))
        return TRUE;
      break;
    }

    problem = claim->kind == NULL ? "nobody performs jobs of this kind"
                                  : "the program ended during each attempt";
    g_warning ("%s: job %s is dead: %s", guiche_tx_tenant (tx), claim->job.kind, problem);
    if (!set_state (tx, "dead", request->next_due, problem, &claim->job, &local_error))
      break;
  }

  guiche_claim_clear (&request->claim);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

/* Without a key nothing will ever ask for it again. */
static gboolean
remove_job (GuicheTx *tx, const GuicheJob *job, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (tx, "DELETE FROM jobs WHERE id = $1", error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_id (statement, 1, &job->id);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_jobs_record_done (GuicheTx *tx, gpointer outcome, GError **error)
{
  GuicheJobOutcome *self = outcome;
  const GuicheClaim *claim = self->claim;

  if (claim->kind->record != NULL && !claim->kind->record (tx, &claim->job, self->result, error))
    return FALSE;
  if (claim->job.key == NULL)
    return remove_job (tx, &claim->job, error);

  return set_state (tx, "done", guiche_tx_now_us (tx), NULL, &claim->job, error);
}

/* Full jitter: anything from nothing to the doubled delay, so that who failed together does not
 * come back together. */
static gint64
next_delay (GuicheTx *tx, const GuicheClaim *claim)
{
  gint64 base = claim->kind->base_delay_us > 0 ? claim->kind->base_delay_us : DEFAULT_BASE_DELAY_US;
  int doublings = MIN (claim->job.attempt - 1, MAX_DOUBLINGS);
  gint64 longest = base > (MAX_DELAY_US >> doublings) ? MAX_DELAY_US : base << doublings;
  GuicheId random = guiche_tx_new_id (tx);
  guint32 fraction;

  memcpy (&fraction, random.bytes + 12, sizeof fraction);
  return (gint64) ((double) longest * ((double) fraction / (double) G_MAXUINT32));
}

gboolean
guiche_jobs_record_failure (GuicheTx *tx, gpointer outcome, GError **error)
{
  GuicheJobOutcome *self = outcome;
  const GuicheClaim *claim = self->claim;
  gboolean is_permanent =
      g_strcmp0 (guiche_error_get_detail (self->failure, "permanent"), "1") == 0;
  gint64 due_us = guiche_tx_now_us (tx);

  if (is_permanent || claim->job.attempt >= max_attempts (claim->kind)) {
    g_warning ("%s: job %s is dead: %s", guiche_tx_tenant (tx), claim->job.kind,
               self->failure->message);
    return set_state (tx, "dead", due_us, self->failure->message, &claim->job, error);
  }

  due_us += next_delay (tx, claim);
  tx->job_due_us = MIN (tx->job_due_us, due_us);
  return set_state (tx, "waiting", due_us, self->failure->message, &claim->job, error);
}

gboolean
guiche_jobs_recover (GuicheTx *tx, gpointer unused, GError **error)
{
  static const char sql[] =
      "UPDATE jobs SET state = 'waiting', updated_at = $1 WHERE state = 'running'";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, guiche_tx_now_us (tx));
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_jobs_look (GuicheTx *tx, gpointer jobs_state, GError **error)
{
  static const char sql[] = "SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'running'), "
                            "(SELECT MIN(due_at) FROM jobs WHERE state = 'waiting')";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GuicheJobsState *state = jobs_state;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  state->has_running = guiche_statement_int (statement, 0) != 0;
  state->next_due =
      guiche_statement_is_null (statement, 1) ? GUICHE_NO_JOB : guiche_statement_int (statement, 1);
  guiche_statement_reset (statement);
  return TRUE;
}
