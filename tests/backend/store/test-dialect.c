/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/store.h"

#include <string.h>

/* What a statement means does not depend on the engine: this runs on each. */

static GuicheStatement *
prepare (GuicheTx *tx, const char *sql)
{
  g_autoptr (GError) error = NULL;
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, &error);

  g_assert_no_error (error);
  return statement;
}

static void
step (GuicheStatement *statement)
{
  g_autoptr (GError) error = NULL;
  gboolean has_row = guiche_statement_next (statement, &error);

  g_assert_no_error (error);
  g_assert_true (has_row);
}

static gint64
run (GuicheStatement *statement)
{
  g_autoptr (GError) error = NULL;
  gint64 n_changes = -1;

  guiche_statement_run (statement, &n_changes, &error);
  g_assert_no_error (error);
  return n_changes;
}

static gboolean
read_answers (GuicheTx *tx, gpointer data, GError **error)
{
  static const char sql[] =
      "SELECT 'abc' LIKE 'ABC', 'abc' LIKE 'a%', 1 = 1, EXISTS (SELECT 1 FROM jobs), 7 / 2, -7 / "
      "2, "
      "(SELECT COUNT(*) FROM jobs), (SELECT SUM (attempts) FROM jobs), 'B' < 'a', "
      "CASE WHEN 1 = 1 THEN 5 ELSE 6 END";
  static const gint64 answers[] = { 0, 1, 1, 0, 3, -3, 0, 0, 1, 5 };
  GuicheStatement *statement = prepare (tx, sql);

  step (statement);
  for (int i = 0; i < (int) G_N_ELEMENTS (answers); i++) {
    g_test_message ("column %d", i);
    g_assert_cmpint (guiche_statement_int (statement, i), ==, answers[i]);
  }
  g_assert_true (guiche_statement_is_null (statement, 7));
  return TRUE;
}

static void
test_answers (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_read (test, NULL, read_answers, NULL);
}

static void
insert_setting (GuicheTx *tx, const char *key, const char *value)
{
  GuicheStatement *insert = prepare (
      tx, "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");

  guiche_statement_bind_text (insert, 1, key);
  guiche_statement_bind_text (insert, 2, value);
  g_assert_cmpint (run (insert), ==, 1);
}

/* By code point, as memcmp() sees UTF-8, whatever the machine's language. */
static gboolean
run_order (GuicheTx *tx, gpointer data, GError **error)
{
  static const char *const sorted[] = { "t.",   "t.10", "t.9", "t.Z", "t._", "t.a",
                                        "t.aa", "t.z",  "t.Á", "t.á", "t.€", "t.\xf0\x9f\x98\x80" };
  GuicheStatement *statement;

  for (gsize i = 0; i < G_N_ELEMENTS (sorted); i++)
    insert_setting (tx, sorted[(i * 5) % G_N_ELEMENTS (sorted)], "x");
  statement = prepare (
      tx, "SELECT key FROM settings WHERE key LIKE 't.%' AND key >= $1 ORDER BY key LIMIT 50");
  guiche_statement_bind_text (statement, 1, "t.");
  for (gsize i = 0; i < G_N_ELEMENTS (sorted); i++) {
    step (statement);
    g_assert_cmpstr (guiche_statement_text (statement, 0), ==, sorted[i]);
  }
  return !guiche_statement_next (statement, error);
}

static void
test_order (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_write (test, NULL, run_order, NULL);
}

