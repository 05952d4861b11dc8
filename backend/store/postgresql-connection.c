/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/failpoint.h"
#include "store/postgresql-pool.h"
#include "store/postgresql-private.h"
#include "store/postgresql-time.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define OLDEST_SERVER 150000
#define PASSWORD_CREDENTIAL "store.password"

/* Ours are ended by the server when this node dies or hangs in a transaction; who waits for a lock
 * waits longer than that. */
static const char session_sql[] = "SELECT set_config('statement_timeout', '10s', false),"
                                  " set_config('lock_timeout', '8s', false),"
                                  " set_config('idle_in_transaction_session_timeout', '5s', false),"
                                  " set_config('client_connection_check_interval', '1s', false),"
                                  " set_config('tcp_keepalives_idle', '2', false),"
                                  " set_config('tcp_keepalives_interval', '1', false),"
                                  " set_config('tcp_keepalives_count', '3', false),"
                                  " set_config('tcp_user_timeout', '5000', false),"
                                  " set_config('jit', 'off', false)";
static const char patient_session_sql[] = "SELECT set_config('lock_timeout', '60s', false)";

/* systemd's LoadCredential=; else libpq looks for a PGPASSFILE. */
static char *
load_password (void)
{
  const char *directory = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *path =
      directory == NULL ? NULL : g_build_filename (directory, PASSWORD_CREDENTIAL, NULL);
  char *password = NULL;

  if (path != NULL && g_file_get_contents (path, &password, NULL, NULL))
    g_strchomp (password);
  return password;
}

/* What stands before `dbname` is a default that the address may change; what stands after it is
 * not. A standby is never taken for the primary. */
static PGconn *
connect_to (const char *conninfo, const char *application_name)
{
  g_autofree char *password = load_password ();
  const char *const keywords[] = { "connect_timeout",
                                   "keepalives_idle",
                                   "keepalives_interval",
                                   "keepalives_count",
                                   "tcp_user_timeout",
                                   "target_session_attrs",
                                   "dbname",
                                   "application_name",
                                   "client_encoding",
                                   password == NULL ? NULL : "password",
                                   NULL };
  const char *const values[] = { "3",    "2",          "1",      "3",
                                 "5000", "read-write", conninfo, application_name,
                                 "UTF8", password,     NULL };

  return PQconnectdbParams (keywords, values, 1);
}

static gboolean
check_server (GuichePostgresql *self, GError **error)
{
  const char *encoding = PQparameterStatus (self->connection, "server_encoding");
  int version = PQserverVersion (self->connection);

  if (PQstatus (self->connection) != CONNECTION_OK) {
    g_autofree char *why = g_strdup (PQerrorMessage (self->connection));

    g_strdelimit (g_strchomp (why), "\n\t", ' ');
    g_propagate_error (error, guiche_postgresql_lost_error ("connecting to the database", why));
    return FALSE;
  }
  if (version >= OLDEST_SERVER && g_strcmp0 (encoding, "UTF8") == 0)
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
               "the database must be PostgreSQL %d or newer, in UTF8: it is %d.%d, in %s",
               OLDEST_SERVER / 10000, version / 10000, version % 10000,
               encoding == NULL ? "?" : encoding);
  return FALSE;
}

static void
on_notice (void *data, const PGresult *result)
{
  g_debug ("PostgreSQL: %s", PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY));
}

static gboolean
send_schema (GuichePostgresql *self, const char *schema, GError **error)
{
  char *quoted = PQescapeIdentifier (self->connection, schema, strlen (schema));

  if (quoted == NULL)
    return FALSE;
  g_free (self->schema_sql);
  self->schema_sql = g_strdup_printf ("SET search_path TO %s", quoted);
  PQfreemem (quoted);
  return guiche_postgresql_send_control (self, GUICHE_PENDING_CONTROL, self->schema_sql, error);
}

gboolean
guiche_postgresql_select_schema (GuichePostgresql *self, const char *schema, GError **error)
{
  if (strcmp (self->base.name, schema) == 0)
    return TRUE;

  /* What is still unanswered may name a statement that is freed here. */
  if (self->pending->len > 0 && !guiche_postgresql_wait (self, NULL, error))
    return FALSE;
  guiche_db_free_statements (&self->base);
  g_free (self->base.name);
  self->base.name = g_strdup (schema);
  return guiche_postgresql_send_control (self, GUICHE_PENDING_CONTROL, "DEALLOCATE ALL", error) &&
         send_schema (self, schema, error);
}

