/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/jobs.h"
#include "store/tx-private.h"

gboolean
guiche_tx_enqueue (GuicheTx *self,
                   const char *kind,
                   const char *key,
                   gint64 due_us,
                   const char *payload,
                   GError **error)
{
  static const char sql[] =
      "INSERT INTO jobs (id, kind, key, payload, state, attempts, due_at, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6, $6) "
      "ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING";
  GuicheStatement *statement = guiche_tx_prepare (self, sql, error);
  GuicheId id = guiche_tx_new_id (self);

  if (statement == NULL)
    return FALSE;

  if (due_us == 0)
    due_us = self->now_us;
  guiche_statement_bind_id (statement, 1, &id);
  guiche_statement_bind_text (statement, 2, kind);
  guiche_statement_bind_text (statement, 3, key);
  guiche_statement_bind_text (statement, 4, payload);
  guiche_statement_bind_int (statement, 5, due_us);
  guiche_statement_bind_int (statement, 6, self->now_us);
  if (!guiche_statement_run (statement, NULL, error))
    return FALSE;

  /* One that was there already is looked for in vain: cheaper than waiting to be told. */
  self->job_due_us = MIN (self->job_due_us, due_us);
  return TRUE;
}

gboolean
guiche_tx_cancel_job (GuicheTx *self,
                      const char *kind,
                      const char *key,
                      gboolean *out_cancelled,
                      GError **error)
{
  static const char sql[] = "DELETE FROM jobs WHERE kind = $1 AND key = $2 AND state = 'waiting'";
  GuicheStatement *statement = guiche_tx_prepare (self, sql, error);
  gint64 n_removed;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, kind);
  guiche_statement_bind_text (statement, 2, key);
  if (!guiche_statement_run (statement, &n_removed, error))
    return FALSE;

  if (out_cancelled != NULL)
    *out_cancelled = n_removed > 0;
  return TRUE;
}

void
guiche_job_row_free (GuicheJobRow *self)
{
  g_free (self->kind);
  g_free (self->key);
  g_free (self->payload);
  g_free (self->state);
  g_free (self->last_error);
  g_free (self);
}

static GuicheJobRow *
read_row (GuicheStatement *statement)
{
  GuicheJobRow *row = g_new0 (GuicheJobRow, 1);

  row->id = guiche_statement_id (statement, 0);
  row->kind = g_strdup (guiche_statement_text (statement, 1));
  row->key = g_strdup (guiche_statement_text (statement, 2));
  row->payload = g_strdup (guiche_statement_text (statement, 3));
  row->state = g_strdup (guiche_statement_text (statement, 4));
  row->attempts = (int) guiche_statement_int (statement, 5);
  row->due_us = guiche_statement_int (statement, 6);
  row->last_error = g_strdup (guiche_statement_text (statement, 7));
  return row;
}

GPtrArray *
guiche_jobs_list (GuicheTx *tx, const char *state, gsize limit, GError **error)
{
  static const char sql[] =
      "SELECT id, kind, key, payload, state, attempts, due_at, last_error FROM jobs "
      "WHERE state = COALESCE($1, state) ORDER BY due_at, id LIMIT $2";
  g_autoptr (GPtrArray) rows =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_job_row_free);
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return NULL;

  guiche_statement_bind_text (statement, 1, state);
  guiche_statement_bind_int (statement, 2, (gint64) MIN (limit, G_MAXINT));
  while (guiche_statement_next (statement, &local_error))
    g_ptr_array_add (rows, read_row (statement));
  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return NULL;
  }

  return g_steal_pointer (&rows);
}

gboolean
guiche_jobs_count (GuicheTx *tx, const char *state, gint64 *out_count, GError **error)
{
  GuicheStatement *statement =
      guiche_tx_prepare (tx, "SELECT COUNT(*) FROM jobs WHERE state = $1", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, state);
  if (!guiche_statement_next (statement, error))
    return FALSE;
  *out_count = guiche_statement_int (statement, 0);
  return TRUE;
}

gboolean
guiche_jobs_retry (GuicheTx *tx, const GuicheId *id, GError **error)
{
  static const char sql[] = "UPDATE jobs SET state = 'waiting', attempts = 0, due_at = $2, "
                            "updated_at = $2 WHERE id = $1 AND state = 'dead'";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  gint64 n_changed;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_id (statement, 1, id);
  guiche_statement_bind_int (statement, 2, tx->now_us);
  if (!guiche_statement_run (statement, &n_changed, error))
    return FALSE;
  if (n_changed == 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no dead job of that id");
    return FALSE;
  }

  tx->job_due_us = MIN (tx->job_due_us, tx->now_us);
  return TRUE;
}
