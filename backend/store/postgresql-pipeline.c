/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/postgresql-private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/*
 * The connection is always in libpq's pipeline mode: what is sent waits in memory until somebody
 * needs an answer; then a Sync ends the section, all of it goes out at once, and all its answers
 * are read. After an error the server skips to the Sync, so an answer is either the statement's
 * own or says that an earlier one failed.
 */

#define NAME_BYTES 16
#define MAX_LOST_RESULTS 64

void
guiche_postgresql_set_lost (GuichePostgresql *self, const char *why)
{
  if (self->is_lost)
    return;

  g_info ("%s: the connection is given up: %s", self->base.name, why);
  self->is_lost = TRUE;
  self->base.is_damaged = TRUE;
}

static gboolean
fail_lost (GuichePostgresql *self, const char *why, GError **error)
{
  guiche_postgresql_set_lost (self, why);
  g_propagate_error (error, guiche_postgresql_lost_error (self->base.name, why));
  return FALSE;
}

static void
push (GuichePostgresql *self,
      GuichePendingKind kind,
      GuichePostgresqlStatement *statement,
      const char *what)
{
  GuichePending pending = { kind, statement, what };

  g_array_append_val (self->pending, pending);
}

gboolean
guiche_postgresql_send_control (GuichePostgresql *self,
                                GuichePendingKind kind,
                                const char *sql,
                                GError **error)
{
  if (self->is_lost || PQsendQueryParams (self->connection, sql, 0, NULL, NULL, NULL, NULL, 1) == 0)
    return fail_lost (self, "the connection was lost", error);

  push (self, kind, NULL, sql);
  return TRUE;
}

/* NULL fits any type; a type that was left open at first is known by now. */
static gboolean
has_types (const GuichePostgresqlStatement *statement)
{
  for (int i = 0; i < statement->n_parameters; i++) {
    if (statement->types[i] != statement->prepared_types[i] && statement->values[i] != NULL)
      return FALSE;
  }

  return TRUE;
}

static gboolean
send_prepare (GuichePostgresql *self, GuichePostgresqlStatement *statement)
{
  char name[NAME_BYTES];

  if (statement->prepared != GUICHE_PREPARED_NOT && has_types (statement))
    return TRUE;

  /* A former one of other types is dropped with the connection. */
  for (int i = 0; i < statement->n_parameters; i++) {
    if (statement->types[i] != 0)
      statement->prepared_types[i] = statement->types[i];
  }
  statement->number = ++self->last_number;
  g_snprintf (name, sizeof name, "s%u", statement->number);
  if (PQsendPrepare (self->connection, name, statement->base.sql, statement->n_parameters,
                     statement->prepared_types) == 0)
    return FALSE;

  statement->prepared = GUICHE_PREPARED_SENT;
  push (self, GUICHE_PENDING_PREPARE, statement, statement->base.sql);
  return TRUE;
}

gboolean
guiche_postgresql_send_statement (GuichePostgresql *self,
                                  GuichePostgresqlStatement *statement,
                                  GError **error)
{
  static const int binary[GUICHE_POSTGRESQL_MAX_PARAMETERS] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  };
  char name[NAME_BYTES];

  if (self->is_lost || !send_prepare (self, statement))
    return fail_lost (self, "the connection was lost", error);

  g_snprintf (name, sizeof name, "s%u", statement->number);
  if (PQsendQueryPrepared (self->connection, name, statement->n_parameters, statement->values,
                           statement->lengths, binary, 1) == 0)
    return fail_lost (self, "the connection was lost", error);

  push (self, GUICHE_PENDING_RUN, statement, statement->base.sql);
  if (statement->base.is_writing)
    self->n_changes++;
  if (statement->is_savepoint && *statement->base.sql == 'R' && statement->base.sql[1] == 'O')
    self->is_failed = FALSE;
  return TRUE;
}

