/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/move-log.h"
#include "store/postgresql-private.h"

#include <string.h>

#define READ_ONLY_STATE "25006"

typedef struct {
  const char *state; /* its beginning: five characters, or the two of a class */
  GuicheError code;
  gboolean is_retriable; /* the whole transaction, from its beginning */
  gboolean is_lost;      /* the connection is of no use any more */
} StateRow;

/* postgresql.org/docs/15/errcodes-appendix.html; the first that fits. */
static const StateRow states[] = {
  { "23", GUICHE_ERROR_CONFLICT, FALSE, FALSE },
  { "22021", GUICHE_ERROR_INVALID_REQUEST, FALSE, FALSE }, /* a NUL or bad UTF-8 in a text */
  { "22P05", GUICHE_ERROR_INVALID_REQUEST, FALSE, FALSE },
  { "54000", GUICHE_ERROR_TOO_LARGE, FALSE, FALSE }, /* too long for an index */
  { "40001", GUICHE_ERROR_UNAVAILABLE, TRUE, FALSE },
  { "40P01", GUICHE_ERROR_UNAVAILABLE, TRUE, FALSE },
  { "53100", GUICHE_ERROR_STORAGE_FULL, FALSE, FALSE },
  { "53", GUICHE_ERROR_UNAVAILABLE, TRUE, FALSE }, /* memory, too many connections */
  { "55P03", GUICHE_ERROR_UNAVAILABLE, FALSE, FALSE },
  { "57014", GUICHE_ERROR_UNAVAILABLE, FALSE, FALSE }, /* statement_timeout */
  { "57P", GUICHE_ERROR_UNAVAILABLE, TRUE, TRUE },     /* shut down, starting, terminated */
  { "08", GUICHE_ERROR_UNAVAILABLE, TRUE, TRUE },
  { "25P03", GUICHE_ERROR_UNAVAILABLE, TRUE, TRUE }, /* idle_in_transaction_session_timeout */
  { READ_ONLY_STATE, GUICHE_ERROR_UNAVAILABLE, TRUE, TRUE }, /* became a standby */
  { "0A000", GUICHE_ERROR_UNAVAILABLE, TRUE, TRUE }, /* a plan's result changed by a migration */
  { "26000", GUICHE_ERROR_UNAVAILABLE, TRUE, TRUE }, /* another session under our name: a pooler */
  { "XX001", GUICHE_ERROR_DATABASE_CORRUPT, FALSE, FALSE },
  { "XX002", GUICHE_ERROR_DATABASE_CORRUPT, FALSE, FALSE },
  { "", GUICHE_ERROR_INTERNAL, FALSE, FALSE },
};

static const StateRow *
find_state (const char *state)
{
  const StateRow *row = states;

  while (!g_str_has_prefix (state, row->state))
    row++;
  return row;
}

/* A value that was refused may stand in these: the state has to do. */
static const char *
public_message (const PGresult *result, const char *state)
{
  const char *message = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);

  return g_str_has_prefix (state, "22") || message == NULL ? "refused" : message;
}

/**
 * guiche_postgresql_error_new:
 * @what: the SQL, or what was being done
 *
 * Returns: (transfer full): what PostgreSQL said, without any content
 */
GError *
guiche_postgresql_error_new (GuichePostgresql *self, const PGresult *result, const char *what)
{
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const StateRow *row;
  GError *error;

  if (state == NULL) {
    guiche_postgresql_set_lost (self, "the connection was lost");
    return guiche_postgresql_lost_error (self->base.name, "the connection was lost");
  }

  if (strcmp (state, GUICHE_MOVE_SEALED_STATE) == 0)
    return guiche_move_sealed_error ();
  row = find_state (state);
  if (self->is_reading_only && strcmp (state, READ_ONLY_STATE) == 0)
    row = find_state ("");
  error = g_error_new (GUICHE_ERROR, (int) row->code, "%s: %s (PostgreSQL %s): %s", self->base.name,
                       public_message (result, state), state, what);
  if (row->is_lost)
    guiche_postgresql_set_lost (self, error->message);
  if (row->code == GUICHE_ERROR_UNAVAILABLE)
    guiche_error_set_detail_int (error, "retry_after_s", 1);
  if (row->is_retriable)
    guiche_error_set_detail (error, "retriable", "1");
  return error;
}

GError *
guiche_postgresql_lost_error (const char *name, const char *why)
{
  GError *error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "%s: %s", name, why);

  guiche_error_set_detail_int (error, "retry_after_s", 1);
  guiche_error_set_detail (error, "retriable", "1");
  return error;
}
