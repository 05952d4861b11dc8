/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/move-log.h"

#include "store/move-target.h"

#include <string.h>

/* SQLite numbers changes in the order of their commits, as there is one writer. PostgreSQL's
 * position is the transaction: one that is older may commit later, so what comes next is read from
 * the oldest that was still running. */

#define SQLITE_TABLES                                                                              \
  "CREATE TABLE move_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"    \
  "CREATE TABLE move_changes (position INTEGER PRIMARY KEY AUTOINCREMENT, relation TEXT NOT NULL," \
  " key TEXT NOT NULL) STRICT;"
#define POSTGRESQL_TABLES                                                                          \
  "CREATE TABLE move_state (name TEXT COLLATE \"C\" PRIMARY KEY, value TEXT NOT NULL);"            \
  "CREATE TABLE move_changes (position BIGINT NOT NULL DEFAULT "                                   \
  "(pg_current_xact_id()::text::bigint), relation TEXT COLLATE \"C\" NOT NULL,"                    \
  " key TEXT COLLATE \"C\" NOT NULL);"                                                             \
  "CREATE INDEX move_changes_by_position ON move_changes (position, relation);"

#define SEALED_RETRY_S 2
#define PATIENCE_US (60 * (gint64) G_USEC_PER_SEC)
#define PAUSE_US 50000

GError *
guiche_move_sealed_error (void)
{
  GError *error = g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                                       "the company is moved to another database: try again");

  guiche_error_set_detail_int (error, "retry_after_s", SEALED_RETRY_S);
  return error;
}

void
guiche_move_log_clear (GuicheMoveLog *self)
{
  g_clear_pointer (&self->id, g_free);
}

/* --- what the triggers are ---------------------------------------------------------------- */

/* `lower(hex(NEW."id")) || ',' || CAST(NEW."seq" AS TEXT)` */
static void
append_key (GString *script, GuicheDb *db, const GuicheMoveTable *table, const char *row)
{
  gboolean is_shared = guiche_db_is_shared (db);

  for (guint i = 0; i < table->n_key; i++) {
    const GuicheMoveColumn *column = guiche_move_table_column (table, table->key[i]);
    const char *before = "lower(hex(", *after = "))";

    if (column->type == GUICHE_DB_INT) {
      before = "CAST(";
      after = " AS TEXT)";
    } else if (is_shared) {
      before = column->type == GUICHE_DB_TEXT ? "encode(convert_to(" : "encode(";
      after = column->type == GUICHE_DB_TEXT ? ", 'UTF8'), 'hex')" : ", 'hex')";
    }
    g_string_append_printf (script, "%s%s%s.\"%s\"%s", i > 0 ? " || ',' || " : "", before, row,
                            column->name, after);
  }
}

static void
append_note (GString *script, GuicheDb *db, const GuicheMoveTable *table, const char *row)
{
  g_string_append_printf (script, "INSERT INTO move_changes (relation, key) VALUES ('%s', ",
                          table->name);
  append_key (script, db, table, row);
  g_string_append (script, "); ");
}

static void
append_sqlite_notes (GString *script, GuicheDb *db, const GuicheMoveTable *table)
{
  static const struct {
    const char *event, *rows[3];
  } events[] = { { "INSERT", { "NEW" } }, { "UPDATE", { "OLD", "NEW" } }, { "DELETE", { "OLD" } } };

  for (gsize i = 0; i < G_N_ELEMENTS (events); i++) {
    g_string_append_printf (script, "CREATE TRIGGER move_note_%s_%s AFTER %s ON %s BEGIN ",
                            table->name, events[i].event, events[i].event, table->name);
    for (const char *const *row = events[i].rows; *row != NULL; row++)
      append_note (script, db, table, *row);
    g_string_append (script, "END;\n");
  }
}

