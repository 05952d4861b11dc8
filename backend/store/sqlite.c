/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/db-private.h"
#include "store/sqlite-private.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 256 /* a power of two */

static guint
slot_of (const char *sql, guint n_slots)
{
  return (guint) (((gsize) sql * 0x9e3779b97f4a7c15ULL) >> 40) & (n_slots - 1);
}

static GuicheStatement *
find_statement (GuicheDb *self, const char *sql)
{
  for (guint slot = slot_of (sql, self->n_slots); self->slots[slot] != NULL;
       slot = (slot + 1) & (self->n_slots - 1)) {
    if (self->slots[slot]->sql == sql)
      return self->slots[slot];
  }

  return NULL;
}

static void
put_statement (GuicheStatement **slots, guint n_slots, GuicheStatement *statement)
{
  guint slot = slot_of (statement->sql, n_slots);

  while (slots[slot] != NULL)
    slot = (slot + 1) & (n_slots - 1);
  slots[slot] = statement;
}

static void
add_statement (GuicheDb *self, GuicheStatement *statement)
{
  if ((self->n_statements + 1) * 2 > self->n_slots) {
    GuicheStatement **grown = g_new0 (GuicheStatement *, self->n_slots * 2);

    for (guint i = 0; i < self->n_slots; i++) {
      if (self->slots[i] != NULL)
        put_statement (grown, self->n_slots * 2, self->slots[i]);
    }
    g_free (self->slots);
    self->slots = grown;
    self->n_slots *= 2;
  }
  put_statement (self->slots, self->n_slots, statement);
  self->n_statements++;
}

/* SQLite treats `$7` as a name and numbers parameters by first occurrence: map N of `$N` to that
 * number. */
static gboolean
map_parameters (GuicheStatement *statement, GError **error)
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
                   name == NULL ? "?" : name, statement->sql);
      return FALSE;
    }
    statement->positions[position] = (guint8) i;
  }

  return TRUE;
}

static void
statement_free (GuicheStatement *statement)
{
  sqlite3_finalize (statement->handle);
  g_free (statement);
}

static GuicheStatement *
prepare_new (GuicheDb *self, const char *sql, GError **error)
{
  GuicheStatement *statement = g_new0 (GuicheStatement, 1);
  const char *tail = NULL;
  int code;

  statement->db = self;
  statement->sql = sql;
  code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle,
                             &tail);
  if (code != SQLITE_OK || statement->handle == NULL) {
    guiche_sqlite_set_error (self, code, sql, error);
    statement_free (statement);
    return NULL;
  }
  while (g_ascii_isspace (*tail) || *tail == ';')
    tail++;
  if (*tail != '\0') {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "more than one statement: %s", sql);
    statement_free (statement);
    return NULL;
  }
  if (!map_parameters (statement, error)) {
    statement_free (statement);
    return NULL;
  }

  add_statement (self, statement);
  return statement;
}

GuicheStatement *
guiche_db_prepare (GuicheDb *self, const char *sql, GError **error)
{
  GuicheStatement *statement = find_statement (self, sql);

  if (statement == NULL)
    return prepare_new (self, sql, error);

  /* Not a literal: another text at the address of a former one. */
  g_assert (strcmp (sqlite3_sql (statement->handle), sql) == 0);
  guiche_statement_reset (statement);
  if (statement->is_bound) {
    sqlite3_clear_bindings (statement->handle);
    statement->is_bound = FALSE;
  }
  return statement;
}

gboolean
guiche_statement_is_writing (GuicheStatement *self)
{
  return !sqlite3_stmt_readonly (self->handle);
}

static inline int
parameter (GuicheStatement *self, int position)
{
  int index;

  g_assert (position >= 1 && position <= GUICHE_SQLITE_MAX_PARAMETERS);
  index = self->positions[position];
  g_assert (index != 0);
  self->is_bound = TRUE;
  return index;
}

static inline void
note_bind (GuicheStatement *self, int code)
{
  if (G_UNLIKELY (code != SQLITE_OK) && self->bind_code == SQLITE_OK)
    self->bind_code = code;
}

void
guiche_statement_bind_int (GuicheStatement *self, int position, gint64 value)
{
  note_bind (self, sqlite3_bind_int64 (self->handle, parameter (self, position), value));
}

void
guiche_statement_bind_text (GuicheStatement *self, int position, const char *value)
{
  if (value == NULL)
    guiche_statement_bind_null (self, position);
  else
    guiche_statement_bind_text_length (self, position, value, strlen (value));
}

void
guiche_statement_bind_text_length (GuicheStatement *self,
                                   int position,
                                   const char *value,
                                   gsize length)
{
  note_bind (self, sqlite3_bind_text64 (self->handle, parameter (self, position), value, length,
                                        SQLITE_STATIC, SQLITE_UTF8));
}