gboolean
guiche_postgresql_is_alive (GuichePostgresql *self)
{
  struct pollfd descriptor = { .fd = PQsocket (self->connection), .events = POLLIN };

  if (self->is_lost || descriptor.fd < 0)
    return FALSE;
  if (poll (&descriptor, 1, 0) == 0)
    return TRUE;

  /* The answer to the last ROLLBACK, or the end. */
  return PQconsumeInput (self->connection) && poll (&descriptor, 1, 0) == 0 &&
         PQstatus (self->connection) == CONNECTION_OK;
}

void
guiche_postgresql_disconnect (GuichePostgresql *self)
{
  guiche_db_free_statements (&self->base);
  PQfinish (self->connection);
  guiche_db_clear (&self->base);
  g_array_unref (self->pending);
  g_clear_error (&self->error);
  g_free (self->schema_sql);
  g_free (self);
}

static void
close_db (GuicheDb *db)
{
  GuichePostgresql *self = (GuichePostgresql *) db;

  if (self->pool != NULL)
    guiche_postgresql_pool_give_back (self->pool, self);
  else
    guiche_postgresql_disconnect (self);
}

static gboolean
run_script (GuicheDb *db, const char *script, GError **error)
{
  return guiche_postgresql_run_text ((GuichePostgresql *) db, script, error);
}

static gboolean
begin_with (GuicheDb *db, const char *sql, GError **error)
{
  GuichePostgresql *self = (GuichePostgresql *) db;

  self->in_transaction = TRUE;
  self->is_failed = self->has_late_error = self->is_deferring = FALSE;
  return guiche_postgresql_send_control (self, GUICHE_PENDING_CONTROL, sql, error);
}

static gboolean
begin (GuicheDb *db, GError **error)
{
  ((GuichePostgresql *) db)->is_reading_only = FALSE;
  return begin_with (db, "BEGIN ISOLATION LEVEL READ COMMITTED", error);
}

static gboolean
begin_read (GuicheDb *db, GError **error)
{
  ((GuichePostgresql *) db)->is_reading_only = TRUE;
  return begin_with (db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error);
}

static gboolean
commit (GuicheDb *db, GError **error)
{
  GuichePostgresql *self = (GuichePostgresql *) db;
  GError *after = NULL;

  self->is_deferring = self->is_committed = FALSE;
  if (!guiche_postgresql_send_control (self, GUICHE_PENDING_COMMIT, "COMMIT", error))
    return FALSE;

  self->is_commit_sent = TRUE;
  if (G_UNLIKELY (guiche_failpoint_cuts ("commit-not-sent")))
    shutdown (PQsocket (self->connection), SHUT_RDWR);
  if (G_UNLIKELY (guiche_failpoint_cuts ("commit-not-answered"))) {
    guiche_postgresql_flush (self);
    shutdown (PQsocket (self->connection), SHUT_RDWR);
  }
  if (guiche_postgresql_wait (self, NULL, &after))
    return TRUE;

  /* What came after its answer, the end of the connection, does not change it. */
  if (self->is_committed) {
    g_error_free (after);
    return TRUE;
  }
  g_propagate_error (error, after);
  return FALSE;
}

/* Its answer is read with the next one: nobody waits for it. */
static void
roll_back (GuicheDb *db)
{
  GuichePostgresql *self = (GuichePostgresql *) db;

  self->in_transaction = self->is_failed = self->is_deferring = FALSE;
  guiche_postgresql_send_rollback (self);
}

static gboolean
in_transaction (GuicheDb *db)
{
  GuichePostgresql *self = (GuichePostgresql *) db;

  return self->in_transaction && !self->is_lost;
}

static gint64
total_changes (GuicheDb *db)
{
  return ((GuichePostgresql *) db)->n_changes;
}

static gint64
get_version (GuicheDb *db, GError **error)
{
  static const char find_sql[] = "SELECT to_regclass('schema_version') IS NOT NULL";
  static const char sql[] = "SELECT version FROM schema_version";
  GuicheStatement *statement = guiche_db_prepare (db, find_sql, error);
  gint64 version;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return -1;
  if (guiche_statement_int (statement, 0) == 0)
    return 0;

  statement = guiche_db_prepare (db, sql, error);
  if (statement == NULL || !guiche_statement_next (statement, error))
    return -1;
  version = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return version;
}

