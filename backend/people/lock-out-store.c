/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/lock-out-store.h"

#include "base/error.h"

gboolean
guiche_lock_out_store_load (GuicheTx *tx,
                            const GuicheLoginHash *login,
                            GuicheLockOutRow *out_row,
                            GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT failures, locked_until, last_at FROM sign_in_failures WHERE login_hash = $1",
      error);

  *out_row = (GuicheLockOutRow){ 0 };
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_bytes (row, 1, login->bytes, sizeof login->bytes);
  if (guiche_statement_next (row, &failure)) {
    out_row->failures = guiche_statement_int (row, 0);
    out_row->locked_until_us = guiche_statement_int (row, 1);
    out_row->last_at_us = guiche_statement_int (row, 2);
  }
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_lock_out_store_save (GuicheTx *tx,
                            const GuicheLoginHash *login,
                            const GuicheLockOutRow *row,
                            GError **error)
{
  GuicheStatement *save = guiche_tx_prepare (
      tx,
      "INSERT INTO sign_in_failures (login_hash, failures, locked_until, last_at) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (login_hash) DO UPDATE SET "
      "failures = excluded.failures, locked_until = excluded.locked_until, "
      "last_at = excluded.last_at",
      error);

  if (save == NULL)
    return FALSE;
  guiche_statement_bind_bytes (save, 1, login->bytes, sizeof login->bytes);
  guiche_statement_bind_int (save, 2, row->failures);
  guiche_statement_bind_int (save, 3, row->locked_until_us);
  guiche_statement_bind_int (save, 4, row->last_at_us);
  return guiche_statement_run (save, NULL, error);
}

gboolean
guiche_lock_out_store_delete (GuicheTx *tx, const GuicheLoginHash *login, GError **error)
{
  GuicheStatement *forget =
      guiche_tx_prepare (tx, "DELETE FROM sign_in_failures WHERE login_hash = $1", error);

  if (forget == NULL)
    return FALSE;
  guiche_statement_bind_bytes (forget, 1, login->bytes, sizeof login->bytes);
  return guiche_statement_run (forget, NULL, error);
}

gboolean
guiche_lock_out_store_prune (GuicheTx *tx, gint64 before_us, gint64 keep, GError **error)
{
  GuicheStatement *forget = guiche_tx_prepare (
      tx,
      "DELETE FROM sign_in_failures WHERE last_at < $1 OR login_hash IN "
      "(SELECT login_hash FROM sign_in_failures ORDER BY last_at DESC, login_hash "
      "LIMIT 1000 OFFSET $2)",
      error);

  if (forget == NULL)
    return FALSE;
  guiche_statement_bind_int (forget, 1, before_us);
  guiche_statement_bind_int (forget, 2, keep);
  return guiche_statement_run (forget, NULL, error);
}
