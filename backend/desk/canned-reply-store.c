/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/canned-reply-store.h"

#include "base/error.h"

#define REPLY_COLUMNS "SELECT id, shortcut, title, body, updated_at FROM canned_replies "

static void
read_row (GuicheStatement *row, GuicheCannedReplyRecord *reply)
{
  reply->id = guiche_statement_id (row, 0);
  reply->shortcut = g_strdup (guiche_statement_text (row, 1));
  reply->title = g_strdup (guiche_statement_text (row, 2));
  reply->body = g_strdup (guiche_statement_text (row, 3));
  reply->updated_at = guiche_statement_int (row, 4);
}

GPtrArray *
guiche_canned_replies_list (GuicheTx *tx, GError **error)
{
  g_autoptr (GPtrArray) replies =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_canned_reply_record_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (tx, REPLY_COLUMNS "ORDER BY shortcut", error);

  if (rows == NULL)
    return NULL;
  while (guiche_statement_next (rows, &failure)) {
    GuicheCannedReplyRecord *reply = g_new0 (GuicheCannedReplyRecord, 1);

    read_row (rows, reply);
    g_ptr_array_add (replies, reply);
  }
  if (failure == NULL)
    return g_steal_pointer (&replies);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gboolean
guiche_canned_reply_store_load (GuicheTx *tx,
                                const GuicheId *id,
                                GuicheCannedReplyRecord *out,
                                GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (tx, REPLY_COLUMNS "WHERE id = $1", error);

  *out = (GuicheCannedReplyRecord){ 0 };
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, id);
  if (guiche_statement_next (row, &failure))
    read_row (row, out);
  guiche_statement_reset (row);
  if (out->shortcut != NULL)
    return TRUE;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         "there is no such canned reply");
  return FALSE;
}

gboolean
guiche_canned_reply_store_put (GuicheTx *tx, const GuicheCannedReplyRecord *reply, GError **error)
{
  GuicheStatement *put = guiche_tx_prepare (
      tx,
      "INSERT INTO canned_replies (id, shortcut, title, body, updated_at) VALUES ($1, $2, $3, $4, "
      "$5) "
      "ON CONFLICT (id) DO UPDATE SET shortcut = excluded.shortcut, title = excluded.title, "
      "body = excluded.body, updated_at = excluded.updated_at",
      error);

  if (put == NULL)
    return FALSE;
  guiche_statement_bind_id (put, 1, &reply->id);
  guiche_statement_bind_text (put, 2, reply->shortcut);
  guiche_statement_bind_text (put, 3, reply->title);
  guiche_statement_bind_text (put, 4, reply->body);
  guiche_statement_bind_int (put, 5, reply->updated_at);
  return guiche_statement_run (put, NULL, error);
}

gboolean
guiche_canned_reply_store_delete (GuicheTx *tx,
                                  const GuicheId *id,
                                  gboolean *out_was_there,
                                  GError **error)
{
  gint64 changes = 0;
  GuicheStatement *statement =
      guiche_tx_prepare (tx, "DELETE FROM canned_replies WHERE id = $1", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, id);
  if (!guiche_statement_run (statement, &changes, error))
    return FALSE;
  *out_was_there = changes > 0;
  return TRUE;
}
