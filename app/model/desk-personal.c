/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/desk-private.h"

/**
 * guiche_desk_set_draft:
 *
 * Keeps what was typed: on the disk at once, at the server after a pause.
 */
void
guiche_desk_set_draft (GuicheDesk *self, GuicheConversation *conversation, const char *body)
{
  g_autofree char *before = NULL;

  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_CONVERSATION (conversation));
  before = guiche_desk_dup_draft (self, conversation);
  if (g_strcmp0 (before != NULL ? before : "", body != NULL ? body : "") == 0)
    return;
  guiche_personal_set_draft (self->personal, guiche_conversation_get_id (conversation), body);
  guiche_conversation_set_has_draft (conversation, body != NULL && *body != '\0');
}

/**
 * guiche_desk_dup_draft:
 *
 * Returns: (nullable): what was typed here, else what the server keeps.
 */
char *
guiche_desk_dup_draft (GuicheDesk *self, GuicheConversation *conversation)
{
  char *body = NULL;

  g_return_val_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_CONVERSATION (conversation), NULL);
  if (guiche_personal_dup_draft (self->personal, guiche_conversation_get_id (conversation), &body))
    return body;
  return guiche_draft_store_dup (guiche_cache_reader (self->cache),
                                 guiche_conversation_get_id (conversation));
}

/**
 * guiche_desk_mark_read:
 *
 * Everything up to the last message is read; offline too.
 */
void
guiche_desk_mark_read (GuicheDesk *self, GuicheConversation *conversation)
{
  gint64 last_seq;

  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_CONVERSATION (conversation));
  last_seq = guiche_conversation_get_last_seq (conversation);
  if (guiche_conversation_get_read_seq (conversation) >= last_seq)
    return;
  guiche_conversation_set_read_seq (conversation, last_seq);
  guiche_personal_mark_read (self->personal, guiche_conversation_get_id (conversation), last_seq);
  guiche_desk_refresh_counts (self);
  g_signal_emit (self, guiche_desk_signals[GUICHE_DESK_SIGNAL_CONVERSATION_READ], 0, conversation);
}

GListModel *
guiche_desk_get_scheduled (GuicheDesk *self)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self), NULL);
  return G_LIST_MODEL (self->scheduled);
}
