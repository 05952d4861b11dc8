/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/failpoint.h"
#include "store/migration-private.h"

/* PostgreSQL: the version is a row of the schema, beside the oldest version a program may know and
 * still run on it. A lock that is this schema's: of several nodes that start at once one migrates,
 * the others wait and then find it done. */

#define BACKUP_SUFFIX ".backup.dump"
#define LOCK_KEY "hashtextextended('guiche migration ' || $1, 0)"
#define LOCK_INTERVAL_US 20000
/* A migration may take its time. But a table's lock that it waits for stops everybody who asks for
 * the table after it. */
#define LIMITS                                                                                     \
  "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'; "                              \
  "SET LOCAL client_min_messages = warning"

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
  gint64 newest = guiche_migration_count (self);
  Schema schema;

  if (db == NULL || !read_schema (db, &schema, error) ||
      !check_newer (self, &schema, newest, error))
    return FALSE;

  return schema.version < newest;
}

/* The session's, so that a dump and all migrations are one node's; it is gone when the node is.
 * Asked for again and again: no time-out of the connection's can be in the way. */
static gboolean
lock (const GuicheMigration *self, GuicheDb *db, GError **error)
{
  gboolean is_locked = FALSE;

  while (!is_locked) {
    GuicheStatement *statement =
        guiche_db_prepare (db, "SELECT pg_try_advisory_lock(" LOCK_KEY ")", error);

    if (statement == NULL)
      return FALSE;
    guiche_statement_bind_text (statement, 1, self->location->schema);
    if (!read_row (statement, error))
      return FALSE;
    is_locked = guiche_statement_int (statement, 0) != 0;
    guiche_statement_reset (statement);
    if (!is_locked)
      g_usleep (LOCK_INTERVAL_US);
  }

  return TRUE;
}

/* Where this fails the connection is lost, and the lock with it. */
static void
unlock (const GuicheMigration *self, GuicheDb *db)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "SELECT pg_advisory_unlock(" LOCK_KEY ")", NULL);

  if (statement == NULL)
    return;

  guiche_statement_bind_text (statement, 1, self->location->schema);
  guiche_statement_run (statement, NULL, NULL);
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

static gboolean
run_script (const GuicheMigration *self,
            GuicheDb *db,
            GBytes *script,
            const Schema *next,
            GError **error)
{
  return guiche_db_begin (db, error) && guiche_db_run_script (db, LIMITS, error) &&
         (next->version > 1 || create_schema (self, db, error)) &&
         guiche_db_run_script (db, g_bytes_get_data (script, NULL), error) &&
         note_version (db, next, error) && guiche_db_commit (db, error);
}

/* One transaction. */
static gboolean
apply (const GuicheMigration *self, GuicheDb *db, const char *name, Schema *schema, GError **error)
{
  g_autoptr (GBytes) script = guiche_migration_load (self, name, error);
  Schema next = { schema->version + 1, 0 };

  if (script == NULL)
    return FALSE;

  next.readable_by = MAX (schema->readable_by, guiche_migration_readable_by (script, next.version));
  if (run_script (self, db, script, &next, error)) {
    *schema = next;
    guiche_failpoint ("migration-done");
    return TRUE;
  }

  g_prefix_error (error, "schema %s, migration %s: ", self->location->schema, name);
  guiche_db_roll_back (db);
  return FALSE;
}

/* With the lock. */
static gboolean
apply_pending (const GuicheMigration *self, GuicheDb *db, GError **error)
{
  g_autoptr (GPtrArray) names = guiche_migration_list (self);
  Schema schema;

  if (!read_schema (db, &schema, error) || !check_newer (self, &schema, names->len, error))
    return FALSE;
  if (schema.version > 0 && schema.version < names->len && self->backup_directory != NULL &&
      !guiche_migration_back_up (self, db, schema.version, BACKUP_SUFFIX,
                                 guiche_migration_dump_postgresql, error))
    return FALSE;

  while (schema.version < names->len) {
    if (!apply (self, db, names->pdata[schema.version], &schema, error))
      return FALSE;
  }

  return TRUE;
}

GuicheDb *
guiche_migration_run_postgresql (const GuicheMigration *self, GError **error)
{
  g_autoptr (GuicheDb) db = guiche_db_open (self->location, GUICHE_DB_WRITER, error);
  gboolean is_done;

  if (db == NULL || !lock (self, db, error))
    return NULL;

  is_done = apply_pending (self, db, error);
  unlock (self, db);
  return is_done ? g_steal_pointer (&db) : NULL;
}
