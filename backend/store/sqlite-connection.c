/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/move-log.h"
#include "store/sqlite-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_VALUE_BYTES (32 * 1024 * 1024)
#define MAX_SQL_BYTES (256 * 1024)

gboolean
guiche_sqlite_is_space_errno (int number)
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
last_errno (GuicheSqlite *self)
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

GuicheError
guiche_sqlite_error_code (GuicheSqlite *self, int code)
{
  int primary = code & 0xff;

  if (primary == SQLITE_FULL)
    return GUICHE_ERROR_STORAGE_FULL;
  if (primary == SQLITE_IOERR && guiche_sqlite_is_space_errno (last_errno (self)))
    return GUICHE_ERROR_STORAGE_FULL;
  if (code == SQLITE_CONSTRAINT_TRIGGER) /* the seal of a company that moved: move-log.c */
    return GUICHE_ERROR_UNAVAILABLE;
  if (primary == SQLITE_CONSTRAINT)
    return GUICHE_ERROR_CONFLICT;
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
    return GUICHE_ERROR_DATABASE_CORRUPT;

  return GUICHE_ERROR_INTERNAL;
}

void
guiche_sqlite_set_error (GuicheSqlite *self, int code, const char *what, GError **error)
{
  int extended = self->handle == NULL ? code : sqlite3_extended_errcode (self->handle);
  GuicheError number =
      guiche_sqlite_error_code (self, (extended & 0xff) == (code & 0xff) ? extended : code);

  if (number == GUICHE_ERROR_DATABASE_CORRUPT || is_fsync_failure (extended) ||
      ((code & 0xff) == SQLITE_IOERR && number != GUICHE_ERROR_STORAGE_FULL))
    self->base.is_damaged = TRUE;
  self->base.n_failures++;
  if (number == GUICHE_ERROR_UNAVAILABLE) {
    g_propagate_error (error, guiche_move_sealed_error ());
    return;
  }
  g_set_error (error, GUICHE_ERROR, (int) number, "%s: %s (SQLite %d): %s", self->path,
               self->handle == NULL ? sqlite3_errstr (code) : sqlite3_errmsg (self->handle),
               extended, what);
}

static gboolean
set_flag (GuicheSqlite *self, int flag, int value, GError **error)
{
  int code = sqlite3_db_config (self->handle, flag, value, (int *) NULL);

  if (code != SQLITE_OK)
    guiche_sqlite_set_error (self, code, "configuring", error);

  return code == SQLITE_OK;
}

/* Nothing a file contains is trusted: no writable schema, no functions from the schema, no
 * strings in double quotes. */
