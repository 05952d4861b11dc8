/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/store.h"

static gboolean
act (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheId id = guiche_tx_new_id (tx);

  return guiche_tx_audit (tx, "conversation.accept", &id, "{\"n\":1}", error);
}

static gboolean
act_and_fail (GuicheTx *tx, gpointer data, GError **error)
{
  if (act (tx, data, error))
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT, "on purpose");
  return FALSE;
}

static gboolean
tamper (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (tx, data, error);

  return statement != NULL && guiche_statement_run (statement, NULL, error);
}

static GuicheTestStore *
make_log (void)
{
  GuicheTestStore *test = guiche_test_store_new ();
  GuicheActor actor = { .role = GUICHE_ROLE_AGENT, .address = "192.0.2.7", .id = { { 7 } } };

  for (int i = 0; i < 10; i++) {
    guiche_test_write (test, i % 2 ? &actor : NULL, act, NULL);
    guiche_test_write_fails (test, NULL, act_and_fail, NULL, GUICHE_ERROR_CONFLICT);
  }
  guiche_test_store_reopen (test);
  return test;
}

static void
test_good (void)
{
  g_autoptr (GuicheTestStore) test = make_log ();
  g_autoptr (GError) error = NULL;
  gint64 n = 0;

  guiche_tenant_verify_audit (test->tenant, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 10);
  guiche_test_write (test, NULL, act, NULL);
  g_assert_true (guiche_tenant_verify_audit (test->tenant, &n, NULL));
  g_assert_cmpint (n, ==, 11);
}

static void
test_tampered (gconstpointer sql)
{
  g_autoptr (GuicheTestStore) test = make_log ();
  g_autoptr (GError) error = NULL;

  guiche_test_write (test, NULL, tamper, (gpointer) sql);
  g_assert_false (guiche_tenant_verify_audit (test->tenant, NULL, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT);
  g_assert_nonnull (guiche_error_get_detail (error, "seq"));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name, *sql;
  } tampers[] = {
    { "edit", "UPDATE audit SET detail = '{\"n\":2}' WHERE seq = 5" },
    { "edit-last", "UPDATE audit SET action = 'x' WHERE seq = 10" },
    { "edit-actor", "UPDATE audit SET actor_id = NULL WHERE seq = 4" },
    { "edit-time", "UPDATE audit SET at = at + 1 WHERE seq = 1" },
    { "delete", "DELETE FROM audit WHERE seq = 3" },
    { "delete-first", "DELETE FROM audit WHERE seq = 1" },
    { "truncate", "DELETE FROM audit WHERE seq > 8" },
    { "empty", "DELETE FROM audit" },
    { "insert",
      "INSERT INTO audit SELECT 11, at, actor_role, actor_id, session_id, address, action, entity, "
      "detail, hash FROM audit WHERE seq = 10" },
    { "reorder", "UPDATE audit SET (actor_id, entity, hash) = (SELECT b.actor_id, b.entity, b.hash "
                 "FROM audit AS b "
                 "WHERE b.seq = 15 - audit.seq) WHERE seq IN (7, 8)" },
    { "move-fields",
      "UPDATE audit SET action = 'conversation.accep', address = 't192.0.2.7' WHERE seq = 2" },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/good", test_good);
  for (gsize i = 0; i < G_N_ELEMENTS (tampers); i++) {
    g_autofree char *path = g_strconcat ("/audit/", tampers[i].name, NULL);

    g_test_add_data_func (path, tampers[i].sql, test_tampered);
  }
  return g_test_run ();
}