static void
append_postgresql_notes (GString *script, GuicheDb *db, const GuicheMoveTable *table)
{
  g_string_append_printf (
      script,
      "CREATE FUNCTION move_note_%s() RETURNS trigger LANGUAGE plpgsql AS $note$ BEGIN "
      "IF TG_OP <> 'INSERT' THEN ",
      table->name);
  append_note (script, db, table, "OLD");
  g_string_append (script, "END IF; IF TG_OP <> 'DELETE' THEN ");
  append_note (script, db, table, "NEW");
  g_string_append_printf (script,
                          "END IF; RETURN NULL; END $note$;\n"
                          "CREATE TRIGGER move_note AFTER INSERT OR UPDATE OR DELETE ON %s "
                          "FOR EACH ROW EXECUTE FUNCTION move_note_%s();\n",
                          table->name, table->name);
}

static void
append_seal (GString *script, GuicheDb *db, const GuicheMoveTable *table)
{
  static const char *const events[] = { "INSERT", "UPDATE", "DELETE" };

  if (guiche_db_is_shared (db)) {
    g_string_append_printf (script,
                            "CREATE TRIGGER move_seal BEFORE INSERT OR UPDATE OR DELETE ON %s "
                            "FOR EACH STATEMENT EXECUTE FUNCTION move_seal();\n",
                            table->name);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    g_string_append_printf (script,
                            "CREATE TRIGGER move_seal_%s_%s BEFORE %s ON %s BEGIN "
                            "SELECT RAISE(ABORT, '" GUICHE_MOVE_SEALED "'); END;\n",
                            table->name, events[i], events[i], table->name);
}

static void
append_drop (GString *script, GuicheDb *db, const GuicheMoveTable *table, const char *what)
{
  static const char *const events[] = { "INSERT", "UPDATE", "DELETE" };

  if (guiche_db_is_shared (db)) {
    g_string_append_printf (script, "DROP TRIGGER IF EXISTS %s ON %s;\n", what, table->name);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    g_string_append_printf (script, "DROP TRIGGER IF EXISTS %s_%s_%s;\n", what, table->name,
                            events[i]);
}

static void
append_drop_notes (GString *script, GuicheDb *db, GPtrArray *tables)
{
  for (guint i = 0; i < tables->len; i++)
    append_drop (script, db, tables->pdata[i], "move_note");
  for (guint i = 0; guiche_db_is_shared (db) && i < tables->len; i++)
    g_string_append_printf (script, "DROP FUNCTION IF EXISTS move_note_%s();\n",
                            ((GuicheMoveTable *) tables->pdata[i])->name);
  g_string_append (script, "DROP TABLE IF EXISTS move_changes;\n");
}

/* --- transactions of their own ------------------------------------------------------------- */

/* Alone with the company: no server is in the middle of a batch. */
static gboolean
begin_alone (GuicheDb *db, GError **error)
{
  return guiche_db_begin (db, error) && guiche_move_take_company (db, error);
}

static gboolean
try_alone (GuicheDb *db, const char *script, gboolean *out_has_begun, GError **error)
{
  *out_has_begun = begin_alone (db, error);
  if (*out_has_begun && guiche_db_run_script (db, script, error) && guiche_db_commit (db, error))
    return TRUE;
  guiche_db_roll_back (db);
  return FALSE;
}

/* A busy writer is waited for; who read tables in another order and was chosen to go on, too. */
static gboolean
run_alone (GuicheDb *db, const char *script, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  for (;;) {
    g_autoptr (GError) failure = NULL;
    gboolean has_begun;

    if (try_alone (db, script, &has_begun, &failure))
      return TRUE;
    if (g_get_monotonic_time () >= end_us || !guiche_db_is_alive (db) ||
        (has_begun && guiche_error_get_detail (failure, "retriable") == NULL)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    g_usleep (PAUSE_US);
  }
}

gboolean
guiche_move_log_start (GuicheDb *source, GPtrArray *tables, const char *id, GError **error)
{
  g_autoptr (GString) script =
                 g_string_new (guiche_db_is_shared (source) ? POSTGRESQL_TABLES : SQLITE_TABLES);

  g_string_append_printf (script, "INSERT INTO move_state (name, value) VALUES ('id', '%s');\n",
                          id);
  for (guint i = 0; i < tables->len; i++) {
    if (guiche_db_is_shared (source))
      append_postgresql_notes (script, source, tables->pdata[i]);
    else
      append_sqlite_notes (script, source, tables->pdata[i]);
  }
  return run_alone (source, script->str, error);
}

gboolean
guiche_move_log_seal (GuicheDb *source, GPtrArray *tables, GError **error)
{
  g_autoptr (GString) script = g_string_new (NULL);

  if (guiche_db_is_shared (source))
    g_string_append (script, "CREATE FUNCTION move_seal() RETURNS trigger LANGUAGE plpgsql AS "
                             "$seal$ BEGIN RAISE EXCEPTION '" GUICHE_MOVE_SEALED
                             "' USING ERRCODE = '" GUICHE_MOVE_SEALED_STATE "'; END $seal$;\n");
  for (guint i = 0; i < tables->len; i++)
    append_seal (script, source, tables->pdata[i]);
  g_string_append (script, "INSERT INTO move_state (name, value) VALUES ('sealed', '1');\n");
  return run_alone (source, script->str, error);
}

gboolean
guiche_move_log_finish (GuicheDb *source, GPtrArray *tables, GError **error)
{
  g_autoptr (GString) script = g_string_new (NULL);

  append_drop_notes (script, source, tables);
  g_string_append (script, "INSERT INTO move_state (name, value) VALUES ('done', '1') "
                           "ON CONFLICT (name) DO NOTHING;\n");
  return run_alone (source, script->str, error);
}

gboolean
guiche_move_log_remove (GuicheDb *source, GPtrArray *tables, GError **error)
{
  g_autoptr (GString) script = g_string_new (NULL);

  append_drop_notes (script, source, tables);
  for (guint i = 0; i < tables->len; i++)
    append_drop (script, source, tables->pdata[i], "move_seal");
  if (guiche_db_is_shared (source))
    g_string_append (script, "DROP FUNCTION IF EXISTS move_seal();\n");
  g_string_append (script, "DROP TABLE IF EXISTS move_state;\n");
  return run_alone (source, script->str, error);
}

/* --- reading ------------------------------------------------------------------------------- */

static gboolean
read_states (GuicheDb *source, GuicheMoveLog *log, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (source, "SELECT name, value FROM move_state", error);
  g_autoptr (GError) failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (guiche_statement_next (statement, &failure)) {
    const char *name = guiche_statement_text (statement, 0);

    if (strcmp (name, "id") == 0) {
      g_free (log->id);
      log->id = g_strdup (guiche_statement_text (statement, 1));
    }
    log->is_sealed |= strcmp (name, "sealed") == 0;
    log->is_done |= strcmp (name, "done") == 0;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_move_log_load (GuicheDb *source, GuicheMoveLog *out_log, GError **error)
{
  gboolean exists = FALSE;

  *out_log = (GuicheMoveLog){ 0 };
  return guiche_move_has_table (source, "move_state", &exists, error) &&
         (!exists || read_states (source, out_log, error));
}

static void
add_change (GHashTable *changes, const char *relation, const char *key)
{
  GPtrArray *keys = g_hash_table_lookup (changes, relation);

  if (keys == NULL) {
    keys = g_ptr_array_new_with_free_func (g_free);
    g_hash_table_insert (changes, g_strdup (relation), keys);
  }
  g_ptr_array_add (keys, g_strdup (key));
}

GHashTable *
guiche_move_log_read (GuicheDb *source, gint64 since, GError **error)
{
  static const char sql[] = "SELECT DISTINCT relation, key FROM move_changes WHERE position >= $1";
  GuicheStatement *statement = guiche_db_prepare (source, sql, error);
  g_autoptr (GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GError) failure = NULL;

  if (statement == NULL)
    return NULL;
  guiche_statement_bind_int (statement, 1, since);
  while (guiche_statement_next (statement, &failure))
    add_change (changes, guiche_statement_text (statement, 0),
                guiche_statement_text (statement, 1));
  if (failure == NULL)
    return g_steal_pointer (&changes);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gint64
guiche_move_log_position (GuicheDb *source, GError **error)
{
  static const char sqlite_sql[] = "SELECT COALESCE(MAX(position), 0) + 1 FROM move_changes";
  static const char postgresql_sql[] =
      "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
  GuicheStatement *statement =
      guiche_db_prepare (source, guiche_db_is_shared (source) ? postgresql_sql : sqlite_sql, error);
  gint64 position;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return -1;
  position = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return position;
}
