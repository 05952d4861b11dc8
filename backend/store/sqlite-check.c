/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/sqlite-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

gboolean
guiche_sqlite_check_foreign_keys (GuicheDb *db, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (db, "PRAGMA foreign_key_check", error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;
  if (!guiche_statement_next (statement, &local_error)) {
    if (local_error == NULL)
      return TRUE;
    g_propagate_error (error, local_error);
    return FALSE;
  }

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT,
               "%s: a row of %s refers to a missing row of %s", db->name,
               guiche_statement_text (statement, 0), guiche_statement_text (statement, 2));
  guiche_statement_reset (statement);
  return FALSE;
}

gboolean
guiche_sqlite_quick_check (GuicheDb *db, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (db, "PRAGMA quick_check(1)", error);
  gboolean is_ok;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  is_ok = g_strcmp0 (guiche_statement_text (statement, 0), "ok") == 0;
  if (!is_ok)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT, "%s: %s", db->name,
                 guiche_statement_text (statement, 0));
  guiche_statement_reset (statement);
  return is_ok;
}

static gboolean
sync_file (const char *path, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  int code = descriptor < 0 ? -1 : fsync (descriptor);
  int number = errno;

  if (descriptor >= 0)
    close (descriptor);
  if (code == 0)
    return TRUE;

  g_set_error (error, GUICHE_ERROR,
               guiche_sqlite_is_space_errno (number) ? GUICHE_ERROR_STORAGE_FULL
                                                     : GUICHE_ERROR_INTERNAL,
               "syncing %s: %s", path, g_strerror (number));
  return FALSE;
}

gboolean
guiche_sqlite_copy_to (GuicheDb *db, const char *path, GError **error)
{
  GuicheSqlite *self = (GuicheSqlite *) db;
  sqlite3 *copy = NULL;
  sqlite3_backup *backup;
  int code = sqlite3_open_v2 (path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

  if (code == SQLITE_OK) {
    backup = sqlite3_backup_init (copy, "main", self->handle, "main");
    code = backup == NULL ? sqlite3_errcode (copy) : sqlite3_backup_step (backup, -1);
    if (backup != NULL && code == SQLITE_DONE)
      code = sqlite3_backup_finish (backup);
    else if (backup != NULL)
      sqlite3_backup_finish (backup);
  }
  sqlite3_close (copy);
  if (code == SQLITE_OK)
    return sync_file (path, error);

  g_set_error (error, GUICHE_ERROR, (int) guiche_sqlite_error_code (self, code),
               "copying %s to %s: %s", self->path, path, sqlite3_errstr (code));
  return FALSE;
}
