/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/migration.h"

#include "migrations.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BACKUP_SUFFIX ".backup.db"
#define HEADER_BYTES 100
#define HEADER_VERSION_OFFSET 60 /* sqlite.org/fileformat2.html, 1.3: user version, big-endian */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
engine_path (const char *resource_path, const char *name)
{
  return g_build_path ("/", resource_path, "sqlite", name, NULL);
}

/* (element-type utf8): file names in order; their numbers run from 1 without holes. */
static GPtrArray *
list_migrations (const char *resource_path)
{
  g_autofree char *path = engine_path (resource_path, NULL);
  g_auto (GStrv) names = NULL;
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_free);

  g_assert (guiche_migrations_get_resource () != NULL); /* links and so registers it */
  names = g_resources_enumerate_children (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (names != NULL);
  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (sorted, g_strdup (names[i]));
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < sorted->len; i++)
    g_assert (g_ascii_strtoull (sorted->pdata[i], NULL, 10) == i + 1);

  return sorted;
}

gint64
guiche_migration_newest (const char *resource_path)
{
  g_autoptr (GPtrArray) names = list_migrations (resource_path);

  return names->len;
}

/* The version in the file's header, read without touching anything: 0 for an absent or empty
 * file, -1 when it cannot be read. */
static gint64
read_header_version (const char *path)
{
  guint8 header[HEADER_BYTES];
  int descriptor = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  ssize_t n;
  guint32 version;

  if (descriptor < 0)
    return g_file_test (path, G_FILE_TEST_EXISTS) ? -1 : 0;

  n = pread (descriptor, header, sizeof header, 0);
  close (descriptor);
  if (n < HEADER_BYTES)
    return n == 0 ? 0 : -1;

  memcpy (&version, header + HEADER_VERSION_OFFSET, sizeof version);
  return GUINT32_FROM_BE (version);
}

static gboolean
has_log (const char *path)
{
  g_autofree char *log_path = g_strconcat (path, "-wal", NULL);
  GStatBuf buffer;

  return g_stat (log_path, &buffer) == 0 && buffer.st_size > 0;
}

static gboolean
refuse_newer (const char *path, gint64 version, gint64 newest, GError **error)
{
  if (version <= newest)
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER,
               "%s: written by a newer version of the program (schema %" G_GINT64_FORMAT
               ", this one knows %" G_GINT64_FORMAT ")",
               path, version, newest);
  return FALSE;
}

/* A crash may have left the newest version in the log only: ask SQLite, reading only. */
static gboolean
refuse_newer_log (const GuicheDbLocation *location, gint64 newest, GError **error)
{
  g_autoptr (GuicheDb) db = guiche_db_open (location, GUICHE_DB_READER, error);
  gint64 version = db == NULL ? -1 : guiche_db_get_version (db, error);

  return version >= 0 && refuse_newer (location->path, version, newest, error);
}

gboolean
guiche_migration_is_needed (const GuicheDbLocation *location,
                            const char *resource_path,
                            GError **error)
{
  const char *path = location->path;
  gint64 newest = guiche_migration_newest (resource_path);
  gint64 version = read_header_version (path);

  if (!refuse_newer (path, version, newest, error))
    return FALSE;

  return version != newest || has_log (path);
}

static gboolean
apply (GuicheDb *db, const char *resource_path, const char *name, gint64 number, GError **error)
{
  g_autofree char *path = engine_path (resource_path, name);
  g_autoptr (GBytes) script = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (script == NULL)
    return FALSE;

  if (guiche_db_begin (db, error) &&
      guiche_db_run_script (db, g_bytes_get_data (script, NULL), error) &&
      guiche_db_check_foreign_keys (db, error) && guiche_db_set_version (db, number, error) &&
      guiche_db_commit (db, error))
    return TRUE;

  g_prefix_error (error, "migration %s: ", name);
  guiche_db_roll_back (db);
  return FALSE;
}

static gboolean
apply_pending (GuicheDb *db, const char *resource_path, gint64 version, GError **error)
{
  g_autoptr (GPtrArray) names = list_migrations (resource_path);
  gboolean is_done = guiche_db_set_foreign_keys (db, FALSE, error);

  for (guint i = (guint) version; is_done && i < names->len; i++)
    is_done = apply (db, resource_path, names->pdata[i], i + 1, error);

  return guiche_db_set_foreign_keys (db, TRUE, is_done ? error : NULL) && is_done;
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  return -compare_names (a, b);
}

/* The names begin with the time: what sorts first is newest. */
static void
prune_backups (const char *directory, guint n_kept)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) entries = g_dir_open (directory, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL) {
    if (g_str_has_suffix (name, BACKUP_SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_newest_first);
  for (guint i = n_kept; i < names->len; i++) {
    g_autofree char *path = g_build_filename (directory, names->pdata[i], NULL);

    g_unlink (path);
  }
}

/* The copy gets its name only when it is whole. */
static gboolean
back_up (GuicheDb *db, const char *directory, gint64 version, guint n_kept, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%S.%f");
  g_autofree char *name =
      g_strdup_printf ("%s-schema-%04" G_GINT64_FORMAT BACKUP_SUFFIX, time, version);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);

  if (g_mkdir_with_parents (directory, 0700) == 0 && guiche_db_copy_to (db, partial, error) &&
      g_rename (partial, path) == 0) {
    prune_backups (directory, n_kept);
    return TRUE;
  }

  if (error != NULL && *error == NULL)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "backing up to %s: %s", path,
                 g_strerror (errno));
  g_unlink (partial);
  return FALSE;
}

GuicheDb *
guiche_migrate (const GuicheDbLocation *location,
                const char *resource_path,
                const char *backup_directory,
                guint n_backups,
                GError **error)
{
  const char *path = location->path;
  g_autoptr (GuicheDb) db = NULL;
  gint64 newest = guiche_migration_newest (resource_path);
  gint64 version = read_header_version (path);

  if (!refuse_newer (path, version, newest, error))
    return NULL;
  if (has_log (path) && !refuse_newer_log (location, newest, error))
    return NULL;

  db = guiche_db_open (location, GUICHE_DB_WRITER, error);
  version = db == NULL ? -1 : guiche_db_get_version (db, error);
  if (version < 0)
    return NULL;
  if (version == newest)
    return g_steal_pointer (&db);

  if (version > 0 && backup_directory != NULL &&
      !back_up (db, backup_directory, version, n_backups, error))
    return NULL;
  if (!apply_pending (db, resource_path, version, error))
    return NULL;

  return g_steal_pointer (&db);
}
