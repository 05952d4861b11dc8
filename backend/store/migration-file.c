/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/failpoint.h"
#include "store/migration-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* SQLite: the version is in the file's header, so that it can be read without opening anything. */

#define BACKUP_SUFFIX ".backup.db"
#define HEADER_BYTES 100
#define HEADER_VERSION_OFFSET 60 /* sqlite.org/fileformat2.html, 1.3: user version, big-endian */

/* 0 for an absent or empty file, -1 when it cannot be read. */
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
refuse_newer (const GuicheMigration *self, gint64 version, gint64 newest, GError **error)
{
  return version <= newest || guiche_migration_refuse_newer (self, version, newest, error);
}

/* A crash may have left the newest version in the log only: ask SQLite, reading only. */
static gboolean
refuse_newer_log (const GuicheMigration *self, gint64 newest, GError **error)
{
  g_autoptr (GuicheDb) db = guiche_db_open (self->location, GUICHE_DB_READER, error);
  gint64 version = db == NULL ? -1 : guiche_db_get_version (db, error);

  return version >= 0 && refuse_newer (self, version, newest, error);
}

gboolean
guiche_migration_file_is_needed (const GuicheMigration *self, GError **error)
{
  gint64 newest = guiche_migration_count (self);
  gint64 version = read_header_version (self->location->path);

  if (!refuse_newer (self, version, newest, error))
    return FALSE;

  return version != newest || has_log (self->location->path);
}

static gboolean
apply (const GuicheMigration *self, GuicheDb *db, const char *name, gint64 number, GError **error)
{
  g_autoptr (GBytes) script = guiche_migration_load (self, name, error);

  if (script == NULL)
    return FALSE;

  if (guiche_db_begin (db, error) &&
      guiche_db_run_script (db, g_bytes_get_data (script, NULL), error) &&
      guiche_db_check_foreign_keys (db, error) && guiche_db_set_version (db, number, error) &&
      guiche_db_commit (db, error)) {
    guiche_failpoint ("migration-done");
    return TRUE;
  }

  g_prefix_error (error, "migration %s: ", name);
  guiche_db_roll_back (db);
  return FALSE;
}

static gboolean
apply_pending (const GuicheMigration *self, GuicheDb *db, gint64 version, GError **error)
{
  g_autoptr (GPtrArray) names = guiche_migration_list (self);
  gboolean is_done = guiche_db_set_foreign_keys (db, FALSE, error);

  for (guint i = (guint) version; is_done && i < names->len; i++)
    is_done = apply (self, db, names->pdata[i], i + 1, error);

  return guiche_db_set_foreign_keys (db, TRUE, is_done ? error : NULL) && is_done;
}

static gboolean
copy (const GuicheMigration *self, GuicheDb *db, const char *path, GError **error)
{
  return guiche_db_copy_to (db, path, error);
}

GuicheDb *
guiche_migration_run_file (const GuicheMigration *self, GError **error)
{
  const char *path = self->location->path;
  g_autoptr (GuicheDb) db = NULL;
  gint64 newest = guiche_migration_count (self);

  if (!refuse_newer (self, read_header_version (path), newest, error) ||
      (has_log (path) && !refuse_newer_log (self, newest, error)))
    return NULL;

  db = guiche_db_open (self->location, GUICHE_DB_WRITER, error);
  if (db != NULL) {
    gint64 version = guiche_db_get_version (db, error);

    if (version == newest)
      return g_steal_pointer (&db);
    if (version >= 0 &&
        (version == 0 || self->backup_directory == NULL ||
         guiche_migration_back_up (self, db, version, BACKUP_SUFFIX, copy, error)) &&
        apply_pending (self, db, version, error))
      return g_steal_pointer (&db);
  }

  return NULL;
}