/* FALSE when nothing came in time or nothing more will. */
static gboolean
wait_for_socket (GuichePostgresql *self, gboolean has_unsent, gint64 deadline_us)
{
  struct pollfd descriptor = { .fd = PQsocket (self->connection),
                               .events = (short) (has_unsent ? POLLIN | POLLOUT : POLLIN) };
  int code = -1;

  while (descriptor.fd >= 0 && code < 0) {
    gint64 left_us = deadline_us - g_get_monotonic_time ();

    code = left_us <= 0 ? 0 : poll (&descriptor, 1, (int) (left_us / 1000) + 1);
    if (code < 0 && errno != EINTR)
      return FALSE;
  }

  return code > 0 && ((descriptor.revents & ~POLLOUT) == 0 || PQconsumeInput (self->connection));
}

static gint64
deadline (GuichePostgresql *self)
{
  return self->is_patient ? G_MAXINT64 / 2
                          : g_get_monotonic_time () + GUICHE_POSTGRESQL_PATIENCE_US;
}

/* FALSE when the connection is lost; what it had still said is read all the same. */
static gboolean
next_result (GuichePostgresql *self, PGresult **out_result)
{
  gint64 deadline_us = deadline (self);

  *out_result = NULL;
  for (;;) {
    int unsent = PQflush (self->connection);

    if (!PQisBusy (self->connection)) {
      *out_result = PQgetResult (self->connection);
      return *out_result != NULL || PQstatus (self->connection) == CONNECTION_OK;
    }
    if (!wait_for_socket (self, unsent == 1, deadline_us) && PQisBusy (self->connection))
      return FALSE;
  }
}

static void
note_error (GuichePostgresql *self, const GuichePending *pending, const PGresult *result)
{
  if (self->n_answered < self->n_forgiven) {
    g_autoptr (GError) forgiven = guiche_postgresql_error_new (self, result, pending->what);

    return;
  }
  self->is_failed = self->in_transaction;
  if (self->error != NULL)
    return;

  self->error = guiche_postgresql_error_new (self, result, pending->what);
  /* What the server refuses before the COMMIT keeps it from being run; what was cut off tells
   * nothing. */
  if (PQresultErrorField (result, PG_DIAG_SQLSTATE) != NULL &&
      (pending->kind != GUICHE_PENDING_COMMIT || !self->is_lost))
    self->is_commit_sent = FALSE;
  if (self->n_answered < self->awaited_from)
    self->has_late_error = TRUE;
}

/* COMMIT of a failed transaction is answered ROLLBACK. */
static void
note_commit (GuichePostgresql *self, PGresult *result)
{
  self->is_commit_sent = FALSE;
  self->in_transaction = FALSE;
  self->is_committed = strcmp (PQcmdStatus (result), "COMMIT") == 0;
  if (self->is_committed || self->error != NULL)
    return;

  self->error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                             "%s: the transaction was rolled back", self->base.name);
}

static void
take_result (GuichePostgresql *self, const GuichePending *pending, PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);
  gboolean is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  GuichePostgresqlStatement *statement = pending->statement;

  if (status == PGRES_FATAL_ERROR)
    note_error (self, pending, result);
  if (pending->kind == GUICHE_PENDING_PREPARE)
    statement->prepared = is_done ? GUICHE_PREPARED : GUICHE_PREPARED_NOT;
  if (pending->kind == GUICHE_PENDING_COMMIT && is_done)
    note_commit (self, result);
  /* The last run of a statement is the one that is awaited. */
  if (pending->kind == GUICHE_PENDING_RUN && is_done && statement == self->awaited) {
    PQclear (statement->result);
    statement->result = result;
    return;
  }
  PQclear (result);
}

/* Reads until everything that was sent is answered. */
static gboolean
read_answers (GuichePostgresql *self)
{
  while (self->n_answered < self->pending->len) {
    const GuichePending *pending = &g_array_index (self->pending, GuichePending, self->n_answered);
    PGresult *result;

    if (!next_result (self, &result))
      return FALSE;
    if (result == NULL) {
      self->n_answered++;
      continue;
    }
    if (PQresultStatus (result) == PGRES_PIPELINE_SYNC) {
      self->n_answered++;
      PQclear (result);
      continue;
    }
    take_result (self, pending, result);
    if (self->is_lost)
      return FALSE;
  }

  return TRUE;
}

