/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/sqlite-private.h"
#include "support/store.h"
#include "support/vfs.h"

#include <glib/gstdio.h>

#define N_COMMITS 500
#define N_IMAGES 250
#define END_FRAMES 300 /* so that logs end and begin anew many times */

/* Power cuts: what was not synced reaches the disk in part and in any order. */

static void
run (GuicheDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  guiche_db_run (db, sql, &error);
  g_assert_no_error (error);
}

static void
insert (GuicheDb *db, gint64 number)
{
  static const char payload[3000] = { 1, 2, 3 };
  GuicheStatement *statement = guiche_db_prepare (
      db, "INSERT INTO entries (number, shuffled, payload) VALUES ($1, $2, $3)", NULL);

  guiche_statement_bind_int (statement, 1, number);
  guiche_statement_bind_int (statement, 2, number * 7919 % 100003);
  guiche_statement_bind_bytes (statement, 3, payload, sizeof payload);
  g_assert_true (guiche_statement_run (statement, NULL, NULL));
}

static gint64
number (GuicheDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  GuicheStatement *statement = guiche_db_prepare (db, sql, &error);
  gint64 value;

  g_assert_no_error (error);
  g_assert_true (guiche_statement_next (statement, &error));
  value = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return value;
}

/* @acknowledged_at: how many calls the disk had seen when each commit returned. */
static void
work (const char *path, guint *acknowledged_at)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDbLocation) location = guiche_db_location_new_sqlite (path);
  g_autoptr (GuicheDb) db = guiche_db_open (location, GUICHE_DB_WRITER, &error);

  g_assert_no_error (error);
  ((GuicheSqlite *) db)->end_frames = END_FRAMES;
  run (db, "CREATE TABLE entries (number INTEGER PRIMARY KEY, shuffled INTEGER UNIQUE, payload "
           "BLOB) STRICT");
  for (int i = 0; i < N_COMMITS; i++) {
    run (db, "BEGIN IMMEDIATE");
    insert (db, 2 * i);
    insert (db, 2 * i + 1);
    run (db, "COMMIT");
    acknowledged_at[i] = guiche_test_vfs_n_recorded ();
    g_assert_true (guiche_db_tend_log (db, &error));
  }
}

static void
check_image (const char *directory, const guint *acknowledged_at, guint n_calls)
{
  g_autofree char *path = g_build_filename (directory, "a.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDbLocation) location = guiche_db_location_new_sqlite (path);
  g_autoptr (GuicheDb) db = guiche_db_open (location, GUICHE_DB_WRITER, &error);
  gint64 n_acknowledged = 0;
  gint64 n_entries;

  g_assert_no_error (error);
  guiche_db_quick_check (db, &error);
  g_assert_no_error (error);
  while (n_acknowledged < N_COMMITS && acknowledged_at[n_acknowledged] <= n_calls)
    n_acknowledged++;
  if (number (db, "SELECT COUNT(*) FROM sqlite_schema") == 0) {
    g_assert_cmpint (n_acknowledged, ==, 0);
    return;
  }
  n_entries = number (db, "SELECT COUNT(*) FROM entries");
  g_assert_cmpint (n_entries, >=, 2 * n_acknowledged);
  g_assert_cmpint (n_entries % 2, ==, 0);
  g_assert_cmpint (number (db, "SELECT COALESCE(MAX(number), -1) FROM entries"), ==, n_entries - 1);
}

static void
test_power_cuts (void)
{
  g_autofree char *directory = g_dir_make_tmp ("guiche-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "a.db", NULL);
  g_autofree guint *acknowledged_at = g_new0 (guint, N_COMMITS);
  GRand *rand = g_rand_new_with_seed (7);
  guint n_calls;

  guiche_test_vfs_record (TRUE);
  work (path, acknowledged_at);
  n_calls = guiche_test_vfs_n_recorded ();
  for (int i = 0; i < N_IMAGES; i++) {
    g_autofree char *image = g_dir_make_tmp ("guiche-test-XXXXXX", NULL);
    guint at = (guint) g_rand_int_range (rand, 0, (gint32) n_calls);

    guiche_test_vfs_crash_image (directory, image, at, g_rand_int (rand));
    check_image (image, acknowledged_at, at);
    guiche_test_remove_directory (image);
  }
  guiche_test_vfs_record (FALSE);
  g_rand_free (rand);
  guiche_test_remove_directory (directory);
}

/* The log's space is given back, and the next commit is as durable as any. */
static void
test_truncated_log (void)
{
  g_autofree char *directory = g_dir_make_tmp ("guiche-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "a.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (GuicheDbLocation) location = guiche_db_location_new_sqlite (path);
  GuicheDb *db = guiche_db_open (location, GUICHE_DB_WRITER, NULL);
  GStatBuf status;

  run (db, "CREATE TABLE entries (number INTEGER PRIMARY KEY, shuffled INTEGER UNIQUE, payload "
           "BLOB) STRICT");
  for (int i = 0; i < 10; i++) {
    insert (db, i);
    guiche_db_truncate_log (db);
    g_assert_cmpint (g_stat (log, &status), ==, 0);
    g_assert_cmpint (status.st_size, ==, 0);
    g_assert_cmpuint (guiche_db_log_frames (db), ==, 0);
  }
  guiche_db_close (db);
  db = guiche_db_open (location, GUICHE_DB_WRITER, NULL);
  g_assert_cmpint (number (db, "SELECT COUNT(*) FROM entries"), ==, 10);
  guiche_db_close (db);
  guiche_test_remove_directory (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  guiche_test_vfs_install ();
  g_test_add_func ("/power/cuts", test_power_cuts);
  g_test_add_func ("/power/truncated-log", test_truncated_log);
  return g_test_run ();
}
