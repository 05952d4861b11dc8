/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/tidy.h"

#include "store/db.h"

#define BITE_ROWS 500

/* Events are in order of seq; their times only nearly so, when the clock was set back. The first
 * that is young enough ends what goes. */
static gboolean
remove_events (GuicheTx *tx, gint64 before_us, gint64 *out_removed, GError **error)
{
  static const char sql[] = "DELETE FROM events WHERE seq <= $2 + (SELECT MIN(seq) FROM events) "
                            "AND seq < (SELECT MAX(seq) FROM events) "
                            "AND seq < COALESCE((SELECT MIN(seq) FROM events WHERE at >= $1 "
                            "AND seq <= $2 + (SELECT MIN(seq) FROM events)), 9223372036854775807)";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, before_us);
  guiche_statement_bind_int (statement, 2, BITE_ROWS - 1);
  return guiche_statement_run (statement, out_removed, error);
}

static gboolean
remove_jobs (GuicheTx *tx, gint64 before_us, gint64 *out_removed, GError **error)
{
  static const char sql[] =
      "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'done' "
      "AND due_at < $1 ORDER BY due_at LIMIT $2)";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, before_us);
  guiche_statement_bind_int (statement, 2, BITE_ROWS);
  return guiche_statement_run (statement, out_removed, error);
}

gboolean
guiche_tidy_run (GuicheTx *tx, gpointer tidy, GError **error)
{
  GuicheTidy *self = tidy;
  gint64 before_us = guiche_tx_now_us (tx) - self->retention_us;
  gint64 n_events = 0;
  gint64 n_jobs = 0;

  if (!remove_events (tx, before_us, &n_events, error) ||
      !remove_jobs (tx, before_us, &n_jobs, error))
    return FALSE;

  self->has_more = n_events == BITE_ROWS || n_jobs == BITE_ROWS;
  return TRUE;
}