static void
forget_pending (GuichePostgresql *self)
{
  g_array_set_size (self->pending, 0);
  self->n_answered = self->n_forgiven = 0;
}

static gboolean
send_sync (GuichePostgresql *self)
{
  if (PQpipelineSync (self->connection) == 0)
    return FALSE;

  push (self, GUICHE_PENDING_SYNC, NULL, "sync");
  return TRUE;
}

/* Where the awaited statement begins, with its PREPARE. */
static guint
find_awaited (GuichePostgresql *self, const GuichePostgresqlStatement *awaited)
{
  guint from = self->pending->len;

  while (awaited != NULL && from > 0 &&
         g_array_index (self->pending, GuichePending, from - 1).statement == awaited &&
         (from == self->pending->len ||
          g_array_index (self->pending, GuichePending, from - 1).kind == GUICHE_PENDING_PREPARE))
    from--;
  return from;
}

/**
 * guiche_postgresql_wait:
 * @awaited: (nullable): the statement that was sent last, whose result is kept
 *
 * Returns: %FALSE with the first error of what was answered, or when the connection is lost
 */
gboolean
guiche_postgresql_wait (GuichePostgresql *self,
                        const GuichePostgresqlStatement *awaited,
                        GError **error)
{
  gboolean is_answered;

  self->awaited = awaited;
  self->awaited_from = find_awaited (self, awaited);
  self->n_round_trips++;
  is_answered = !self->is_lost && send_sync (self) && read_answers (self);
  self->awaited = NULL;
  forget_pending (self);
  if (!is_answered) {
    guiche_postgresql_set_lost (self, "no answer");
    if (self->error == NULL)
      self->error = guiche_postgresql_lost_error (self->base.name, "the connection was lost");
  }
  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

void
guiche_postgresql_flush (GuichePostgresql *self)
{
  if (!self->is_lost && (!send_sync (self) || PQflush (self->connection) < 0))
    guiche_postgresql_set_lost (self, "the connection was lost");
}

/* After an error the server skips what comes before the next Sync. */
void
guiche_postgresql_send_rollback (GuichePostgresql *self)
{
  if (self->is_lost)
    return;

  if (!send_sync (self)) {
    guiche_postgresql_set_lost (self, "the connection was lost");
    return;
  }
  if (!guiche_postgresql_send_control (self, GUICHE_PENDING_CONTROL, "ROLLBACK", NULL))
    return;
  guiche_postgresql_flush (self);
  self->n_forgiven = self->pending->len;
}

static gboolean
read_text_results (GuichePostgresql *self, GError **error)
{
  PGresult *result;
  GError *first = NULL;

  while (next_result (self, &result) && result != NULL) {
    if (PQresultStatus (result) == PGRES_FATAL_ERROR && first == NULL)
      first = guiche_postgresql_error_new (self, result, "script");
    PQclear (result);
  }
  if (first == NULL && PQstatus (self->connection) != CONNECTION_OK)
    return fail_lost (self, "the connection was lost", error);
  if (first == NULL)
    return TRUE;

  self->is_failed = self->in_transaction;
  g_propagate_error (error, first);
  return FALSE;
}

gboolean
guiche_postgresql_run_text (GuichePostgresql *self, const char *text, GError **error)
{
  gboolean is_done;

  if (!guiche_postgresql_wait (self, NULL, error))
    return FALSE;
  if (!PQexitPipelineMode (self->connection) || !PQsendQuery (self->connection, text))
    return fail_lost (self, "leaving the pipeline failed", error);

  is_done = read_text_results (self, error);
  if (!self->is_lost && !PQenterPipelineMode (self->connection))
    guiche_postgresql_set_lost (self, "entering the pipeline failed");
  return is_done;
}
