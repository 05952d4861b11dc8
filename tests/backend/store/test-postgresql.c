/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "store/db-private.h"
#include "store/postgresql-pool.h"
#include "support/database.h"

#include <string.h>

/* The engine on its own: values as they travel, errors by their kind, what is put off, the pool. */

typedef struct {
  char *url;
  GuichePostgresqlPool *pool;
  GuicheDbLocation *location;
} Place;

static void
place_init (Place *self)
{
  self->url = guiche_test_database_new ();
  guiche_test_database_run (self->url,
                            "CREATE SCHEMA one; CREATE SCHEMA two;"
                            "CREATE TABLE one.t (a BIGINT PRIMARY KEY, b TEXT, c BYTEA);"
                            "CREATE TABLE two.t (a BIGINT PRIMARY KEY, b TEXT, c BYTEA)");
  self->pool = guiche_postgresql_pool_new ("guiche test", 4);
  self->location = guiche_db_location_new_postgresql (self->url, "one", self->pool);
}

static void
place_clear (Place *self)
{
  guiche_db_location_free (self->location);
  guiche_postgresql_pool_free (self->pool);
  guiche_test_database_free (self->url);
}

static GuicheDb *
lease (const GuicheDbLocation *location, GuicheDbRole role)
{
  g_autoptr (GError) error = NULL;
  GuicheDb *db = guiche_db_open (location, role, &error);

  g_assert_no_error (error);
  return db;
}

static GuicheStatement *
prepare (GuicheDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  GuicheStatement *statement = guiche_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  return statement;
}

static void
step (GuicheStatement *statement)
{
  g_autoptr (GError) error = NULL;

  guiche_statement_next (statement, &error);
  g_assert_no_error (error);
}

static gint64
number (GuicheDb *db, const char *sql)
{
  GuicheStatement *statement = prepare (db, sql);
  gint64 value;

  step (statement);
  value = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return value;
}

static void
test_values (void)
{
  static const gint64 integers[] = { 0, 1, -1, G_MAXINT64, G_MININT64, 1234567890123 };
  static const char bytes[] = { 'a', '\0', '\xff', 'b' };
  GuicheDb *db;
  Place place;
  gsize length;

  place_init (&place);
  db = lease (place.location, GUICHE_DB_WRITER);
  for (gsize i = 0; i < G_N_ELEMENTS (integers); i++) {
    GuicheStatement *statement =
        prepare (db, "SELECT $1, CAST($1 AS NUMERIC), $2, $3, CAST($4 AS BIGINT), $5 IS NULL");

    guiche_statement_bind_int (statement, 1, integers[i]);
    guiche_statement_bind_text (statement, 2, "ação ☎");
    guiche_statement_bind_bytes (statement, 3, bytes, sizeof bytes);
    if (i % 2 == 0)
      guiche_statement_bind_null (statement, 4);
    else
      guiche_statement_bind_int (statement, 4, 7);
    guiche_statement_bind_id (statement, 5, NULL);
    step (statement);
    g_assert_cmpint (guiche_statement_int (statement, 0), ==, integers[i]);
    if (integers[i] != G_MININT64)
      g_assert_cmpint (guiche_statement_int (statement, 1), ==, integers[i]);
    g_assert_cmpstr (guiche_statement_text (statement, 2), ==, "ação ☎");
    g_assert_true (memcmp (guiche_statement_bytes (statement, 3, &length), bytes, 4) == 0);
    g_assert_cmpuint (length, ==, sizeof bytes);
    g_assert_true (guiche_statement_is_null (statement, 4) == (i % 2 == 0));
    g_assert_cmpint (guiche_statement_int (statement, 5), ==, 1);
    g_assert_false (guiche_statement_next (statement, NULL));
  }
  g_assert_cmpint (number (db, "SELECT COUNT(*) FROM t"), ==, 0);
  g_assert_cmpint (number (db, "SELECT CAST(7 AS SMALLINT)"), ==, 7);
  g_assert_cmpint (number (db, "SELECT 70000"), ==, 70000);
  g_assert_cmpint (number (db, "SELECT -120000::numeric"), ==, -120000);
  g_assert_cmpint (number (db, "SELECT 1 = 1"), ==, 1);
  g_assert_cmpint (number (db, "SELECT SUM(i) FROM generate_series(1, 100000) AS i"), ==,
                   5000050000);
  g_assert_cmpint (number (db, "SELECT '42'"), ==, 42);
  guiche_db_close (db);
  place_clear (&place);
}