static gboolean
run_values (GuicheTx *tx, gpointer data, GError **error)
{
  static const guint8 zeros[3] = { 0, 0, 0xff };
  GuicheId id = GUICHE_ID_NONE;
  GuicheStatement *insert = prepare (
      tx, "INSERT INTO audit (seq, at, actor_role, actor_id, session_id, address, action, entity, "
          "detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
  GuicheStatement *row;
  gsize length;

  memset (id.bytes, 0xab, sizeof id.bytes);
  guiche_statement_bind_int (insert, 1, G_MAXINT64);
  guiche_statement_bind_int (insert, 2, G_MININT64);
  guiche_statement_bind_int (insert, 3, -1);
  guiche_statement_bind_id (insert, 4, &id);
  guiche_statement_bind_id (insert, 5, NULL);
  guiche_statement_bind_text (insert, 6, NULL);
  guiche_statement_bind_text (insert, 7, "");
  guiche_statement_bind_null (insert, 8);
  guiche_statement_bind_text_length (insert, 9, "'ação' \\ 😀 %_cut", strlen ("'ação' \\ 😀 %_"));
  guiche_statement_bind_bytes (insert, 10, zeros, sizeof zeros);
  g_assert_cmpint (run (insert), ==, 1);

  row = prepare (tx, "SELECT seq, at, actor_role, actor_id, session_id, address, action, entity, "
                     "detail, hash FROM audit WHERE hash = $1 AND seq = $2");
  guiche_statement_bind_bytes (row, 1, zeros, sizeof zeros);
  guiche_statement_bind_int (row, 2, G_MAXINT64);
  step (row);
  g_assert_cmpint (guiche_statement_int (row, 0), ==, G_MAXINT64);
  g_assert_cmpint (guiche_statement_int (row, 1), ==, G_MININT64);
  g_assert_cmpint (guiche_statement_int (row, 2), ==, -1);
  id = guiche_statement_id (row, 3);
  g_assert_cmpint (id.bytes[15], ==, 0xab);
  for (int column = 0; column < 10; column++)
    g_assert_cmpint (guiche_statement_is_null (row, column), ==,
                     column == 4 || column == 5 || column == 7);
  g_assert_null (guiche_statement_text (row, 5));
  g_assert_cmpstr (guiche_statement_text (row, 6), ==, "");
  g_assert_cmpstr (guiche_statement_text_length (row, 8, &length), ==, "'ação' \\ 😀 %_");
  g_assert_cmpuint (length, ==, strlen ("'ação' \\ 😀 %_"));
  g_assert_cmpmem (guiche_statement_bytes (row, 9, &length), 3, zeros, 3);
  g_assert_cmpuint (length, ==, 3);
  guiche_statement_reset (row);
  return TRUE;
}

static void
test_values (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_write (test, NULL, run_values, NULL);
}

static gboolean
run_changes (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *statement;

  insert_setting (tx, "t.a", "1");
  insert_setting (tx, "t.b", "1");
  statement = prepare (tx, "INSERT INTO settings (key, value) VALUES ('t.a', '2') "
                           "ON CONFLICT (key) DO NOTHING");
  g_assert_cmpint (run (statement), ==, 0);
  statement = prepare (tx, "INSERT INTO settings (key, value) VALUES ('t.a', '2') "
                           "ON CONFLICT (key) DO UPDATE SET value = excluded.value "
                           "WHERE settings.value < excluded.value RETURNING value");
  step (statement);
  g_assert_cmpstr (guiche_statement_text (statement, 0), ==, "2");
  g_assert_false (guiche_statement_next (statement, error));
  g_assert_cmpint (run (prepare (tx, "UPDATE settings SET value = value WHERE key LIKE 't.%'")), ==,
                   2);
  g_assert_cmpint (run (prepare (tx, "DELETE FROM settings WHERE key = 't.none'")), ==, 0);
  g_assert_cmpint (run (prepare (tx, "DELETE FROM settings WHERE key = 't.a'")), ==, 1);
  return TRUE;
}

static void
test_changes (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_write (test, NULL, run_changes, NULL);
}

static gboolean
run_statement (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (tx, data, error);

  return statement != NULL && guiche_statement_run (statement, NULL, error);
}

/* A constraint of any kind is the request's conflict; the company goes on. */
static void
test_conflicts (void)
{
  static const char *const refused[] = {
    "INSERT INTO queues (id, key, name, priority, position) SELECT id, 'x', 'x', 1, 1 FROM queues",
    "INSERT INTO canned_replies (id, shortcut, title, body, updated_at) "
    "SELECT id, 'same', 'x', 'x', 1 FROM queues",
    "UPDATE queues SET priority = 10 WHERE key = 'financial'",
    "UPDATE queues SET name = NULL WHERE key = 'financial'",
    "INSERT INTO queue_members (queue_id, user_id) SELECT id, id FROM queues",
  };
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    guiche_test_write_fails (test, NULL, run_statement, (char *) refused[i], GUICHE_ERROR_CONFLICT);
    guiche_test_write (test, NULL, run_statement,
                       (char *) "UPDATE queues SET position = position + 1");
  }
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM queues WHERE position > 5"), ==,
                   5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dialect/answers", test_answers);
  g_test_add_func ("/dialect/order", test_order);
  g_test_add_func ("/dialect/values", test_values);
  g_test_add_func ("/dialect/changes", test_changes);
  g_test_add_func ("/dialect/conflicts", test_conflicts);
  return g_test_run ();
}
