/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"

#include "store/store-private.h"

gboolean
ledger_write (GuicheTx *tx, gpointer name, GError **error)
{
  GuicheStatement *statement =
      guiche_tx_prepare (tx, "INSERT INTO settings (key, value) VALUES ($1, 'x')", error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, name);
  return guiche_statement_run (statement, NULL, error) &&
         guiche_tx_emit (tx, "test.made", "*", NULL, "{}", 2, error);
}

static gboolean
check_names (GuicheTx *tx, gpointer data, GError **error)
{
  GPtrArray *acknowledged = data;

  for (guint i = 0; i < acknowledged->len; i++) {
    GuicheStatement *statement =
        guiche_tx_prepare (tx, "SELECT 1 FROM settings WHERE key = $1", error);

    guiche_statement_bind_text (statement, 1, acknowledged->pdata[i]);
    if (!guiche_statement_next (statement, error))
      g_error ("acknowledged and lost: %s", (char *) acknowledged->pdata[i]);
  }

  return TRUE;
}

static gboolean
check_database (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_db_quick_check (tx->db, error);
}

gint64
ledger_audit (GuicheTestStore *test, GPtrArray *acknowledged)
{
  gint64 n_entries =
      guiche_test_number (test, "SELECT COUNT(*) FROM settings WHERE key NOT LIKE 'batch.%'");

  guiche_test_read (test, NULL, check_names, acknowledged);
  guiche_test_read (test, NULL, check_database, NULL);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM events"), ==, n_entries);
  g_assert_cmpint (guiche_test_number (test, "SELECT COALESCE(MAX(seq), 0) FROM events"), ==,
                   n_entries);
  return n_entries;
}

static void
drop (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0)
    g_log_default_handler (domain, level, message, user_data);
}

void
ledger_silence (void)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_default_handler (drop, NULL);
}
