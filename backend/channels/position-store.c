/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/position-store.h"

#include "base/error.h"
#include "channels/visit.h"

GArray *
guiche_position_store_list (GuicheTx *tx, const char *queue, gint64 limit, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (GuichePlace));
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (tx,
                                             "SELECT id, channel FROM conversations WHERE kind = "
                                             "'customer' AND state = 'waiting' AND queue = $1 "
                                             "ORDER BY priority, queued_at, number LIMIT $2",
                                             error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_text (rows, 1, queue);
  guiche_statement_bind_int (rows, 2, limit);
  while (guiche_statement_next (rows, &failure)) {
    GuichePlace place = { .conversation_id = guiche_statement_id (rows, 0) };

    place.is_visitor = g_strcmp0 (guiche_statement_text (rows, 1), GUICHE_VISIT_CHANNEL) == 0;
    g_array_append_val (places, place);
  }
  if (failure == NULL)
    return g_steal_pointer (&places);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
