/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/migration.h"
#include "support/database.h"
#include "support/store.h"

#include <string.h>

#define N_NODES 4

/* test-migration's questions, and those that several nodes bring up. */

typedef struct {
  char *directory;
  char *url;
  GuicheDbLocation *location;
  char *backups;
} Place;

static void
place_init (Place *self)
{
  self->directory = g_dir_make_tmp ("guiche-test-XXXXXX", NULL);
  self->url = guiche_test_database_new ();
  self->location = guiche_db_location_new_postgresql (self->url, "tenant_a-b", NULL);
  self->backups = g_build_filename (self->directory, "backups", NULL);
}

static void
place_clear (Place *self)
{
  guiche_test_remove_directory (self->directory);
  guiche_db_location_free (self->location);
  guiche_test_database_free (self->url);
  g_free (self->directory);
  g_free (self->backups);
}

static void
migrate (Place *place, const char *resource)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDb) db = guiche_migrate (place->location, resource, place->backups, 2, &error);

  g_assert_no_error (error);
  g_assert_nonnull (db);
  g_assert_false (guiche_migration_is_needed (place->location, resource, &error));
  g_assert_no_error (error);
}

static gint64
number (Place *place, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDb) db = guiche_db_open (place->location, GUICHE_DB_READER, &error);
  GuicheStatement *statement = db == NULL ? NULL : guiche_db_prepare (db, sql, &error);
  gint64 value;

  g_assert_no_error (error);
  g_assert_true (guiche_statement_next (statement, &error));
  value = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return value;
}

static gint64
version (Place *place)
{
  return number (place, "SELECT version FROM schema_version");
}

static guint
count_backups (Place *place)
{
  g_autoptr (GDir) directory = g_dir_open (place->backups, 0, NULL);
  guint n = 0;
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_assert_true (g_str_has_suffix (name, ".backup.dump"));
    n++;
  }
  return n;
}

static void
test_steps (void)
{
  Place place;

  place_init (&place);
  g_assert_true (guiche_migration_is_needed (place.location, "/test/one", NULL));
  migrate (&place, "/test/one");
  g_assert_cmpuint (count_backups (&place), ==, 0);
  g_assert_true (guiche_migration_is_needed (place.location, "/test/two", NULL));
  migrate (&place, "/test/two");
  g_assert_cmpint (version (&place), ==, 2);
  g_assert_cmpuint (count_backups (&place), ==, 1);
  migrate (&place, "/test/two");
  g_assert_cmpuint (count_backups (&place), ==, 1);
  place_clear (&place);
}

static char *
find_backup (Place *place)
{
  g_autoptr (GDir) directory = g_dir_open (place->backups, 0, NULL);

  return g_build_filename (place->backups, g_dir_read_name (directory), NULL);
}

/* What the backup holds is what was there. */
static void
assert_restores (Place *place)
{
  g_autofree char *backup = find_backup (place);
  g_autofree char *quoted = g_shell_quote (backup);
  g_autofree char *command = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  guiche_test_database_run (place->url, "ALTER SCHEMA \"tenant_a-b\" RENAME TO before");
  command = g_strdup_printf ("pg_restore --dbname=%s %s", place->url, quoted);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (version (place), ==, 2);
  g_assert_cmpint (number (place, "SELECT COUNT(*) FROM parts"), ==, 1);
}

static void
assert_rolled_back (const char *resource)
{
  Place place;

  place_init (&place);
  migrate (&place, "/test/two");
  for (int i = 0; i < 4; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (guiche_migrate (place.location, resource, place.backups, 2, &error));
    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error->message, "0003-"));
  }
  g_assert_cmpuint (count_backups (&place), ==, 2);
  g_assert_cmpint (version (&place), ==, 2);
  g_assert_cmpint (number (&place, "SELECT COUNT(*) FROM things"), ==, 1);
  g_assert_cmpint (number (&place, "SELECT COUNT(*) FROM pg_class WHERE relname = 'half'"), ==, 0);
  g_assert_cmpint (number (&place, "SELECT COUNT(*) FROM parts"), ==, 1);
  assert_restores (&place);
  place_clear (&place);
}

static void
test_rolled_back (void)
{
  assert_rolled_back ("/test/wrong");
  assert_rolled_back ("/test/orphan");
}

