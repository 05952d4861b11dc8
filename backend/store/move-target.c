/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/move-target.h"

#include "store/postgresql-batch.h"

#include <string.h>

gboolean
guiche_move_has_table (GuicheDb *db, const char *name, gboolean *out_has, GError **error)
{
  static const char sqlite_sql[] =
      "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
  static const char postgresql_sql[] = "SELECT to_regclass($1) IS NOT NULL";
  GuicheStatement *statement =
      guiche_db_prepare (db, guiche_db_is_shared (db) ? postgresql_sql : sqlite_sql, error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, name);
  if (!guiche_statement_next (statement, error))
    return FALSE;
  *out_has = guiche_statement_int (statement, 0) != 0;
  guiche_statement_reset (statement);
  return TRUE;
}

gboolean
guiche_move_take_company (GuicheDb *db, GError **error)
{
  return !guiche_db_is_shared (db) || guiche_postgresql_lock_company (db, error);
}

static gboolean
count_rows (GuicheDb *db, const GuicheMoveTable *table, gint64 *out_n, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (db, table->count, error);

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;
  *out_n = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return TRUE;
}

/* A new company has its queues and nothing else; one of an older schema lacks tables. */
gboolean
guiche_move_target_check_empty (GuicheDb *db, GPtrArray *tables, GError **error)
{
  for (guint i = 0; i < tables->len; i++) {
    const GuicheMoveTable *table = tables->pdata[i];
    gboolean exists = FALSE;
    gint64 n = 0;

    if (strcmp (table->name, "queues") == 0)
      continue;
    if (!guiche_move_has_table (db, table->name, &exists, error) ||
        (exists && !count_rows (db, table, &n, error)))
      return FALSE;
    if (n == 0)
      continue;
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                 "%s is not empty: %s has %" G_GINT64_FORMAT
                 " rows that are not of this move; nothing was changed",
                 guiche_db_name (db), table->name, n);
    return FALSE;
  }
  return TRUE;
}

/* --- foreign keys ------------------------------------------------------------------------- */

/* The statements that make them again are kept with the state of the move: they outlive this
 * program. SQLite's are the connection's matter. */
static gboolean
keep_references (GuicheDb *db, GString *drops, GError **error)
{
  static const char sql[] =
      "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM "
      "pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace "
      "ORDER BY 1, 2";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  g_autoptr (GString) adds = g_string_new (NULL);
  g_autoptr (GString) checks = g_string_new (NULL);
  g_autoptr (GError) failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (guiche_statement_next (statement, &failure)) {
    const char *table = guiche_statement_text (statement, 0);
    const char *name = guiche_statement_text (statement, 1);

    g_string_append_printf (drops, "ALTER TABLE %s DROP CONSTRAINT \"%s\";\n", table, name);
    g_string_append_printf (adds, "ALTER TABLE %s ADD CONSTRAINT \"%s\" %s NOT VALID;\n", table,
                            name, guiche_statement_text (statement, 2));
    g_string_append_printf (checks, "ALTER TABLE %s VALIDATE CONSTRAINT \"%s\";\n", table, name);
  }
  if (failure == NULL)
    return guiche_move_target_set (db, "references", adds->str, error) &&
           guiche_move_target_set (db, "reference-checks", checks->str, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
run_kept (GuicheDb *db, const char *name, GError **error)
{
  g_autofree char *script = NULL;

  if (!guiche_db_is_shared (db))
    return TRUE;
  script = guiche_move_target_get (db, name, error);
  return script != NULL && guiche_db_run_script (db, script, error);
}

gboolean
guiche_move_target_enforce (GuicheDb *db, GError **error)
{
  return run_kept (db, "references", error);
}

gboolean
guiche_move_target_check_references (GuicheDb *db, GError **error)
{
  return guiche_db_check_foreign_keys (db, error) && run_kept (db, "reference-checks", error);
}

/* --- how far it is ------------------------------------------------------------------------ */

static gboolean
start (GuicheDb *db, GPtrArray *tables, const char *id, GError **error)
{
  static const char sqlite_sql[] =
      "CREATE TABLE move_progress (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;";
  static const char postgresql_sql[] =
      "CREATE TABLE move_progress (name TEXT COLLATE \"C\" PRIMARY KEY, value TEXT NOT NULL);";
  g_autoptr (GString) script = g_string_new (NULL);

  if (!guiche_db_run_script (db, guiche_db_is_shared (db) ? postgresql_sql : sqlite_sql, error) ||
      (guiche_db_is_shared (db) && !keep_references (db, script, error)))
    return FALSE;
  for (guint i = tables->len; i-- > 0;)
    g_string_append_printf (script, "DELETE FROM %s;\n",
                            ((GuicheMoveTable *) tables->pdata[i])->name);
  return guiche_db_run_script (db, script->str, error) &&
         guiche_move_target_set (db, "id", id, error);
}

gboolean
guiche_move_target_start (GuicheDb *db, GPtrArray *tables, const char *id, GError **error)
{
  if (guiche_db_begin (db, error) && start (db, tables, id, error) && guiche_db_commit (db, error))
    return TRUE;
  guiche_db_roll_back (db);
  return FALSE;
}

char *
guiche_move_target_get (GuicheDb *db, const char *name, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "SELECT value FROM move_progress WHERE name = $1", error);
  char *value = NULL;

  if (statement == NULL)
    return NULL;
  guiche_statement_bind_text (statement, 1, name);
  if (guiche_statement_next (statement, error))
    value = g_strdup (guiche_statement_text (statement, 0));
  guiche_statement_reset (statement);
  return value;
}

gint64
guiche_move_target_get_int (GuicheDb *db, const char *name, GError **error)
{
  g_autofree char *value = guiche_move_target_get (db, name, error);

  return value == NULL ? -1 : g_ascii_strtoll (value, NULL, 10);
}

gboolean
guiche_move_target_set (GuicheDb *db, const char *name, const char *value, GError **error)
{
  static const char sql[] = "INSERT INTO move_progress (name, value) VALUES ($1, $2) "
                            "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, name);
  guiche_statement_bind_text (statement, 2, value);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_move_target_set_int (GuicheDb *db, const char *name, gint64 value, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  return guiche_move_target_set (db, name, text, error);
}

gboolean
guiche_move_target_finish (GuicheDb *db, GError **error)
{
  return guiche_db_run_script (db, "DROP TABLE IF EXISTS move_progress", error);
}