static void
assert_fails (GuicheDb *db, const char *sql, GuicheError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (guiche_db_run (db, sql, &error));
  g_assert_error (error, GUICHE_ERROR, (int) code);
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  GuicheStatement *statement;
  GuicheDb *db;
  Place place;

  place_init (&place);
  db = lease (place.location, GUICHE_DB_WRITER);
  g_assert_true (guiche_db_run (db, "INSERT INTO t VALUES (1, 'private', NULL)", NULL));
  assert_fails (db, "INSERT INTO t VALUES (1, NULL, NULL)", GUICHE_ERROR_CONFLICT);
  assert_fails (db, "SELECT nothing FROM nowhere", GUICHE_ERROR_INTERNAL);
  assert_fails (db,
                "SELECT pg_sleep(60) FROM (SELECT set_config('statement_timeout', '50', "
                "false)) AS s, pg_terminate_backend(pg_backend_pid())",
                GUICHE_ERROR_UNAVAILABLE);
  g_assert_false (guiche_db_is_alive (db));
  guiche_db_close (db);

  /* What was refused does not stand in the message. */
  db = lease (place.location, GUICHE_DB_WRITER);
  statement = prepare (db, "INSERT INTO t VALUES (2, $1, NULL)");
  guiche_statement_bind_text_length (statement, 1, "pri\0vate", 8);
  g_assert_false (guiche_statement_run (statement, NULL, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
  g_assert_null (strstr (error->message, "pri"));
  guiche_db_close (db);
  place_clear (&place);
}

/* What is put off fails later, and nothing of the transaction is committed. */
static void
test_deferred (void)
{
  g_autoptr (GError) error = NULL;
  guint64 before;
  GuicheDb *db;
  Place place;

  place_init (&place);
  db = lease (place.location, GUICHE_DB_WRITER);
  before = guiche_db_round_trips (db);
  g_assert_true (guiche_db_begin (db, NULL));
  guiche_db_set_deferring (db, TRUE);
  g_assert_true (guiche_db_run (db, "INSERT INTO t VALUES (1, 'a', NULL)", NULL));
  g_assert_true (guiche_db_run (db, "INSERT INTO t VALUES (2, 'b', NULL)", NULL));
  g_assert_true (guiche_db_commit (db, NULL));
  g_assert_cmpuint (guiche_db_round_trips (db) - before, ==, 1);

  g_assert_true (guiche_db_begin (db, NULL));
  guiche_db_set_deferring (db, TRUE);
  g_assert_true (guiche_db_run (db, "INSERT INTO t VALUES (3, 'c', NULL)", NULL));
  g_assert_true (guiche_db_run (db, "INSERT INTO t VALUES (3, 'd', NULL)", NULL));
  g_assert_false (guiche_db_commit (db, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT);
  g_assert_cmpint (guiche_db_trouble (db), ==, GUICHE_DB_LATE_ERROR);
  guiche_db_roll_back (db);

  /* A rollback is done though what was put off before it fails. */
  g_assert_true (guiche_db_begin (db, NULL));
  guiche_db_set_deferring (db, TRUE);
  g_assert_true (guiche_db_run (db, "INSERT INTO t VALUES (2, 'e', NULL)", NULL));
  guiche_db_roll_back (db);
  g_assert_true (guiche_db_begin (db, NULL));
  g_assert_cmpint (number (db, "SELECT COUNT(*) FROM t"), ==, 2);
  g_assert_true (guiche_db_commit (db, NULL));
  guiche_db_close (db);
  place_clear (&place);
}

/* A connection stays with its company while there are others; readers leave some to writers. */
static void
test_pool (void)
{
  g_autoptr (GuicheDbLocation) other = NULL;
  g_autoptr (GError) error = NULL;
  GuicheDb *readers[3];
  GuicheDb *writer, *again;
  Place place;

  place_init (&place);
  other = guiche_db_location_new_postgresql (place.url, "two", place.pool);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    readers[i] = lease (place.location, GUICHE_DB_READER);
  g_assert_null (guiche_db_open (place.location, GUICHE_DB_READER, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
  writer = lease (other, GUICHE_DB_WRITER);
  g_assert_true (guiche_db_run (writer, "INSERT INTO t VALUES (1, NULL, NULL)", NULL));
  g_assert_cmpint (number (readers[0], "SELECT COUNT(*) FROM t"), ==, 0);
  guiche_db_close (writer);
  again = lease (other, GUICHE_DB_WRITER);
  g_assert_true (again == writer);
  guiche_db_close (again);

  /* One that the server has ended is not given out, nor one of another company as it was. */
  guiche_test_database_run (place.url,
                            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE "
                            "application_name = 'guiche test'");
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    guiche_db_close (readers[i]);
  for (guint i = 0; i < 10; i++) {
    GuicheDb *db = lease (i % 2 == 0 ? place.location : other, GUICHE_DB_READER);

    g_assert_cmpint (number (db, "SELECT COUNT(*) FROM t"), ==, i % 2);
    guiche_db_close (db);
  }
  g_assert_cmpuint (guiche_postgresql_pool_count (place.pool), <=, 4);
  place_clear (&place);
}

/* A company that cannot be opened is unavailable alone, and comes back by itself. */
static void
test_unopenable (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GError) error = NULL;
  GuicheTenant *other = guiche_store_create_tenant (test->store, "other", "Outra", &error);

  g_assert_no_error (error);
  guiche_test_store_close (test);
  guiche_test_database_run (test->database_url,
                            "UPDATE tenant_demo.schema_version SET version = version + 1000, "
                            "readable_by = version + 1000");
  guiche_test_store_open (test);
  guiche_test_write_fails (test, NULL, ledger_write, (char *) "a", GUICHE_ERROR_UNAVAILABLE);
  other = guiche_store_find_tenant (test->store, "other");
  g_assert_true (guiche_tenant_write_sync (other, NULL, ledger_write, (char *) "b", &error));

  guiche_test_database_run (test->database_url,
                            "UPDATE tenant_demo.schema_version SET version = version - 1000, "
                            "readable_by = 0");
  for (gint64 until_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;;) {
    g_clear_error (&error);
    if (guiche_tenant_write_sync (test->tenant, NULL, ledger_write, (char *) "a", &error))
      break;
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
    g_usleep (50000);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ledger_silence ();
  if (!guiche_test_is_on_postgresql ())
    return 77;
  g_test_add_func ("/postgresql/values", test_values);
  g_test_add_func ("/postgresql/errors", test_errors);
  g_test_add_func ("/postgresql/deferred", test_deferred);
  g_test_add_func ("/postgresql/pool", test_pool);
  g_test_add_func ("/postgresql/unopenable", test_unopenable);
  return g_test_run ();
}