static void
test_newer (void)
{
  Place place;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) asked = NULL;

  place_init (&place);
  migrate (&place, "/test/two");
  g_assert_null (guiche_migrate (place.location, "/test/one", place.backups, 2, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
  g_assert_false (guiche_migration_is_needed (place.location, "/test/one", &asked));
  g_assert_error (asked, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
  g_assert_cmpint (version (&place), ==, 2);
  g_assert_cmpuint (count_backups (&place), ==, 0);
  place_clear (&place);
}

/* The third migration only adds: who knows the second may go on, who knows only the first not. */
static void
test_readable_by (void)
{
  Place place;
  g_autoptr (GError) error = NULL;

  place_init (&place);
  migrate (&place, "/test/more");
  migrate (&place, "/test/two");
  g_assert_cmpint (version (&place), ==, 3);
  g_assert_null (guiche_migrate (place.location, "/test/one", place.backups, 2, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
  place_clear (&place);
}

static gpointer
migrate_thread (gpointer data)
{
  migrate (data, "/test/two");
  return NULL;
}

static void
test_several_nodes (void)
{
  GThread *threads[N_NODES];
  Place place;

  place_init (&place);
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < N_NODES; i++)
      threads[i] = g_thread_new ("node", migrate_thread, &place);
    for (int i = 0; i < N_NODES; i++)
      g_thread_join (threads[i]);
    g_assert_cmpint (version (&place), ==, 2);
    g_assert_cmpint (number (&place, "SELECT COUNT(*) FROM parts"), ==, 1);
    g_assert_cmpuint (count_backups (&place), ==, (guint) round);
    guiche_test_database_run (place.url, "DROP SCHEMA \"tenant_a-b\" CASCADE");
    migrate (&place, "/test/one");
  }
  place_clear (&place);
}

static void
test_no_backup (void)
{
  Place place;
  g_autofree char *search_path = g_strdup (g_getenv ("PATH"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDb) db = NULL;

  place_init (&place);
  migrate (&place, "/test/one");
  g_setenv ("PATH", place.directory, TRUE);
  g_assert_null (guiche_migrate (place.location, "/test/two", place.backups, 2, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
  g_assert_cmpint (version (&place), ==, 1);
  g_clear_error (&error);
  db = guiche_migrate (place.location, "/test/two", NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (version (&place), ==, 2);
  g_setenv ("PATH", search_path, TRUE);
  place_clear (&place);
}

static gboolean
run_setting (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *insert =
      guiche_tx_prepare (tx, "INSERT INTO settings (key, value) VALUES ($1, 'x')", error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_text (insert, 1, data);
  return guiche_statement_run (insert, NULL, error);
}

/* A company that cannot be opened is warned of. */
/* A node of the next version has migrated already: this one goes on beside it as long as all that
 * was added can be ignored. */
static void
test_beside_newer (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_store_close (test);
  guiche_test_database_run (
      test->database_url,
      "ALTER TABLE tenant_demo.settings ADD COLUMN later TEXT;"
      "UPDATE tenant_demo.schema_version SET readable_by = version, version = version + 1;"
      "UPDATE control.schema_version SET readable_by = version, version = version + 1");
  guiche_test_store_open (test);
  guiche_test_write (test, NULL, run_setting, (char *) "beside");
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM settings WHERE key = 'beside'"),
                   ==, 1);

  guiche_test_store_close (test);
  guiche_test_database_run (test->database_url,
                            "UPDATE tenant_demo.schema_version SET readable_by = version");
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  guiche_test_store_open (test);
  guiche_test_write_fails (test, NULL, run_setting, (char *) "too late", GUICHE_ERROR_UNAVAILABLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration-postgresql/steps", test_steps);
  g_test_add_func ("/migration-postgresql/rolled-back", test_rolled_back);
  g_test_add_func ("/migration-postgresql/newer", test_newer);
  g_test_add_func ("/migration-postgresql/readable-by", test_readable_by);
  g_test_add_func ("/migration-postgresql/several-nodes", test_several_nodes);
  g_test_add_func ("/migration-postgresql/no-backup", test_no_backup);
  g_test_add_func ("/migration-postgresql/beside-newer", test_beside_newer);
  return g_test_run ();
}