static void
set_deferring (GuicheDb *db, gboolean is_deferring)
{
  ((GuichePostgresql *) db)->is_deferring = is_deferring;
}

static gboolean
send_statement (GuicheStatement *statement, GError **error)
{
  guiche_postgresql_reset (statement);
  return guiche_postgresql_send_statement ((GuichePostgresql *) statement->db,
                                           (GuichePostgresqlStatement *) statement, error);
}

static guint64
get_round_trips (GuicheDb *db)
{
  return ((GuichePostgresql *) db)->n_round_trips;
}

static GuicheDbTrouble
get_trouble (GuicheDb *db)
{
  GuichePostgresql *self = (GuichePostgresql *) db;

  if (self->is_commit_sent)
    return GUICHE_DB_OUTCOME_UNKNOWN;
  if (self->is_lost)
    return GUICHE_DB_LOST;
  if (self->has_late_error)
    return GUICHE_DB_LATE_ERROR;
  return self->is_failed ? GUICHE_DB_FAILED : GUICHE_DB_FINE;
}

static gboolean
is_alive (GuicheDb *db)
{
  return guiche_postgresql_is_alive ((GuichePostgresql *) db);
}

static const GuicheDbEngine engine = {
  .get_time = guiche_postgresql_get_time,
  .close = close_db,
  .prepare = guiche_postgresql_prepare,
  .free_statement = guiche_postgresql_free_statement,
  .clear_bindings = guiche_postgresql_clear_bindings,
  .bind_int = guiche_postgresql_bind_int,
  .bind_text = guiche_postgresql_bind_text,
  .bind_bytes = guiche_postgresql_bind_bytes,
  .bind_id = guiche_postgresql_bind_id,
  .bind_null = guiche_postgresql_bind_null,
  .run = guiche_postgresql_run,
  .next = guiche_postgresql_next,
  .reset = guiche_postgresql_reset,
  .column_int = guiche_postgresql_column_int,
  .column_text = guiche_postgresql_column_text,
  .column_bytes = guiche_postgresql_column_bytes,
  .column_is_null = guiche_postgresql_column_is_null,
  .run_script = run_script,
  .begin = begin,
  .begin_read = begin_read,
  .commit = commit,
  .roll_back = roll_back,
  .in_transaction = in_transaction,
  .total_changes = total_changes,
  .get_version = get_version,
  .set_deferring = set_deferring,
  .send = send_statement,
  .try_send_insert = guiche_postgresql_try_send_insert,
  .get_round_trips = get_round_trips,
  .get_trouble = get_trouble,
  .is_alive = is_alive,
};

GuicheDb *
guiche_postgresql_connect (const GuicheDbLocation *location,
                           const char *application_name,
                           GError **error)
{
  GuichePostgresql *self = g_new0 (GuichePostgresql, 1);
  g_autoptr (GuicheDb) owner = &self->base;

  guiche_db_init (&self->base, &engine, location->schema);
  self->pending = g_array_new (FALSE, FALSE, sizeof (GuichePending));
  self->is_patient = location->is_patient;
  self->connection = connect_to (location->conninfo, application_name);
  if (!check_server (self, error))
    return NULL;

  PQsetNoticeReceiver (self->connection, on_notice, NULL);
  if (PQsetnonblocking (self->connection, 1) != 0 || !PQenterPipelineMode (self->connection)) {
    g_propagate_error (error, guiche_postgresql_lost_error (self->base.name, "no pipeline"));
    return NULL;
  }
  if (!guiche_postgresql_send_control (self, GUICHE_PENDING_CONTROL,
                                       self->is_patient ? patient_session_sql : session_sql,
                                       error) ||
      !send_schema (self, location->schema, error) || !guiche_postgresql_wait (self, NULL, error))
    return NULL;

  return g_steal_pointer (&owner);
}

GuicheDb *
guiche_postgresql_open (const GuicheDbLocation *location, GuicheDbRole role, GError **error)
{
  return location->pool != NULL
             ? guiche_postgresql_pool_lease (location->pool, location, role, error)
             : guiche_postgresql_connect (location, "guiche", error);
}
