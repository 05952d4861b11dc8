/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/sqlite-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_VALUE_BYTES (32 * 1024 * 1024)
#define MAX_SQL_BYTES (256 * 1024)

static gboolean
is_space_errno (int number)
{
  return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

/* The pages may be lost though SQLite and the kernel still show them, whatever the reason given. */
static gboolean
is_fsync_failure (int extended)
{
  return extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC;
}

/* The system's word for the last failure in the log or the database; sqlite3_system_errno() does
 * not know that of a commit. */
static int
last_errno (GuicheDb *self)
{
  sqlite3_file *log = NULL;
  int number = 0;

  if (self->handle == NULL)
    return 0;

  sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log != NULL && log->pMethods != NULL)
    log->pMethods->xFileControl (log, SQLITE_FCNTL_LAST_ERRNO, &number);
  if (number == 0)
    sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

static GuicheError
error_code (GuicheDb *self, int code)
{
  int primary = code & 0xff;

  if (primary == SQLITE_FULL)
    return GUICHE_ERROR_STORAGE_FULL;
  if (primary == SQLITE_IOERR && is_space_errno (last_errno (self)))
    return GUICHE_ERROR_STORAGE_FULL;
  if (primary == SQLITE_CONSTRAINT)
    return GUICHE_ERROR_CONFLICT;
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
    return GUICHE_ERROR_DATABASE_CORRUPT;

  return GUICHE_ERROR_INTERNAL;
}

void
guiche_sqlite_set_error (GuicheDb *self, int code, const char *what, GError **error)
{
  int extended = self->handle == NULL ? code : sqlite3_extended_errcode (self->handle);
  GuicheError number = error_code (self, (extended & 0xff) == (code & 0xff) ? extended : code);

  if (number == GUICHE_ERROR_DATABASE_CORRUPT || is_fsync_failure (extended) ||
      ((code & 0xff) == SQLITE_IOERR && number != GUICHE_ERROR_STORAGE_FULL))
    self->is_damaged = TRUE;
  g_set_error (error, GUICHE_ERROR, (int) number, "%s: %s (SQLite %d): %s", self->path,
               self->handle == NULL ? sqlite3_errstr (code) : sqlite3_errmsg (self->handle),
               extended, what);
}

static gboolean
set_flag (GuicheDb *self, int flag, int value, GError **error)
{
  int code = sqlite3_db_config (self->handle, flag, value, (int *) NULL);

  if (code != SQLITE_OK)
    guiche_sqlite_set_error (self, code, "configuring", error);

  return code == SQLITE_OK;
}

/* Nothing a file contains is trusted: no writable schema, no functions from the schema, no
 * strings in double quotes. */
static gboolean
harden (GuicheDb *self, GError **error)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, 1200, 256);
  sqlite3_busy_timeout (self->handle, GUICHE_SQLITE_BUSY_TIMEOUT_MS);
  sqlite3_limit (self->handle, SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
  sqlite3_limit (self->handle, SQLITE_LIMIT_SQL_LENGTH, MAX_SQL_BYTES);
  sqlite3_limit (self->handle, SQLITE_LIMIT_ATTACHED, 0);

  return set_flag (self, SQLITE_DBCONFIG_DEFENSIVE, 1, error) &&
         set_flag (self, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, error) &&
         set_flag (self, SQLITE_DBCONFIG_DQS_DML, 0, error) &&
         set_flag (self, SQLITE_DBCONFIG_DQS_DDL, 0, error);
}

static gboolean
configure (GuicheDb *self, GuicheDbRole role, GError **error)
{
  static const char writer_script[] = "PRAGMA journal_mode=WAL;"
                                      "PRAGMA synchronous=FULL;"
                                      "PRAGMA wal_autocheckpoint=0;"
                                      "PRAGMA journal_size_limit=67108864;"
                                      "PRAGMA foreign_keys=ON;"
                                      "PRAGMA cell_size_check=ON;"
                                      "PRAGMA temp_store=MEMORY;"
                                      "PRAGMA cache_size=-16384;";
  static const char reader_script[] = "PRAGMA query_only=ON;"
                                      "PRAGMA wal_autocheckpoint=0;"
                                      "PRAGMA cell_size_check=ON;"
                                      "PRAGMA temp_store=MEMORY;"
                                      "PRAGMA cache_size=-4096;";

  if (!harden (self, error))
    return FALSE;
  if (role == GUICHE_DB_READER)
    return set_flag (self, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, error) &&
           guiche_db_run_script (self, reader_script, error);

  if (!guiche_db_run_script (self, writer_script, error))
    return FALSE;
  sqlite3_wal_hook (self->handle, guiche_sqlite_on_log_written, self);
  return TRUE;
}

