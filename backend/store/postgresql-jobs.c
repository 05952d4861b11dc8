/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/postgresql-jobs.h"

#include "store/store-private.h"

#define COLUMNS "id, kind, key, payload, attempts, due_at, lease_token"

const char guiche_postgresql_expired_job_sql[] =
    "SELECT " COLUMNS " FROM jobs "
    "WHERE state = 'running' AND lease_until < $1 AND lease_owner <> $2 "
    "ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED";

const char guiche_postgresql_due_job_sql[] =
    "SELECT " COLUMNS " FROM jobs "
    "WHERE state = 'waiting' AND (strpos($1, ' ' || kind || ' ') > 0 OR due_at < $2) "
    "ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED";

static gboolean
run_and_commit (GuicheTx *tx, GuicheDb *db, GuicheWorkRun run, gpointer data, GError **error)
{
  static const GuicheActor nobody = { 0 };

  if (!guiche_db_begin (db, error))
    return FALSE;

  guiche_tx_begin_request (tx, &nobody, NULL);
  tx->savepoint = GUICHE_SAVEPOINT_WAIVED;
  if (run (tx, data, error) && guiche_db_commit (db, error))
    return TRUE;

  guiche_db_roll_back (db);
  return FALSE;
}

gboolean
guiche_postgresql_transact (GuicheTenant *tenant, GuicheWorkRun run, gpointer data, GError **error)
{
  GuicheStore *store = tenant->store;
  g_autoptr (GuicheDb) db = NULL;
  GuicheTx *tx;
  gboolean is_done;

  if (!guiche_tenant_make_ready (tenant, error))
    return FALSE;
  db = guiche_db_open (tenant->location, GUICHE_DB_WRITER, error);
  if (db == NULL)
    return FALSE;

  tx = guiche_tx_new (tenant->key, guiche_store_audit_key (store), guiche_store_clock (store),
                      guiche_store_id_seed (store, tenant->key, 2), FALSE);
  tx->db = db;
  tx->thread = g_thread_self ();
  is_done = run_and_commit (tx, db, run, data, error);
  guiche_tx_free (tx);
  return is_done;
}
