/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/migration.h"
#include "support/store.h"

#include <glib/gstdio.h>

typedef struct {
  char *directory;
  char *path;
  GuicheDbLocation *location;
  char *backups;
} Place;

static void
place_init (Place *self)
{
  self->directory = g_dir_make_tmp ("guiche-test-XXXXXX", NULL);
  self->path = g_build_filename (self->directory, "a.db", NULL);
  self->location = guiche_db_location_new_sqlite (self->path);
  self->backups = g_build_filename (self->directory, "backups", NULL);
}

static void
place_clear (Place *self)
{
  guiche_test_remove_directory (self->directory);
  g_free (self->directory);
  guiche_db_location_free (self->location);
  g_free (self->path);
  g_free (self->backups);
}

static void
migrate (Place *place, const char *resource)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDb) db = guiche_migrate (place->location, resource, place->backups, 2, &error);

  g_assert_no_error (error);
  g_assert_cmpint (guiche_db_get_version (db, NULL), ==, guiche_migration_newest (resource));
}

static gint64
number (GuicheDb *db, const char *sql)
{
  GuicheStatement *statement = guiche_db_prepare (db, sql, NULL);
  gint64 value;

  g_assert_nonnull (statement);
  g_assert_true (guiche_statement_next (statement, NULL));
  value = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return value;
}

static guint
count_backups (Place *place)
{
  g_autoptr (GDir) directory = g_dir_open (place->backups, 0, NULL);
  guint n = 0;

  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;
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
  g_assert_false (guiche_migration_is_needed (place.location, "/test/one", NULL));
  g_assert_true (guiche_migration_is_needed (place.location, "/test/two", NULL));
  migrate (&place, "/test/two");
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

/* The whole migration is undone; what was there before is there, and in the backup. */
static void
assert_rolled_back (const char *resource)
{
  Place place;
  g_autofree char *backup = NULL;

  place_init (&place);
  migrate (&place, "/test/two");
  for (int i = 0; i < 4; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (guiche_migrate (place.location, resource, place.backups, 2, &error));
    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error->message, "0003-"));
  }
  g_assert_cmpuint (count_backups (&place), ==, 2);
  {
    g_autoptr (GuicheDb) db = guiche_db_open (place.location, GUICHE_DB_WRITER, NULL);

    g_assert_cmpint (guiche_db_get_version (db, NULL), ==, 2);
    g_assert_cmpint (number (db, "SELECT COUNT(*) FROM things"), ==, 1);
    g_assert_cmpint (number (db, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'half'"), ==, 0);
    g_assert_cmpint (number (db, "SELECT COUNT(*) FROM parts"), ==, 1);
  }
  backup = find_backup (&place);
  {
    g_autoptr (GuicheDbLocation) copy = guiche_db_location_new_sqlite (backup);
    g_autoptr (GuicheDb) db = guiche_db_open (copy, GUICHE_DB_WRITER, NULL);

    g_assert_cmpint (guiche_db_get_version (db, NULL), ==, 2);
    g_assert_cmpint (number (db, "SELECT COUNT(*) FROM things"), ==, 1);
  }
  place_clear (&place);
}

static void
test_rolled_back (void)
{
  assert_rolled_back ("/test/wrong");
  assert_rolled_back ("/test/orphan");
}

static char *
checksum (const char *path)
{
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    return g_strdup ("absent");
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);
}

static void
test_newer (void)
{
  Place place;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) asked = NULL;

  place_init (&place);
  migrate (&place, "/test/two");
  before = checksum (place.path);
  g_assert_null (guiche_migrate (place.location, "/test/one", place.backups, 2, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
  g_assert_false (guiche_migration_is_needed (place.location, "/test/one", &asked));
  g_assert_error (asked, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
  after = checksum (place.path);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (count_backups (&place), ==, 0);
  place_clear (&place);
}

/* After a crash the newer version may stand in the log only. */
static void
test_newer_in_log (void)
{
  Place place, crashed;
  g_autofree char *log = NULL;
  g_autofree char *crashed_log = NULL;
  g_autofree char *before = NULL;
  g_autofree char *log_before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *log_after = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  place_init (&place);
  place_init (&crashed);
  migrate (&place, "/test/one");
  log = g_strconcat (place.path, "-wal", NULL);
  crashed_log = g_strconcat (crashed.path, "-wal", NULL);
  {
    g_autoptr (GuicheDb) db = guiche_migrate (place.location, "/test/two", NULL, 0, NULL);

    g_assert_true (g_file_get_contents (place.path, &contents, &length, NULL));
    g_assert_true (g_file_set_contents (crashed.path, contents, (gssize) length, NULL));
    g_clear_pointer (&contents, g_free);
    g_assert_true (g_file_get_contents (log, &contents, &length, NULL));
    g_assert_true (g_file_set_contents (crashed_log, contents, (gssize) length, NULL));
  }

  before = checksum (crashed.path);
  log_before = checksum (crashed_log);
  g_assert_null (guiche_migrate (crashed.location, "/test/one", NULL, 0, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
  after = checksum (crashed.path);
  log_after = checksum (crashed_log);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpstr (log_before, ==, log_after);
  migrate (&crashed, "/test/two");
  place_clear (&place);
  place_clear (&crashed);
}

static void
test_not_a_database (void)
{
  Place place;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (5000, 'x');

  place_init (&place);
  g_assert_true (g_file_set_contents (place.path, text, -1, NULL));
  g_assert_null (guiche_migrate (place.location, "/test/one", NULL, 0, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  memset (text + 56, 0, 8);
  g_assert_true (g_file_set_contents (place.path, text, 5000, NULL));
  g_assert_null (guiche_migrate (place.location, "/test/one", NULL, 0, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT);
  place_clear (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration/steps", test_steps);
  g_test_add_func ("/migration/rolled-back", test_rolled_back);
  g_test_add_func ("/migration/newer", test_newer);
  g_test_add_func ("/migration/newer-in-log", test_newer_in_log);
  g_test_add_func ("/migration/not-a-database", test_not_a_database);
  return g_test_run ();
}