/* Once, before the library starts: counting its memory takes a lock at each allocation. */
static void
configure_library (void)
{
  static gsize is_configured;

  if (!g_once_init_enter (&is_configured))
    return;

  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  g_once_init_leave (&is_configured, 1);
}

GuicheDb *
guiche_db_open (const char *path, GuicheDbRole role, GError **error)
{
  g_autoptr (GuicheDb) self = g_new0 (GuicheDb, 1);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  int code;

  flags |=
      role == GUICHE_DB_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  configure_library ();
  self->path = g_strdup (path);
  self->descriptor = -1;
  self->end_frames = GUICHE_SQLITE_END_FRAMES;
  guiche_sqlite_init_statements (self);
  code = sqlite3_open_v2 (path, &self->handle, flags,
                          role == GUICHE_DB_WRITER ? guiche_sqlite_log_vfs () : NULL);
  if (code != SQLITE_OK) {
    guiche_sqlite_set_error (self, code, "opening", error);
    return NULL;
  }
  if (!configure (self, role, error))
    return NULL;
  if (role == GUICHE_DB_WRITER)
    self->descriptor = open (path, O_RDONLY | O_CLOEXEC);

  return g_steal_pointer (&self);
}

void
guiche_db_close (GuicheDb *self)
{
  if (self == NULL)
    return;

  guiche_sqlite_free_statements (self);
  guiche_sqlite_close_pin (self);
  if (self->handle != NULL && sqlite3_close (self->handle) != SQLITE_OK)
    g_warning ("closing %s: %s", self->path, sqlite3_errmsg (self->handle));
  /* Not before: closing any descriptor of a file ends the process's locks on it (POSIX). */
  if (self->descriptor >= 0)
    close (self->descriptor);
  g_free (self->path);
  g_free (self);
}

gboolean
guiche_db_run_script (GuicheDb *self, const char *script, GError **error)
{
  int code = sqlite3_exec (self->handle, script, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    guiche_sqlite_set_error (self, code, "script", error);

  return code == SQLITE_OK;
}

gboolean
guiche_db_begin (GuicheDb *self, GError **error)
{
  return guiche_db_run (self, "BEGIN IMMEDIATE", error);
}

gboolean
guiche_db_in_transaction (GuicheDb *self)
{
  return !sqlite3_get_autocommit (self->handle);
}

gint64
guiche_db_total_changes (GuicheDb *self)
{
  return sqlite3_total_changes64 (self->handle);
}

gboolean
guiche_db_is_damaged (GuicheDb *self)
{
  return self->is_damaged;
}

gint64
guiche_db_get_version (GuicheDb *self, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (self, "PRAGMA user_version", error);
  gint64 version;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return -1;

  version = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return version;
}

gboolean
guiche_db_set_version (GuicheDb *self, gint64 version, GError **error)
{
  g_autofree char *script = g_strdup_printf ("PRAGMA user_version=%" G_GINT64_FORMAT, version);

  return guiche_db_run_script (self, script, error);
}

gboolean
guiche_db_set_foreign_keys (GuicheDb *self, gboolean are_enforced, GError **error)
{
  g_assert (!guiche_db_in_transaction (self));

  return guiche_db_run_script (
      self, are_enforced ? "PRAGMA foreign_keys=ON" : "PRAGMA foreign_keys=OFF", error);
}

gboolean
guiche_db_check_foreign_keys (GuicheDb *self, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (self, "PRAGMA foreign_key_check", error);
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
               "%s: a row of %s refers to a missing row of %s", self->path,
               guiche_statement_text (statement, 0), guiche_statement_text (statement, 2));
  guiche_statement_reset (statement);
  return FALSE;
}

gboolean
guiche_db_quick_check (GuicheDb *self, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (self, "PRAGMA quick_check(1)", error);
  gboolean is_ok;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  is_ok = g_strcmp0 (guiche_statement_text (statement, 0), "ok") == 0;
  if (!is_ok)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT, "%s: %s", self->path,
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
               is_space_errno (number) ? GUICHE_ERROR_STORAGE_FULL : GUICHE_ERROR_INTERNAL,
               "syncing %s: %s", path, g_strerror (number));
  return FALSE;
}

gboolean
guiche_db_copy_to (GuicheDb *self, const char *path, GError **error)
{
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

  g_set_error (error, GUICHE_ERROR, (int) error_code (self, code), "copying %s to %s: %s",
               self->path, path, sqlite3_errstr (code));
  return FALSE;
}

void
guiche_db_release_memory (GuicheDb *self)
{
  sqlite3_db_release_memory (self->handle);
}
