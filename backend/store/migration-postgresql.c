/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/migration-private.h"

/* PostgreSQL: the version is a row of the schema, beside the oldest version a program may know and
 * still run on it. Each migration is a transaction under a lock that is this schema's: of several
 * nodes that start at once one migrates, the others wait and then find it done. */

#define BACKUP_SUFFIX ".backup.dump"

typedef struct {
  gint64 version;
  gint64 readable_by;
} Schema;

static gboolean
read_row (GuicheStatement *statement, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (statement != NULL && guiche_statement_next (statement, &failure))
    return TRUE;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* All 0 where nothing is yet. */
static gboolean
read_schema (GuicheDb *db, Schema *out_schema, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "SELECT to_regclass('schema_version') IS NOT NULL", error);
  gboolean exists;

  *out_schema = (Schema){ 0 };
  if (!read_row (statement, error))
    return FALSE;
  exists = guiche_statement_int (statement, 0) != 0;
  guiche_statement_reset (statement);
  if (!exists)
    return TRUE;

  statement = guiche_db_prepare (db, "SELECT version, readable_by FROM schema_version", error);
  if (!read_row (statement, error))
    return FALSE;
  out_schema->version = guiche_statement_int (statement, 0);
  out_schema->readable_by = guiche_statement_int (statement, 1);
  guiche_statement_reset (statement);
  return TRUE;
}

/* A newer schema is fine as long as all that was added can be ignored. */
static gboolean
check_newer (const GuicheMigration *self, const Schema *schema, gint64 newest, GError **error)
{
  return schema->version <= newest || schema->readable_by <= newest ||
         guiche_migration_refuse_newer (self, schema->version, newest, error);
}

gboolean
guiche_migration_postgresql_is_needed (const GuicheMigration *self, GError **error)
{
  g_autoptr (GuicheDb) db = guiche_db_open (self->location, GUICHE_DB_READER, error);
  gint64 newest = guiche_migration_newest (self->resource_path);
  Schema schema;

  if (db == NULL || !read_schema (db, &schema, error) ||
      !check_newer (self, &schema, newest, error))
    return FALSE;

  return schema.version < newest;
}

/* A dump may take its time, and who waits for the lock may wait for one. But a table's lock that
 * does not come would stop everybody who asks for the table after it. */
static gboolean
lock (const GuicheMigration *self, GuicheDb *db, GError **error)
{
  GuicheStatement *statement;

  if (!guiche_db_run_script (db,
                             "SET LOCAL idle_in_transaction_session_timeout = 0;"
                             "SET LOCAL statement_timeout = 0;"
                             "SET LOCAL lock_timeout = 0;"
                             "SET LOCAL client_min_messages = warning",
                             error))
    return FALSE;

  statement = guiche_db_prepare (
      db, "SELECT pg_advisory_xact_lock(hashtextextended('guiche migration ' || $1, 0))", error);
  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, self->location->schema);
  return guiche_statement_run (statement, NULL, error) &&
         guiche_db_run_script (db, "SET LOCAL lock_timeout = '10s'", error);
}

/* @schema is that of migration.h's callers, `control` or `tenant_` and a key: no quotes in it. */
static gboolean
create_schema (const GuicheMigration *self, GuicheDb *db, GError **error)
{
  g_autofree char *script = g_strdup_printf (
      "CREATE SCHEMA IF NOT EXISTS \"%s\";"
      "CREATE TABLE schema_version (version BIGINT NOT NULL, readable_by BIGINT NOT NULL);"
      "INSERT INTO schema_version VALUES (0, 0)",
      self->location->schema);

  return guiche_db_run_script (db, script, error);
}

static gboolean
note_version (GuicheDb *db, const Schema *schema, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "UPDATE schema_version SET version = $1, readable_by = $2", error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, schema->version);
  guiche_statement_bind_int (statement, 2, schema->readable_by);
  return guiche_statement_run (statement, NULL, error);
}

/* In a transaction with the lock. */
static gboolean
apply (const GuicheMigration *self,
       GuicheDb *db,
       const char *name,
       const Schema *schema,
       GError **error)
{
  g_autoptr (GBytes) script = guiche_migration_load (self, name, error);
  gint64 number = schema->version + 1;
  Schema next;

  if (script == NULL)
    return FALSE;
  if (schema->version == 0 && !create_schema (self, db, error))
    return FALSE;

  next.version = number;
  next.readable_by = MAX (schema->readable_by, guiche_migration_readable_by (script, number));
  return guiche_db_run_script (db, g_bytes_get_data (script, NULL), error) &&
         note_version (db, &next, error);
}

/* One migration, if there still is one to do. */
static gboolean
step (const GuicheMigration *self,
      GuicheDb *db,
      GPtrArray *names,
      gboolean *is_backed_up,
      gboolean *out_is_current,
      GError **error)
{
  Schema schema;

  if (!guiche_db_begin (db, error) || !lock (self, db, error) ||
      !read_schema (db, &schema, error) || !check_newer (self, &schema, names->len, error))
    return FALSE;

  *out_is_current = schema.version >= names->len;
  if (*out_is_current)
    return guiche_db_commit (db, error);

  if (schema.version > 0 && self->backup_directory != NULL && !*is_backed_up &&
      !guiche_migration_back_up (self, db, schema.version, BACKUP_SUFFIX,
                                 guiche_migration_dump_postgresql, error))
    return FALSE;
  *is_backed_up = TRUE;

  if (apply (self, db, names->pdata[schema.version], &schema, error) &&
      guiche_db_commit (db, error))
    return TRUE;

  g_prefix_error (error, "schema %s, migration %s: ", self->location->schema,
                  (const char *) names->pdata[schema.version]);
  return FALSE;
}

GuicheDb *
guiche_migration_run_postgresql (const GuicheMigration *self, GError **error)
{
  g_autoptr (GPtrArray) names = guiche_migration_list (self);
  g_autoptr (GuicheDb) db = guiche_db_open (self->location, GUICHE_DB_WRITER, error);
  gboolean is_backed_up = FALSE;
  gboolean is_current = FALSE;

  if (db == NULL)
    return NULL;

  while (!is_current) {
    if (!step (self, db, names, &is_backed_up, &is_current, error)) {
      guiche_db_roll_back (db);
      return NULL;
    }
  }

  return g_steal_pointer (&db);
}
