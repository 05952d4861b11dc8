/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "desk/conversation.h"
#include "desk/file-access.h"

/* (element-type GuicheId): where the file was sent, for a visitor without notes. */
static GArray *
list_conversations (GuicheTx *tx, const GuicheId *file_id, gboolean is_public, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = guiche_tx_prepare (
      tx,
      "SELECT c.id FROM message_files f JOIN conversations c ON c.number = f.conversation "
      "JOIN messages m ON m.conversation = f.conversation AND m.seq = f.seq "
      "WHERE f.file_id = $1 AND ($2 = 0 OR m.kind <> 4)",
      error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, file_id);
  guiche_statement_bind_int (rows, 2, is_public);
  while (guiche_statement_next (rows, &failure)) {
    GuicheId id = guiche_statement_id (rows, 0);

    g_array_append_val (ids, id);
  }
  if (failure == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

static gboolean
may_see_one (GuicheTx *tx, const GArray *ids, gboolean *out_may_see, GError **error)
{
  for (guint i = 0; i < ids->len && !*out_may_see; i++) {
    g_autoptr (GuicheConversation) conversation =
                   guiche_conversation_load (tx, &g_array_index (ids, GuicheId, i), error);

    if (conversation == NULL)
      return FALSE;
    *out_may_see = guiche_conversation_may_see (guiche_tx_actor (tx)->viewer, conversation);
  }
  return TRUE;
}

gboolean
guiche_file_load_visible (GuicheTx *tx, const GuicheId *id, GuicheFile *out, GError **error)
{
  const GuicheActor *actor = guiche_tx_actor (tx);
  g_autoptr (GArray) ids = NULL;
  gboolean may_see;

  if (!guiche_file_load (tx, id, out, error))
    return FALSE;
  may_see = actor->role == GUICHE_ROLE_NONE || guiche_id_equal (&out->owner, &actor->id);
  if (may_see)
    return TRUE;
  ids = list_conversations (tx, id, actor->role == GUICHE_ROLE_VISITOR, error);
  if (ids == NULL || !may_see_one (tx, ids, &may_see, error))
    return FALSE;
  if (may_see)
    return TRUE;
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no such file");
  return FALSE;
}
