/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/visit-store.h"

#include "base/error.h"

gboolean
guiche_visit_store_find (GuicheTx *tx,
                         const GuicheId *client_id,
                         GuicheVisit *out_visit,
                         GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT customer_id, conversation_id FROM visits WHERE client_id = $1", error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, client_id);
  if (guiche_statement_next (row, &failure)) {
    out_visit->customer_id = guiche_statement_id (row, 0);
    out_visit->conversation_id = guiche_statement_id (row, 1);
  }
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_visit_store_insert (GuicheTx *tx,
                           const GuicheId *client_id,
                           const GuicheVisit *visit,
                           GError **error)
{
  GuicheStatement *insert =
      guiche_tx_prepare (tx,
                         "INSERT INTO visits (client_id, conversation_id, customer_id, opened_at) "
                         "VALUES ($1, $2, $3, $4)",
                         error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_id (insert, 1, client_id);
  guiche_statement_bind_id (insert, 2, &visit->conversation_id);
  guiche_statement_bind_id (insert, 3, &visit->customer_id);
  guiche_statement_bind_int (insert, 4, guiche_tx_now_us (tx));
  return guiche_statement_run (insert, NULL, error);
}

gboolean
guiche_visit_store_forget (GuicheTx *tx, gint64 before_us, GError **error)
{
  GuicheStatement *forget =
      guiche_tx_prepare (tx, "DELETE FROM visits WHERE opened_at < $1", error);

  if (forget == NULL)
    return FALSE;
  guiche_statement_bind_int (forget, 1, before_us);
  return guiche_statement_run (forget, NULL, error);
}
