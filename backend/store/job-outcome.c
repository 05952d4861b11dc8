/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/job-private.h"
#include "store/tx-private.h"

#include <string.h>

#define DEFAULT_BASE_DELAY_US (2 * G_USEC_PER_SEC)
#define MAX_DELAY_US (3600 * (gint64) G_USEC_PER_SEC)
#define MAX_DOUBLINGS 30

/* Runs what ends this claim, which says so with `id = $1 AND lease_token = $2 AND state =
 * 'running'`: another claim's job is left alone. */
static gboolean
end_claim (GuicheStatement *statement, const GuicheClaim *claim, GError **error)
{
  gint64 n_changed;

  guiche_statement_bind_id (statement, 1, &claim->job.id);
  guiche_statement_bind_int (statement, 2, claim->token);
  if (!guiche_statement_run (statement, &n_changed, error))
    return FALSE;
  if (n_changed > 0)
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
               "the lease had run out and the job was taken over");
  if (error != NULL)
    guiche_error_set_detail (*error, "lease", "lost");
  return FALSE;
}

gboolean
guiche_job_lease_is_lost (const GError *error)
{
  return g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT) &&
         g_strcmp0 (guiche_error_get_detail (error, "lease"), "lost") == 0;
}

/* Without a key nothing will ever ask for it again. */
static gboolean
remove_job (GuicheTx *tx, const GuicheClaim *claim, GError **error)
{
  static const char sql[] =
      "DELETE FROM jobs WHERE id = $1 AND lease_token = $2 AND state = 'running'";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  return statement != NULL && end_claim (statement, claim, error);
}

/* @last_error (nullable) stays as it is when NULL. */
static gboolean
set_state (GuicheTx *tx,
           const GuicheClaim *claim,
           const char *state,
           gint64 due_us,
           const char *last_error,
           GError **error)
{
  static const char sql[] =
      "UPDATE jobs SET state = $3, due_at = $4, last_error = COALESCE($5, last_error), "
      "updated_at = $6, lease_owner = NULL, lease_until = NULL "
      "WHERE id = $1 AND lease_token = $2 AND state = 'running'";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 3, state);
  guiche_statement_bind_int (statement, 4, due_us);
  guiche_statement_bind_text (statement, 5, last_error);
  guiche_statement_bind_int (statement, 6, guiche_tx_now_us (tx));
  return end_claim (statement, claim, error);
}

/* The end first: it says whether the claim still counts, and from then on nobody takes the job. */
gboolean
guiche_jobs_record_done (GuicheTx *tx, gpointer outcome, GError **error)
{
  GuicheJobOutcome *self = outcome;
  const GuicheClaim *claim = self->claim;
  gboolean is_ended = claim->job.key == NULL
                          ? remove_job (tx, claim, error)
                          : set_state (tx, claim, "done", guiche_tx_now_us (tx), NULL, error);

  return is_ended && (claim->kind->record == NULL ||
                      claim->kind->record (tx, &claim->job, self->result, error));
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

  if (is_permanent || claim->job.attempt >= guiche_job_kind_max_attempts (claim->kind)) {
    g_warning ("%s: job %s is dead: %s", guiche_tx_tenant (tx), claim->job.kind,
               self->failure->message);
    return set_state (tx, claim, "dead", due_us, self->failure->message, error);
  }

  due_us += next_delay (tx, claim);
  tx->job_due_us = MIN (tx->job_due_us, due_us);
  return set_state (tx, claim, "waiting", due_us, self->failure->message, error);
}
