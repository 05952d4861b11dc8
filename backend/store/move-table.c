/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/move-table.h"

#include "store/migration-private.h"

#include <string.h>

static void
table_free (gpointer data)
{
  GuicheMoveTable *self = data;

  g_array_unref (self->columns);
  g_free (self);
}

/* The schema as the newest migration leaves it, in memory. */
static GuicheDb *
open_model (GError **error)
{
  g_autoptr (GuicheDbLocation) location = guiche_db_location_new_sqlite (":memory:");
  GuicheMigration migration = { .location = location, .resource_path = GUICHE_MIGRATIONS_TENANT };
  g_autoptr (GPtrArray) names = guiche_migration_list (&migration);
  g_autoptr (GuicheDb) db = guiche_db_open (location, GUICHE_DB_WRITER, error);

  for (guint i = 0; db != NULL && i < names->len; i++) {
    g_autoptr (GBytes) script = guiche_migration_load (&migration, names->pdata[i], error);

    if (script == NULL || !guiche_db_run_script (db, g_bytes_get_data (script, NULL), error))
      return NULL;
  }
  return g_steal_pointer (&db);
}

static GuicheDbType
read_type (const char *type)
{
  if (strcmp (type, "INTEGER") == 0)
    return GUICHE_DB_INT;
  return strcmp (type, "BLOB") == 0 ? GUICHE_DB_BYTES : GUICHE_DB_TEXT;
}

/* Columns, and the primary key where there is one. */
static gboolean
load_columns (GuicheMoveTable *self, GuicheDb *model, GError **error)
{
  static const char sql[] = "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid";
  GuicheStatement *statement = guiche_db_prepare (model, sql, error);
  g_autoptr (GError) failure = NULL;

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, self->name);
  while (guiche_statement_next (statement, &failure)) {
    GuicheMoveColumn column = { g_intern_string (guiche_statement_text (statement, 0)),
                                read_type (guiche_statement_text (statement, 1)) };
    gint64 place = guiche_statement_int (statement, 2);

    g_assert (place <= GUICHE_MOVE_MAX_KEY);
    if (place > 0) {
      self->key[place - 1] = self->columns->len;
      self->n_key = MAX (self->n_key, (guint) place);
    }
    g_array_append_val (self->columns, column);
  }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return self->columns->len > 0;
}

/* Else its first unique constraint without nullable columns. */
static gboolean
load_unique (GuicheMoveTable *self, GuicheDb *model, GError **error)
{
  static const char sql[] =
      "SELECT i.cid FROM pragma_index_info((SELECT l.name FROM pragma_index_list($1) AS l "
      "WHERE l.\"unique\" = 1 AND l.partial = 0 AND NOT EXISTS (SELECT 1 FROM "
      "pragma_index_info(l.name) AS c JOIN pragma_table_info($1) AS t ON t.cid = c.cid "
      "WHERE t.\"notnull\" = 0) ORDER BY l.seq DESC LIMIT 1)) AS i ORDER BY i.seqno";
  GuicheStatement *statement;
  g_autoptr (GError) failure = NULL;

  if (self->n_key > 0)
    return TRUE;
  statement = guiche_db_prepare (model, sql, error);
  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, self->name);
  while (guiche_statement_next (statement, &failure)) {
    g_assert (self->n_key < GUICHE_MOVE_MAX_KEY);
    self->key[self->n_key++] = (guint) guiche_statement_int (statement, 0);
  }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (self->n_key == 0)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s has no key", self->name);
  return self->n_key > 0;
}

/* `$n, $n+1, …` */
static char *
parameters (guint first, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s$%u", i == 0 ? "" : ", ", first + i);
  return g_string_free (text, FALSE);
}

static char *
join_columns (const GuicheMoveTable *self, const guint *chosen, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\"%s\"", i == 0 ? "" : ", ",
                            guiche_move_table_column (self, chosen == NULL ? i : chosen[i])->name);
  return g_string_free (text, FALSE);
}

G_GNUC_PRINTF (1, 2)

static const char *
intern (const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return g_intern_string (text);
}

static void
make_sql (GuicheMoveTable *self)
{
  g_autofree char *all = join_columns (self, NULL, self->columns->len);
  g_autofree char *key = join_columns (self, self->key, self->n_key);
  g_autofree char *key_values = parameters (1, self->n_key);
  g_autofree char *values = parameters (1, self->columns->len);

  self->count = intern ("SELECT COUNT(*) FROM %s", self->name);
  self->first_page = intern ("SELECT %s FROM %s ORDER BY %s LIMIT $1", all, self->name, key);
  self->next_page = intern ("SELECT %s FROM %s WHERE (%s) > (%s) ORDER BY %s LIMIT $%u", all,
                            self->name, key, key_values, key, self->n_key + 1);
  self->by_key = intern ("SELECT %s FROM %s WHERE (%s) = (%s)", all, self->name, key, key_values);
  self->delete_row = intern ("DELETE FROM %s WHERE (%s) = (%s)", self->name, key, key_values);
  self->insert = intern ("INSERT INTO %s (%s) VALUES (%s)", self->name, all, values);
}

static GuicheMoveTable *
load_table (GuicheDb *model, const char *name, GError **error)
{
  GuicheMoveTable *self = g_new0 (GuicheMoveTable, 1);

  self->name = g_intern_string (name);
  self->columns = g_array_new (FALSE, FALSE, sizeof (GuicheMoveColumn));
  if (load_columns (self, model, error) && load_unique (self, model, error)) {
    make_sql (self);
    return self;
  }
  table_free (self);
  return NULL;
}

/* (element-type utf8): those whose references are all in @known, and not in it themselves. */
static GPtrArray *
list_ready (GuicheDb *model, GHashTable *known, GError **error)
{
  static const char sql[] =
      "SELECT t.name, f.\"table\" FROM pragma_table_list AS t LEFT JOIN "
      "pragma_foreign_key_list(t.name) AS f ON f.\"table\" <> t.name WHERE t.schema = 'main' AND "
      "t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name";
  GuicheStatement *statement = guiche_db_prepare (model, sql, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GHashTable) unready = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) failure = NULL;

  if (statement == NULL)
    return NULL;
  while (guiche_statement_next (statement, &failure)) {
    const char *name = g_intern_string (guiche_statement_text (statement, 0));
    const char *other = guiche_statement_text (statement, 1);

    if (g_hash_table_contains (known, name))
      continue;
    if (other != NULL && !g_hash_table_contains (known, other))
      g_hash_table_add (unready, (gpointer) name);
    if (names->len == 0 || names->pdata[names->len - 1] != name)
      g_ptr_array_add (names, (gpointer) name);
  }
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  for (guint i = names->len; i-- > 0;)
    if (g_hash_table_contains (unready, names->pdata[i]))
      g_ptr_array_remove_index (names, i);
  return g_steal_pointer (&names);
}

GPtrArray *
guiche_move_tables_new (GError **error)
{
  g_autoptr (GuicheDb) model = open_model (error);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (table_free);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_before;

  if (model == NULL)
    return NULL;
  do {
    g_autoptr (GPtrArray) names = list_ready (model, known, error);

    n_before = tables->len;
    if (names == NULL)
      return NULL;
    for (guint i = 0; i < names->len; i++) {
      GuicheMoveTable *table = load_table (model, names->pdata[i], error);

      if (table == NULL)
        return NULL;
      g_ptr_array_add (tables, table);
      g_hash_table_add (known, (gpointer) table->name);
    }
  } while (tables->len > n_before);
  return g_steal_pointer (&tables);
}
