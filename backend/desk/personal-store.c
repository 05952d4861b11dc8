/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/personal-store.h"

gboolean
guiche_draft_store_put (GuicheTx *tx,
                        const GuicheId *user_id,
                        const GuicheDraftRecord *draft,
                        GError **error)
{
  GuicheStatement *put = guiche_tx_prepare (
      tx,
      "INSERT INTO drafts (user_id, conversation_id, body, updated_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user_id, conversation_id) DO UPDATE SET body = excluded.body, "
      "updated_at = excluded.updated_at",
      error);

  if (put == NULL)
    return FALSE;
  guiche_statement_bind_id (put, 1, user_id);
  guiche_statement_bind_id (put, 2, &draft->conversation_id);
  guiche_statement_bind_text (put, 3, draft->body);
  guiche_statement_bind_int (put, 4, draft->updated_at);
  return guiche_statement_run (put, NULL, error);
}

gboolean
guiche_draft_store_delete (GuicheTx *tx,
                           const GuicheId *user_id,
                           const GuicheId *conversation_id,
                           GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (
      tx, "DELETE FROM drafts WHERE user_id = $1 AND conversation_id = $2", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, user_id);
  guiche_statement_bind_id (statement, 2, conversation_id);
  return guiche_statement_run (statement, NULL, error);
}

GPtrArray *
guiche_drafts_list (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_autoptr (GPtrArray) drafts =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_draft_record_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (tx,
                                             "SELECT conversation_id, body, updated_at FROM drafts "
                                             "WHERE user_id = $1 ORDER BY conversation_id",
                                             error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, user_id);
  while (guiche_statement_next (rows, &failure)) {
    GuicheDraftRecord *draft = g_new0 (GuicheDraftRecord, 1);

    draft->conversation_id = guiche_statement_id (rows, 0);
    draft->body = g_strdup (guiche_statement_text (rows, 1));
    draft->updated_at = guiche_statement_int (rows, 2);
    g_ptr_array_add (drafts, draft);
  }
  if (failure == NULL)
    return g_steal_pointer (&drafts);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static gboolean
load_seq (GuicheTx *tx,
          const GuicheId *user_id,
          const GuicheId *conversation_id,
          gint64 *out_seq,
          GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT seq FROM read_marks WHERE user_id = $1 AND conversation_id = $2", error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, user_id);
  guiche_statement_bind_id (row, 2, conversation_id);
  if (guiche_statement_next (row, &failure))
    *out_seq = guiche_statement_int (row, 0);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_read_mark_store_raise (GuicheTx *tx,
                              const GuicheId *user_id,
                              const GuicheId *conversation_id,
                              gint64 seq,
                              gboolean *out_is_raised,
                              gint64 *out_seq,
                              GError **error)
{
  gint64 changes = 0;
  GuicheStatement *put = guiche_tx_prepare (
      tx,
      "INSERT INTO read_marks (user_id, conversation_id, seq) VALUES ($1, $2, $3) "
      "ON CONFLICT (user_id, conversation_id) DO UPDATE SET seq = excluded.seq "
      "WHERE read_marks.seq < excluded.seq",
      error);

  if (put == NULL)
    return FALSE;
  guiche_statement_bind_id (put, 1, user_id);
  guiche_statement_bind_id (put, 2, conversation_id);
  guiche_statement_bind_int (put, 3, seq);
  if (!guiche_statement_run (put, &changes, error))
    return FALSE;
  *out_is_raised = changes > 0;
  *out_seq = seq;
  return *out_is_raised || load_seq (tx, user_id, conversation_id, out_seq, error);
}

GPtrArray *
guiche_read_marks_list (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_autoptr (GPtrArray) marks =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_read_mark_record_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows =
      guiche_tx_prepare (tx,
                         "SELECT r.conversation_id, r.seq FROM read_marks r "
                         "JOIN conversations c ON c.id = r.conversation_id "
                         "WHERE r.user_id = $1 AND c.state <> 'closed' ORDER BY r.conversation_id",
                         error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, user_id);
  while (guiche_statement_next (rows, &failure)) {
    GuicheReadMarkRecord *mark = g_new0 (GuicheReadMarkRecord, 1);

    mark->conversation_id = guiche_statement_id (rows, 0);
    mark->seq = guiche_statement_int (rows, 1);
    g_ptr_array_add (marks, mark);
  }
  if (failure == NULL)
    return g_steal_pointer (&marks);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

GPtrArray *
guiche_read_mark_store_list_of (GuicheTx *tx, const GuicheId *conversation_id, GError **error)
{
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (
      tx, "SELECT user_id, seq FROM read_marks WHERE conversation_id = $1 ORDER BY user_id", error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, conversation_id);
  while (guiche_statement_next (rows, &failure)) {
    GuicheUserMark *mark = g_new0 (GuicheUserMark, 1);

    mark->user_id = guiche_statement_id (rows, 0);
    mark->seq = guiche_statement_int (rows, 1);
    g_ptr_array_add (marks, mark);
  }
  if (failure == NULL)
    return g_steal_pointer (&marks);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
