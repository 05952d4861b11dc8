/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/database.h"

#include <glib/gstdio.h>
#include <string.h>

struct _GuicheDatabase {
  sqlite3 *handle;        /* (owned) */
  GHashTable *statements; /* (owned): address of the text to sqlite3_stmt (owned) */
};

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static GuicheError
code_of (int result)
{
  switch (result & 0xff) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return GUICHE_ERROR_DATABASE_CORRUPT;
  case SQLITE_FULL:
    return GUICHE_ERROR_STORAGE_FULL;
  default:
    return GUICHE_ERROR_INTERNAL;
  }
}

static void
set_error (GuicheDatabase *self, GError **error)
{
  g_set_error (error, GUICHE_ERROR, (int) code_of (sqlite3_extended_errcode (self->handle)),
               "the local cache: %s", sqlite3_errmsg (self->handle));
}

static gboolean
configure (GuicheDatabase *self, GuicheDatabaseMode mode, GError **error)
{
  sqlite3_busy_timeout (self->handle, 5000);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (mode == GUICHE_DATABASE_READ_ONLY)
    return guiche_database_execute (
        self, "PRAGMA query_only = 1; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -2048;",
        error);
  if (!guiche_database_execute (
          self, "PRAGMA journal_mode = WAL; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;",
          error))
    return FALSE;
  if (mode == GUICHE_DATABASE_DURABLE)
    return guiche_database_execute (self, "PRAGMA synchronous = FULL; PRAGMA cache_size = -512;",
                                    error);
  return guiche_database_execute (self, "PRAGMA synchronous = NORMAL;", error);
}