void
guiche_statement_bind_bytes (GuicheStatement *self, int position, const void *data, gsize length)
{
  note_bind (self, sqlite3_bind_blob64 (self->handle, parameter (self, position), data, length,
                                        SQLITE_STATIC));
}

void
guiche_statement_bind_id (GuicheStatement *self, int position, const GuicheId *id)
{
  if (id == NULL || guiche_id_is_none (id))
    guiche_statement_bind_null (self, position);
  else
    /* Copied: an id is often a temporary. 16 bytes cost SQLite one small allocation. */
    note_bind (self, sqlite3_bind_blob (self->handle, parameter (self, position), id->bytes,
                                        sizeof id->bytes, SQLITE_TRANSIENT));
}

void
guiche_statement_bind_null (GuicheStatement *self, int position)
{
  note_bind (self, sqlite3_bind_null (self->handle, parameter (self, position)));
}

static void
set_active (GuicheStatement *self, gboolean is_active)
{
  GuicheDb *db = self->db;

  if (self->is_active == is_active)
    return;

  self->is_active = is_active;
  if (is_active) {
    self->next_active = db->active;
    self->previous_active = NULL;
    if (db->active != NULL)
      db->active->previous_active = self;
    db->active = self;
    return;
  }
  if (self->previous_active != NULL)
    self->previous_active->next_active = self->next_active;
  else
    db->active = self->next_active;
  if (self->next_active != NULL)
    self->next_active->previous_active = self->previous_active;
}

void
guiche_statement_reset (GuicheStatement *self)
{
  if (self->is_active)
    sqlite3_reset (self->handle);
  set_active (self, FALSE);
  self->bind_code = SQLITE_OK;
}

gboolean
guiche_statement_next (GuicheStatement *self, GError **error)
{
  int code = self->bind_code;

  if (code == SQLITE_OK)
    code = sqlite3_step (self->handle);
  if (code == SQLITE_ROW) {
    set_active (self, TRUE);
    return TRUE;
  }

  if (code != SQLITE_DONE)
    guiche_sqlite_set_error (self->db, code, self->sql, error);
  sqlite3_reset (self->handle);
  set_active (self, FALSE);
  self->bind_code = SQLITE_OK;
  return FALSE;
}

gboolean
guiche_statement_run (GuicheStatement *self, gint64 *out_changes, GError **error)
{
  GError *local_error = NULL;

  while (guiche_statement_next (self, &local_error))
    ;
  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }

  if (out_changes != NULL)
    *out_changes = sqlite3_changes64 (self->db->handle);
  return TRUE;
}

gint64
guiche_statement_int (GuicheStatement *self, int column)
{
  return sqlite3_column_int64 (self->handle, column);
}

const char *
guiche_statement_text (GuicheStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->handle, column);
}

const char *
guiche_statement_text_length (GuicheStatement *self, int column, gsize *out_length)
{
  const char *text = guiche_statement_text (self, column);

  *out_length = (gsize) sqlite3_column_bytes (self->handle, column);
  return text;
}

const void *
guiche_statement_bytes (GuicheStatement *self, int column, gsize *out_length)
{
  const void *bytes = sqlite3_column_blob (self->handle, column);

  *out_length = (gsize) sqlite3_column_bytes (self->handle, column);
  return bytes;
}

GuicheId
guiche_statement_id (GuicheStatement *self, int column)
{
  GuicheId id = GUICHE_ID_NONE;
  gsize length;
  const void *bytes = guiche_statement_bytes (self, column, &length);

  if (bytes != NULL && length == sizeof id.bytes)
    memcpy (id.bytes, bytes, sizeof id.bytes);

  return id;
}

gboolean
guiche_statement_is_null (GuicheStatement *self, int column)
{
  return sqlite3_column_type (self->handle, column) == SQLITE_NULL;
}

gboolean
guiche_db_run (GuicheDb *self, const char *sql, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (self, sql, error);

  return statement != NULL && guiche_statement_run (statement, NULL, error);
}

void
guiche_db_reset_statements (GuicheDb *self)
{
  while (self->active != NULL)
    guiche_statement_reset (self->active);
}

void
guiche_sqlite_free_statements (GuicheDb *self)
{
  for (guint i = 0; i < self->n_slots; i++) {
    if (self->slots[i] != NULL)
      statement_free (self->slots[i]);
  }
  g_clear_pointer (&self->slots, g_free);
}

void
guiche_sqlite_init_statements (GuicheDb *self)
{
  self->n_slots = FIRST_SLOTS;
  self->slots = g_new0 (GuicheStatement *, self->n_slots);
}
