/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/sqlite-private.h"

#include <stdlib.h>
#include <string.h>

/* SQLite treats `$7` as a name and numbers parameters by first occurrence: map N of `$N` to that
 * number. */
static gboolean
map_parameters (GuicheSqliteStatement *statement, const char *sql, GError **error)
{
  int n = sqlite3_bind_parameter_count (statement->handle);

  for (int i = 1; i <= n; i++) {
    const char *name = sqlite3_bind_parameter_name (statement->handle, i);
    guint64 position = 0;

    if (name == NULL || *name != '$' ||
        !g_ascii_string_to_unsigned (name + 1, 10, 1, GUICHE_SQLITE_MAX_PARAMETERS, &position,
                                     NULL)) {
      g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                   "parameters are $1 to $%d, not %s: %s", GUICHE_SQLITE_MAX_PARAMETERS,
                   name == NULL ? "?" : name, sql);
      return FALSE;
    }
    statement->positions[position] = (guint8) i;
  }

  return TRUE;
}

void
guiche_sqlite_free_statement (GuicheStatement *statement)
{
  sqlite3_finalize (((GuicheSqliteStatement *) statement)->handle);
  g_free (statement);
}

GuicheStatement *
guiche_sqlite_prepare (GuicheDb *db, const char *sql, GError **error)
{
  GuicheSqlite *database = (GuicheSqlite *) db;
  GuicheSqliteStatement *self = g_new0 (GuicheSqliteStatement, 1);
  const char *tail = NULL;
  int code;

  self->database = database->handle;
  code = sqlite3_prepare_v3 (database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &self->handle,
                             &tail);
  if (code != SQLITE_OK || self->handle == NULL) {
    guiche_sqlite_set_error (database, code, sql, error);
    guiche_sqlite_free_statement (&self->base);
    return NULL;
  }
  while (g_ascii_isspace (*tail) || *tail == ';')
    tail++;
  if (*tail != '\0') {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "more than one statement: %s", sql);
    guiche_sqlite_free_statement (&self->base);
    return NULL;
  }
  if (!map_parameters (self, sql, error)) {
    guiche_sqlite_free_statement (&self->base);
    return NULL;
  }

  self->base.is_writing = !sqlite3_stmt_readonly (self->handle);
  return &self->base;
}

void
guiche_sqlite_clear_bindings (GuicheStatement *statement)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;

  /* Not a literal: another text at the address of a former one. */
  g_assert (strcmp (sqlite3_sql (self->handle), statement->sql) == 0);
  sqlite3_clear_bindings (self->handle);
}

static inline int
parameter (GuicheSqliteStatement *self, int position)
{
  int index;

  g_assert (position >= 1 && position <= GUICHE_SQLITE_MAX_PARAMETERS);
  index = self->positions[position];
  g_assert (index != 0);
  self->base.is_bound = TRUE;
  return index;
}

static inline void
note_bind (GuicheSqliteStatement *self, int code)
{
  if (G_UNLIKELY (code != SQLITE_OK) && self->bind_code == SQLITE_OK)
    self->bind_code = code;
}

void
guiche_sqlite_bind_int (GuicheStatement *statement, int position, gint64 value)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;

  note_bind (self, sqlite3_bind_int64 (self->handle, parameter (self, position), value));
}

void
guiche_sqlite_bind_text (GuicheStatement *statement, int position, const char *value, gsize length)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;

  note_bind (self, sqlite3_bind_text64 (self->handle, parameter (self, position), value, length,
                                        SQLITE_STATIC, SQLITE_UTF8));
}

void
guiche_sqlite_bind_bytes (GuicheStatement *statement, int position, const void *data, gsize length)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;

  note_bind (self, sqlite3_bind_blob64 (self->handle, parameter (self, position), data, length,
                                        SQLITE_STATIC));
}

/* Copied: an id is often a temporary. 16 bytes cost SQLite one small allocation. */
void
guiche_sqlite_bind_id (GuicheStatement *statement, int position, const GuicheId *id)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;

  note_bind (self, sqlite3_bind_blob (self->handle, parameter (self, position), id->bytes,
                                      sizeof id->bytes, SQLITE_TRANSIENT));
}

void
guiche_sqlite_bind_null (GuicheStatement *statement, int position, GuicheDbType type)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;

  note_bind (self, sqlite3_bind_null (self->handle, parameter (self, position)));
}

void
guiche_sqlite_reset (GuicheStatement *statement)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;

  if (statement->is_active)
    sqlite3_reset (self->handle);
  guiche_statement_set_active (statement, FALSE);
  self->bind_code = SQLITE_OK;
}

gboolean
guiche_sqlite_next (GuicheStatement *statement, GError **error)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;
  int code = self->bind_code;

  if (code == SQLITE_OK)
    code = sqlite3_step (self->handle);
  if (code == SQLITE_ROW) {
    guiche_statement_set_active (statement, TRUE);
    return TRUE;
  }

  if (code != SQLITE_DONE)
    guiche_sqlite_set_error ((GuicheSqlite *) statement->db, code, statement->sql, error);
  sqlite3_reset (self->handle);
  guiche_statement_set_active (statement, FALSE);
  self->bind_code = SQLITE_OK;
  return FALSE;
}

gboolean
guiche_sqlite_run (GuicheStatement *statement, gint64 *out_changes, GError **error)
{
  GuicheSqliteStatement *self = (GuicheSqliteStatement *) statement;
  GError *local_error = NULL;

  while (guiche_sqlite_next (statement, &local_error))
    ;
  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }

  if (out_changes != NULL)
    *out_changes = sqlite3_changes64 (self->database);
  return TRUE;
}

gint64
guiche_sqlite_column_int (GuicheStatement *statement, int column)
{
  return sqlite3_column_int64 (((GuicheSqliteStatement *) statement)->handle, column);
}

const char *
guiche_sqlite_column_text (GuicheStatement *statement, int column, gsize *out_length)
{
  sqlite3_stmt *handle = ((GuicheSqliteStatement *) statement)->handle;
  const char *text = (const char *) sqlite3_column_text (handle, column);

  if (out_length != NULL)
    *out_length = (gsize) sqlite3_column_bytes (handle, column);
  return text;
}

const void *
guiche_sqlite_column_bytes (GuicheStatement *statement, int column, gsize *out_length)
{
  sqlite3_stmt *handle = ((GuicheSqliteStatement *) statement)->handle;
  const void *bytes = sqlite3_column_blob (handle, column);

  *out_length = (gsize) sqlite3_column_bytes (handle, column);
  return bytes;
}

gboolean
guiche_sqlite_column_is_null (GuicheStatement *statement, int column)
{
  return sqlite3_column_type (((GuicheSqliteStatement *) statement)->handle, column) == SQLITE_NULL;
}
