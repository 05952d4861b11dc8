/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/search-store.h"

#include "base/text.h"
#include "desk/message-store.h"

#include <string.h>

/* (element-type gint64): the seqs that match, newest first. */
static GArray *
find_seqs (GuicheTx *tx,
           const GuicheConversation *conversation,
           const char *needle,
           gsize limit,
           gint64 *budget,
           GError **error)
{
  g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows =
      guiche_tx_prepare (tx,
                         "SELECT seq, body FROM messages WHERE conversation = $1 AND kind <> 5 "
                         "AND deleted_at IS NULL ORDER BY seq DESC LIMIT $2",
                         error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_int (rows, 1, conversation->number);
  guiche_statement_bind_int (rows, 2, *budget);
  while (seqs->len < limit && guiche_statement_next (rows, &failure)) {
    g_autofree char *fold = guiche_text_fold (guiche_statement_text (rows, 1));
    gint64 seq = guiche_statement_int (rows, 0);

    (*budget)--;
    if (strstr (fold, needle) != NULL)
      g_array_append_val (seqs, seq);
  }
  guiche_statement_reset (rows);
  if (failure == NULL)
    return g_steal_pointer (&seqs);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

gboolean
guiche_search_store_scan (GuicheTx *tx,
                          const GuicheConversation *conversation,
                          const char *needle,
                          gsize limit,
                          gint64 *budget,
                          GPtrArray *found,
                          GError **error)
{
  g_autoptr (GArray) seqs = find_seqs (tx, conversation, needle, limit - found->len, budget, error);

  for (guint i = 0; seqs != NULL && i < seqs->len; i++) {
    GuicheMessageRecord *record = g_new0 (GuicheMessageRecord, 1);
    gboolean is_found = FALSE;

    g_ptr_array_add (found, record);
    if (!guiche_message_store_load (tx, conversation, g_array_index (seqs, gint64, i), record,
                                    &is_found, error))
      return FALSE;
  }
  return seqs != NULL;
}