static gboolean
harden (GuicheSqlite *self, GError **error)
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
run_script (GuicheDb *db, const char *script, GError **error)
{
  GuicheSqlite *self = (GuicheSqlite *) db;
  int code = sqlite3_exec (self->handle, script, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    guiche_sqlite_set_error (self, code, "script", error);

  return code == SQLITE_OK;
}

static gboolean
configure (GuicheSqlite *self, GuicheDbRole role, GError **error)
{
  static const char writer_script[] = "PRAGMA journal_mode=WAL;"
                                      "PRAGMA synchronous=FULL;"
                                      "PRAGMA wal_autocheckpoint=0;"
                                      "PRAGMA journal_size_limit=67108864;"
                                      "PRAGMA foreign_keys=ON;"
                                      "PRAGMA cell_size_check=ON;"
                                      "PRAGMA case_sensitive_like=ON;" /* as PostgreSQL's is */
                                      "PRAGMA temp_store=MEMORY;"
                                      "PRAGMA cache_size=-16384;";
  static const char reader_script[] = "PRAGMA query_only=ON;"
                                      "PRAGMA wal_autocheckpoint=0;"
                                      "PRAGMA cell_size_check=ON;"
                                      "PRAGMA case_sensitive_like=ON;" /* as PostgreSQL's is */
                                      "PRAGMA temp_store=MEMORY;"
                                      "PRAGMA cache_size=-4096;";

  if (!harden (self, error))
    return FALSE;
  if (role == GUICHE_DB_READER)
    return set_flag (self, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, error) &&
           run_script (&self->base, reader_script, error);

  if (!run_script (&self->base, writer_script, error))
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

static void
close_db (GuicheDb *db)
{
  GuicheSqlite *self = (GuicheSqlite *) db;

  guiche_db_free_statements (db);
  guiche_sqlite_close_pin (self);
  if (self->handle != NULL && sqlite3_close (self->handle) != SQLITE_OK)
    g_warning ("closing %s: %s", self->path, sqlite3_errmsg (self->handle));
  /* Not before: closing any descriptor of a file ends the process's locks on it (POSIX). */
  if (self->descriptor >= 0)
    close (self->descriptor);
  guiche_db_clear (db);
  g_free (self->path);
  g_free (self);
}

static gboolean
begin (GuicheDb *db, GError **error)
{
  return guiche_db_run (db, "BEGIN IMMEDIATE", error);
}

static gboolean
begin_read (GuicheDb *db, GError **error)
{
  return guiche_db_run (db, "BEGIN", error);
}

static gboolean
commit (GuicheDb *db, GError **error)
{
  return guiche_db_run (db, "COMMIT", error);
}

static void
roll_back (GuicheDb *db)
{
  guiche_db_run (db, "ROLLBACK", NULL);
}

static gboolean
in_transaction (GuicheDb *db)
{
  return !sqlite3_get_autocommit (((GuicheSqlite *) db)->handle);
}

static gint64
total_changes (GuicheDb *db)
{
  return sqlite3_total_changes64 (((GuicheSqlite *) db)->handle);
}

static gint64
get_version (GuicheDb *db, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (db, "PRAGMA user_version", error);
  gint64 version;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return -1;

  version = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return version;
}

static gboolean
set_version (GuicheDb *db, gint64 version, GError **error)
{
  g_autofree char *script = g_strdup_printf ("PRAGMA user_version=%" G_GINT64_FORMAT, version);

  return run_script (db, script, error);
}

static gboolean
set_foreign_keys (GuicheDb *db, gboolean are_enforced, GError **error)
{
  g_assert (!in_transaction (db));

  return run_script (db, are_enforced ? "PRAGMA foreign_keys=ON" : "PRAGMA foreign_keys=OFF",
                     error);
}

static void
release_memory (GuicheDb *db)
{
  sqlite3_db_release_memory (((GuicheSqlite *) db)->handle);
}

static const GuicheDbEngine engine = {
  .close = close_db,
  .prepare = guiche_sqlite_prepare,
  .free_statement = guiche_sqlite_free_statement,
  .clear_bindings = guiche_sqlite_clear_bindings,
  .bind_int = guiche_sqlite_bind_int,
  .bind_text = guiche_sqlite_bind_text,
  .bind_bytes = guiche_sqlite_bind_bytes,
  .bind_id = guiche_sqlite_bind_id,
  .bind_null = guiche_sqlite_bind_null,
  .run = guiche_sqlite_run,
  .next = guiche_sqlite_next,
  .reset = guiche_sqlite_reset,
  .column_int = guiche_sqlite_column_int,
  .column_text = guiche_sqlite_column_text,
  .column_bytes = guiche_sqlite_column_bytes,
  .column_is_null = guiche_sqlite_column_is_null,
  .run_script = run_script,
  .begin = begin,
  .begin_read = begin_read,
  .commit = commit,
  .roll_back = roll_back,
  .in_transaction = in_transaction,
  .total_changes = total_changes,
  .get_version = get_version,
  .set_version = set_version,
  .set_foreign_keys = set_foreign_keys,
  .check_foreign_keys = guiche_sqlite_check_foreign_keys,
  .quick_check = guiche_sqlite_quick_check,
  .copy_to = guiche_sqlite_copy_to,
  .log_frames = guiche_sqlite_log_frames,
  .checkpoint = guiche_sqlite_checkpoint,
  .tend_log = guiche_sqlite_tend_log,
  .truncate_log = guiche_sqlite_truncate_log,
  .release_memory = release_memory,
};

GuicheDb *
guiche_sqlite_open (const GuicheDbLocation *location, GuicheDbRole role, GError **error)
{
  GuicheSqlite *self = g_new0 (GuicheSqlite, 1);
  g_autoptr (GuicheDb) owner = &self->base;
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  int code;

  flags |=
      role == GUICHE_DB_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  configure_library ();
  guiche_db_init (&self->base, &engine, location->path);
  self->path = g_strdup (location->path);
  self->descriptor = -1;
  self->end_frames = GUICHE_SQLITE_END_FRAMES;
  code = sqlite3_open_v2 (self->path, &self->handle, flags,
                          role == GUICHE_DB_WRITER ? guiche_sqlite_log_vfs () : NULL);
  if (code != SQLITE_OK) {
    guiche_sqlite_set_error (self, code, "opening", error);
    return NULL;
  }
  if (!configure (self, role, error))
    return NULL;
  if (role == GUICHE_DB_WRITER)
    self->descriptor = open (self->path, O_RDONLY | O_CLOEXEC);

  return g_steal_pointer (&owner);
}
