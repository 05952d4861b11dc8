/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/dummy-store.h"

#include "base/error.h"

gboolean
guiche_dummy_store_insert (GuicheTx *tx, const GuicheDummyVisit *visit, GError **error)
{
  GuicheStatement *insert = guiche_tx_prepare (
      tx,
      "INSERT INTO dummy_visits (number, conversation_id, story, line, is_listening, has_left) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_int (insert, 1, visit->number);
  guiche_statement_bind_id (insert, 2, &visit->conversation_id);
  guiche_statement_bind_int (insert, 3, visit->story);
  guiche_statement_bind_int (insert, 4, visit->line);
  guiche_statement_bind_int (insert, 5, visit->is_listening);
  guiche_statement_bind_int (insert, 6, visit->has_left);
  return guiche_statement_run (insert, NULL, error);
}

gboolean
guiche_dummy_store_update (GuicheTx *tx, const GuicheDummyVisit *visit, GError **error)
{
  GuicheStatement *update = guiche_tx_prepare (
      tx, "UPDATE dummy_visits SET line = $2, is_listening = $3, has_left = $4 WHERE number = $1",
      error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_int (update, 1, visit->number);
  guiche_statement_bind_int (update, 2, visit->line);
  guiche_statement_bind_int (update, 3, visit->is_listening);
  guiche_statement_bind_int (update, 4, visit->has_left);
  return guiche_statement_run (update, NULL, error);
}

gboolean
guiche_dummy_store_load (GuicheTx *tx,
                         const GuicheId *conversation_id,
                         GuicheDummyVisit *out_visit,
                         GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row =
      guiche_tx_prepare (tx,
                         "SELECT number, story, line, is_listening, has_left FROM dummy_visits "
                         "WHERE conversation_id = $1",
                         error);

  *out_visit = (GuicheDummyVisit){ .conversation_id = *conversation_id };
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, conversation_id);
  if (guiche_statement_next (row, &failure)) {
    out_visit->number = guiche_statement_int (row, 0);
    out_visit->story = guiche_statement_int (row, 1);
    out_visit->line = guiche_statement_int (row, 2);
    out_visit->is_listening = guiche_statement_int (row, 3) != 0;
    out_visit->has_left = guiche_statement_int (row, 4) != 0;
  }
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_dummy_store_count (GuicheTx *tx,
                          gint64 *out_last_number,
                          gint64 *out_n_present,
                          GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx,
      "SELECT COALESCE (MAX (number), 0), "
      "(SELECT count(*) FROM dummy_visits v JOIN conversations c ON c.id = v.conversation_id "
      "WHERE v.has_left = 0 AND c.state <> 'closed') FROM dummy_visits",
      error);

  if (row == NULL)
    return FALSE;
  if (guiche_statement_next (row, &failure)) {
    *out_last_number = guiche_statement_int (row, 0);
    *out_n_present = guiche_statement_int (row, 1);
  }
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

GArray *
guiche_dummy_store_list_idle_customers (GuicheTx *tx, GError **error)
{
  g_autoptr (GArray) customers = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (
      tx,
      "SELECT u.id FROM customers u WHERE u.status = 'active' AND NOT EXISTS "
      "(SELECT 1 FROM conversations c WHERE c.customer_id = u.id AND c.channel = 'dummy' "
      "AND c.kind = 'customer' AND c.state <> 'closed') ORDER BY u.id LIMIT 200",
      error);

  if (rows == NULL)
    return NULL;
  while (guiche_statement_next (rows, &failure)) {
    GuicheId id = guiche_statement_id (rows, 0);

    g_array_append_val (customers, id);
  }
  if (failure == NULL)
    return g_steal_pointer (&customers);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
