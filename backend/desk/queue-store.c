/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/queue-store.h"

#include "base/error.h"

static gboolean
load_members (GuicheTx *tx, GuicheQueueRecord *queue, GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (
      tx, "SELECT user_id FROM queue_members WHERE queue_id = $1 ORDER BY user_id", error);

  if (rows == NULL)
    return FALSE;
  guiche_statement_bind_id (rows, 1, &queue->id);
  while (guiche_statement_next (rows, &failure)) {
    GuicheId id = guiche_statement_id (rows, 0);

    g_array_append_val (members, id);
  }
  queue->members = (GuicheId *) g_array_steal (members, &queue->n_members);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static GuicheQueueRecord *
queue_from_row (GuicheStatement *row)
{
  GuicheQueueRecord *queue = g_new0 (GuicheQueueRecord, 1);

  queue->id = guiche_statement_id (row, 0);
  queue->key = g_strdup (guiche_statement_text (row, 1));
  queue->name = g_strdup (guiche_statement_text (row, 2));
  queue->priority = guiche_statement_int (row, 3);
  queue->position = guiche_statement_int (row, 4);
  return queue;
}

GPtrArray *
guiche_queue_store_list (GuicheTx *tx, const char *key, GError **error)
{
  g_autoptr (GPtrArray) queues =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_queue_record_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (tx,
                                             "SELECT id, key, name, priority, position FROM queues "
                                             "WHERE key = $1 OR $1 IS NULL ORDER BY position, key",
                                             error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_text (rows, 1, key);
  while (guiche_statement_next (rows, &failure))
    g_ptr_array_add (queues, queue_from_row (rows));
  for (guint i = 0; failure == NULL && i < queues->len; i++)
    if (!load_members (tx, g_ptr_array_index (queues, i), &failure))
      break;
  if (failure == NULL)
    return g_steal_pointer (&queues);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gboolean
guiche_queue_store_update (GuicheTx *tx, const GuicheQueueRecord *queue, GError **error)
{
  GuicheStatement *update = guiche_tx_prepare (
      tx, "UPDATE queues SET name = $2, priority = $3, position = $4 WHERE id = $1", error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_id (update, 1, &queue->id);
  guiche_statement_bind_text (update, 2, queue->name);
  guiche_statement_bind_int (update, 3, queue->priority);
  guiche_statement_bind_int (update, 4, queue->position);
  return guiche_statement_run (update, NULL, error);
}

static gboolean
run_member (GuicheStatement *statement,
            const GuicheId *queue_id,
            const GuicheId *user_id,
            GError **error)
{
  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, queue_id);
  guiche_statement_bind_id (statement, 2, user_id);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_queue_store_add_member (GuicheTx *tx,
                               const GuicheId *queue_id,
                               const GuicheId *user_id,
                               GError **error)
{
  return run_member (
      guiche_tx_prepare (tx,
                         "INSERT INTO queue_members (queue_id, user_id) VALUES ($1, $2) "
                         "ON CONFLICT (queue_id, user_id) DO NOTHING",
                         error),
      queue_id, user_id, error);
}

gboolean
guiche_queue_store_remove_member (GuicheTx *tx,
                                  const GuicheId *queue_id,
                                  const GuicheId *user_id,
                                  GError **error)
{
  return run_member (
      guiche_tx_prepare (tx, "DELETE FROM queue_members WHERE queue_id = $1 AND user_id = $2",
                         error),
      queue_id, user_id, error);
}
