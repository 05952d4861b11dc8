/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/scheduled-store.h"

#define SCHEDULED_COLUMNS                                                                          \
  "SELECT id, conversation_id, client_id, body, send_at, user_id, kind FROM scheduled_messages "

void
guiche_scheduled_clear (GuicheScheduled *self)
{
  guiche_scheduled_message_record_clear (&self->record);
}

static void
read_record (GuicheStatement *row, GuicheScheduledMessageRecord *record)
{
  record->id = guiche_statement_id (row, 0);
  record->conversation_id = guiche_statement_id (row, 1);
  record->client_id = guiche_statement_id (row, 2);
  record->body = g_strdup (guiche_statement_text (row, 3));
  record->send_at = guiche_statement_int (row, 4);
}

static gboolean
read_one (GuicheStatement *row, GuicheScheduled *out, gboolean *out_found, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *out = (GuicheScheduled){ 0 };
  *out_found = guiche_statement_next (row, &failure);
  if (*out_found) {
    read_record (row, &out->record);
    out->user_id = guiche_statement_id (row, 5);
    out->kind = (GuicheMessageKind) guiche_statement_int (row, 6);
  }
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_scheduled_store_load (GuicheTx *tx,
                             const GuicheId *id,
                             GuicheScheduled *out,
                             gboolean *out_found,
                             GError **error)
{
  GuicheStatement *row = guiche_tx_prepare (tx, SCHEDULED_COLUMNS "WHERE id = $1", error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, id);
  return read_one (row, out, out_found, error);
}

gboolean
guiche_scheduled_store_find (GuicheTx *tx,
                             const GuicheId *user_id,
                             const GuicheId *client_id,
                             GuicheScheduled *out,
                             gboolean *out_found,
                             GError **error)
{
  GuicheStatement *row =
      guiche_tx_prepare (tx, SCHEDULED_COLUMNS "WHERE user_id = $1 AND client_id = $2", error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, user_id);
  guiche_statement_bind_id (row, 2, client_id);
  return read_one (row, out, out_found, error);
}

gboolean
guiche_scheduled_store_insert (GuicheTx *tx, const GuicheScheduled *scheduled, GError **error)
{
  const GuicheScheduledMessageRecord *record = &scheduled->record;
  GuicheStatement *insert = guiche_tx_prepare (
      tx,
      "INSERT INTO scheduled_messages (id, conversation_id, client_id, body, send_at, "
      "user_id, kind) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_id (insert, 1, &record->id);
  guiche_statement_bind_id (insert, 2, &record->conversation_id);
  guiche_statement_bind_id (insert, 3, &record->client_id);
  guiche_statement_bind_text (insert, 4, record->body);
  guiche_statement_bind_int (insert, 5, record->send_at);
  guiche_statement_bind_id (insert, 6, &scheduled->user_id);
  guiche_statement_bind_int (insert, 7, scheduled->kind);
  return guiche_statement_run (insert, NULL, error);
}

gboolean
guiche_scheduled_store_delete (GuicheTx *tx, const GuicheId *id, GError **error)
{
  GuicheStatement *statement =
      guiche_tx_prepare (tx, "DELETE FROM scheduled_messages WHERE id = $1", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, id);
  return guiche_statement_run (statement, NULL, error);
}

GPtrArray *
guiche_scheduled_list (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (
      (GDestroyNotify) guiche_scheduled_message_record_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows =
      guiche_tx_prepare (tx, SCHEDULED_COLUMNS "WHERE user_id = $1 ORDER BY send_at, id", error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, user_id);
  while (guiche_statement_next (rows, &failure)) {
    GuicheScheduledMessageRecord *record = g_new0 (GuicheScheduledMessageRecord, 1);

    read_record (rows, record);
    g_ptr_array_add (list, record);
  }
  if (failure == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