GuicheDatabase *
guiche_database_open (const char *path, GuicheDatabaseMode mode, GError **error)
{
  g_autoptr (GuicheDatabase) self = g_new0 (GuicheDatabase, 1);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

  flags |= mode == GUICHE_DATABASE_READ_ONLY ? SQLITE_OPEN_READONLY
                                             : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
  if (sqlite3_open_v2 (path, &self->handle, flags, NULL) != SQLITE_OK) {
    set_error (self, error);
    return NULL;
  }
  if (!configure (self, mode, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
guiche_database_close (GuicheDatabase *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->statements);
  sqlite3_close (self->handle);
  g_free (self);
}

sqlite3 *
guiche_database_handle (GuicheDatabase *self)
{
  return self->handle;
}

sqlite3_stmt *
guiche_database_prepare (GuicheDatabase *self, const char *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL) {
    sqlite3_reset (statement);
    sqlite3_clear_bindings (statement);
    return statement;
  }
  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
      SQLITE_OK) {
    /* A damaged file, or a bug that every test would meet: stepping NULL reports misuse. */
    g_warning ("the local cache: %s", sqlite3_errmsg (self->handle));
    return NULL;
  }
  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

gboolean
guiche_database_execute (GuicheDatabase *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  set_error (self, error);
  return FALSE;
}

gboolean
guiche_database_next (GuicheDatabase *self, sqlite3_stmt *statement, GError **error)
{
  int result = statement != NULL ? sqlite3_step (statement) : SQLITE_MISUSE;

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    set_error (self, error);
  sqlite3_reset (statement);
  return FALSE;
}

gboolean
guiche_database_run (GuicheDatabase *self, sqlite3_stmt *statement, GError **error)
{
  int result;

  do
    result = statement != NULL ? sqlite3_step (statement) : SQLITE_MISUSE;
  while (result == SQLITE_ROW);
  if (result != SQLITE_DONE)
    set_error (self, error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE;
}

gboolean
guiche_database_begin (GuicheDatabase *self, GError **error)
{
  return guiche_database_run (self, guiche_database_prepare (self, "BEGIN IMMEDIATE"), error);
}

gboolean
guiche_database_commit (GuicheDatabase *self, GError **error)
{
  if (guiche_database_run (self, guiche_database_prepare (self, "COMMIT"), error))
    return TRUE;
  guiche_database_rollback (self);
  return FALSE;
}

void
guiche_database_rollback (GuicheDatabase *self)
{
  if (!sqlite3_get_autocommit (self->handle))
    guiche_database_run (self, guiche_database_prepare (self, "ROLLBACK"), NULL);
}

static gboolean
read_version (GuicheDatabase *self, int *out_version, gboolean *out_is_empty, GError **error)
{
  sqlite3_stmt *version = guiche_database_prepare (self, "PRAGMA user_version");
  sqlite3_stmt *tables = guiche_database_prepare (self, "SELECT count(*) FROM sqlite_schema");

  if (version == NULL || tables == NULL || sqlite3_step (version) != SQLITE_ROW ||
      sqlite3_step (tables) != SQLITE_ROW) {
    set_error (self, error);
    return FALSE;
  }
  *out_version = sqlite3_column_int (version, 0);
  *out_is_empty = sqlite3_column_int (tables, 0) == 0;
  sqlite3_reset (version);
  sqlite3_reset (tables);
  return TRUE;
}

gboolean
guiche_database_create (GuicheDatabase *self, const char *schema, int version, GError **error)
{
  int found = 0;
  gboolean is_empty = FALSE;
  g_autofree char *note = g_strdup_printf ("PRAGMA user_version = %d", version);

  if (!read_version (self, &found, &is_empty, error))
    return FALSE;
  if (!is_empty && found == version)
    return TRUE;
  if (!is_empty) {
    g_set_error (error, GUICHE_ERROR,
                 found > version ? GUICHE_ERROR_DATABASE_NEWER : GUICHE_ERROR_DATABASE_CORRUPT,
                 "the local cache has version %d instead of %d", found, version);
    return FALSE;
  }
  if (!guiche_database_begin (self, error))
    return FALSE;
  if (!guiche_database_execute (self, schema, error) ||
      !guiche_database_execute (self, note, error)) {
    guiche_database_rollback (self);
    return FALSE;
  }
  return guiche_database_commit (self, error);
}

void
guiche_database_remove_files (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);

  g_unlink (path);
  g_unlink (wal);
  g_unlink (shm);
}

void
guiche_bind_id (sqlite3_stmt *statement, int position, const GuicheId *id)
{
  if (id == NULL || guiche_id_is_none (id))
    sqlite3_bind_null (statement, position);
  else
    sqlite3_bind_blob (statement, position, id->bytes, sizeof id->bytes, SQLITE_TRANSIENT);
}

void
guiche_bind_id_text (sqlite3_stmt *statement, int position, const char *id)
{
  GuicheId value;

  if (id != NULL && guiche_id_parse (id, &value))
    guiche_bind_id (statement, position, &value);
  else
    sqlite3_bind_null (statement, position);
}

void
guiche_bind_text (sqlite3_stmt *statement, int position, const char *text)
{
  sqlite3_bind_text (statement, position, text, -1, SQLITE_TRANSIENT);
}

void
guiche_bind_ids (sqlite3_stmt *statement, int position, const GuicheId *ids, gsize n_ids)
{
  if (n_ids == 0)
    sqlite3_bind_null (statement, position);
  else
    sqlite3_bind_blob (statement, position, ids, (int) (n_ids * sizeof (GuicheId)),
                       SQLITE_TRANSIENT);
}

/* Values joined by line ends: none of ours contains one. */
void
guiche_bind_strv (sqlite3_stmt *statement, int position, char *const *values)
{
  g_autofree char *joined = values != NULL ? g_strjoinv ("\n", (char **) values) : NULL;

  guiche_bind_text (statement, position, joined != NULL && *joined != '\0' ? joined : NULL);
}

GuicheId
guiche_column_id_value (sqlite3_stmt *statement, int column)
{
  GuicheId id = GUICHE_ID_NONE;

  if (sqlite3_column_bytes (statement, column) == sizeof id.bytes)
    memcpy (id.bytes, sqlite3_column_blob (statement, column), sizeof id.bytes);
  return id;
}

char *
guiche_column_id (sqlite3_stmt *statement, int column)
{
  GuicheId id = guiche_column_id_value (statement, column);

  return guiche_id_is_none (&id) ? NULL : guiche_id_dup_string (&id);
}

char *
guiche_column_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

char **
guiche_column_ids (sqlite3_stmt *statement, int column)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const GuicheId *ids = sqlite3_column_blob (statement, column);
  gsize n_ids = (gsize) sqlite3_column_bytes (statement, column) / sizeof (GuicheId);

  for (gsize i = 0; i < n_ids; i++) {
    char text[GUICHE_ID_STRING_LENGTH + 1];
    guiche_id_to_string (&ids[i], text);
    g_strv_builder_add (builder, text);
  }
  return g_strv_builder_end (builder);
}

char **
guiche_column_strv (sqlite3_stmt *statement, int column)
{
  const char *joined = (const char *) sqlite3_column_text (statement, column);

  return g_strsplit (joined != NULL ? joined : "", "\n", -1);
}
