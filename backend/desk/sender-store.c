/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "desk/emit.h"
#include "desk/sender.h"

gboolean
guiche_sender_check_user (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean is_there = FALSE;
  GuicheStatement *row =
      guiche_tx_prepare (tx, "SELECT 1 FROM users WHERE id = $1 AND is_enabled = 1", error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, user_id);
  is_there = guiche_statement_next (row, &failure);
  guiche_statement_reset (row);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return is_there || guiche_desk_refuse_field (error, "user_id", "is nobody who works here");
}

gboolean
guiche_sender_find_login (GuicheTx *tx, const char *login, GuicheId *out_id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row =
      guiche_tx_prepare (tx, "SELECT id FROM users WHERE login = $1 AND is_enabled = 1", error);

  *out_id = GUICHE_ID_NONE;
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_text (row, 1, login);
  if (guiche_statement_next (row, &failure))
    *out_id = guiche_statement_id (row, 0);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
