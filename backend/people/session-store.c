/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/session-store.h"

#include "base/error.h"

gboolean
guiche_session_store_insert (GuicheTx *tx,
                             const GuicheId *session_id,
                             const GuicheId *user_id,
                             gint64 expires_at_us,
                             const char *device,
                             GError **error)
{
  GuicheStatement *insert = guiche_tx_prepare (
      tx,
      "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, device) "
      "VALUES ($1, $2, $3, $3, $4, $5, $6)",
      error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_id (insert, 1, session_id);
  guiche_statement_bind_id (insert, 2, user_id);
  guiche_statement_bind_int (insert, 3, guiche_tx_now_us (tx));
  guiche_statement_bind_int (insert, 4, expires_at_us);
  guiche_statement_bind_text (insert, 5, guiche_tx_actor (tx)->address);
  guiche_statement_bind_text (insert, 6, device);
  return guiche_statement_run (insert, NULL, error);
}

gboolean
guiche_session_store_insert_token (GuicheTx *tx,
                                   const GuicheId *session_id,
                                   const GuicheSecretHash *hash,
                                   GError **error)
{
  GuicheStatement *insert = guiche_tx_prepare (
      tx, "INSERT INTO refresh_tokens (token_hash, session_id, issued_at) VALUES ($1, $2, $3)",
      error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_bytes (insert, 1, hash->bytes, sizeof hash->bytes);
  guiche_statement_bind_id (insert, 2, session_id);
  guiche_statement_bind_int (insert, 3, guiche_tx_now_us (tx));
  return guiche_statement_run (insert, NULL, error);
}

static void
read_session_row (GuicheStatement *statement, GuicheSessionRow *out_row)
{
  out_row->session_id = guiche_statement_id (statement, 0);
  out_row->user_id = guiche_statement_id (statement, 1);
  out_row->replaced_at_us = guiche_statement_int (statement, 2);
  out_row->created_at_us = guiche_statement_int (statement, 3);
  out_row->expires_at_us = guiche_statement_int (statement, 4);
  out_row->is_revoked = !guiche_statement_is_null (statement, 5);
  out_row->is_user_enabled = guiche_statement_int (statement, 6) != 0;
}

gboolean
guiche_session_store_find_token (GuicheTx *tx,
                                 const GuicheSecretHash *hash,
                                 GuicheSessionRow *out_row,
                                 GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx,
      "SELECT s.id, s.user_id, COALESCE (t.replaced_at, 0), s.created_at, s.expires_at, "
      "s.revoked_at, u.is_enabled FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id "
      "JOIN users u ON u.id = s.user_id WHERE t.token_hash = $1",
      error);

  *out_row = (GuicheSessionRow){ 0 };
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_bytes (row, 1, hash->bytes, sizeof hash->bytes);
  if (guiche_statement_next (row, &failure))
    read_session_row (row, out_row);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_session_store_replace_tokens (GuicheTx *tx,
                                     const GuicheId *session_id,
                                     gint64 forget_before_us,
                                     GError **error)
{
  GuicheStatement *replace = guiche_tx_prepare (tx,
                                                "UPDATE refresh_tokens SET replaced_at = $2 "
                                                "WHERE session_id = $1 AND replaced_at IS NULL",
                                                error);
  GuicheStatement *forget = NULL;

  if (replace == NULL)
    return FALSE;
  guiche_statement_bind_id (replace, 1, session_id);
  guiche_statement_bind_int (replace, 2, guiche_tx_now_us (tx));
  if (!guiche_statement_run (replace, NULL, error))
    return FALSE;
  forget = guiche_tx_prepare (
      tx, "DELETE FROM refresh_tokens WHERE session_id = $1 AND replaced_at < $2", error);
  if (forget == NULL)
    return FALSE;
  guiche_statement_bind_id (forget, 1, session_id);
  guiche_statement_bind_int (forget, 2, forget_before_us);
  return guiche_statement_run (forget, NULL, error);
}

gboolean
guiche_session_store_touch (GuicheTx *tx,
                            const GuicheId *session_id,
                            gint64 expires_at_us,
                            GError **error)
{
  GuicheStatement *update = guiche_tx_prepare (
      tx, "UPDATE sessions SET last_used_at = $2, expires_at = $3 WHERE id = $1", error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_id (update, 1, session_id);
  guiche_statement_bind_int (update, 2, guiche_tx_now_us (tx));
  guiche_statement_bind_int (update, 3, expires_at_us);
  return guiche_statement_run (update, NULL, error);
}

gboolean
guiche_session_store_revoke (GuicheTx *tx,
                             const GuicheId *session_id,
                             gint64 *out_changes,
                             GError **error)
{
  GuicheStatement *update = guiche_tx_prepare (
      tx, "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_id (update, 1, session_id);
  guiche_statement_bind_int (update, 2, guiche_tx_now_us (tx));
  return guiche_statement_run (update, out_changes, error);
}

gboolean
guiche_session_store_revoke_all (GuicheTx *tx,
                                 const GuicheId *user_id,
                                 const GuicheId *keep,
                                 gint64 *out_changes,
                                 GError **error)
{
  GuicheId none = GUICHE_ID_NONE;
  const GuicheId *kept = keep != NULL ? keep : &none;
  GuicheStatement *update =
      guiche_tx_prepare (tx,
                         "UPDATE sessions SET revoked_at = $3 "
                         "WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL",
                         error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_id (update, 1, user_id);
  guiche_statement_bind_bytes (update, 2, kept->bytes, sizeof kept->bytes);
  guiche_statement_bind_int (update, 3, guiche_tx_now_us (tx));
  return guiche_statement_run (update, out_changes, error);
}

gboolean
guiche_session_is_valid (GuicheTx *tx, const GuicheId *session_id, GError **error)
{
  gboolean is_valid;
  GuicheStatement *row = guiche_tx_prepare (
      tx,
      "SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 "
      "AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.is_enabled = 1",
      error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, session_id);
  guiche_statement_bind_int (row, 2, guiche_tx_now_us (tx));
  is_valid = guiche_statement_next (row, error);
  guiche_statement_reset (row);
  return is_valid;
}

gboolean
guiche_session_store_forget_old (GuicheTx *tx, gint64 before_us, GError **error)
{
  GuicheStatement *forget = guiche_tx_prepare (
      tx, "DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1", error);

  if (forget == NULL)
    return FALSE;
  guiche_statement_bind_int (forget, 1, before_us);
  return guiche_statement_run (forget, NULL, error);
}
