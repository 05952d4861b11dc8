/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "desk/conversation-action.h"
#include "desk/conversation-change.h"
#include "desk/conversation-store.h"

gboolean
guiche_conversation_wake_for_customer (GuicheTx *tx,
                                       GuicheConversation *conversation,
                                       const GuicheSender *sender,
                                       GError **error)
{
  gboolean is_closed = conversation->record.state == GUICHE_CONVERSATION_CLOSED;
  g_auto (GuicheConversationChange) change = { 0 };

  if (!guiche_conversation_check_only_active (tx, conversation, error))
    return FALSE;
  guiche_conversation_change_begin (&change, conversation, "reopen");
  if (is_closed || guiche_id_is_none (&conversation->record.assignee_id))
    guiche_conversation_put_back (tx, conversation);
  else
    guiche_conversation_open_again (conversation);
  return guiche_conversation_change_finish (tx, &change, sender, is_closed ? "reopened" : NULL,
                                            error);
}

gboolean
guiche_conversation_wake_for_agent (GuicheTx *tx,
                                    GuicheConversation *conversation,
                                    const GuicheSender *sender,
                                    GError **error)
{
  gboolean is_waiting = conversation->record.state == GUICHE_CONVERSATION_WAITING;
  g_auto (GuicheConversationChange) change = { 0 };

  guiche_conversation_change_begin (&change, conversation, is_waiting ? "accept" : "reopen");
  if (is_waiting)
    guiche_conversation_give_to (tx, conversation, &sender->id);
  else
    guiche_conversation_open_again (conversation);
  return guiche_conversation_change_finish (tx, &change, sender, is_waiting ? "accepted" : NULL,
                                            error);
}

gboolean
guiche_conversation_wake (GuicheTx *tx, const GuicheId *id, gint64 until_us, GError **error)
{
  g_autoptr (GuicheConversation) conversation = guiche_conversation_load (tx, id, error);
  g_auto (GuicheConversationChange) change = { 0 };

  if (conversation == NULL)
    return FALSE;
  if (conversation->record.state != GUICHE_CONVERSATION_SNOOZED ||
      conversation->record.snoozed_until != until_us)
    return TRUE;
  guiche_conversation_change_begin (&change, conversation, "wake");
  guiche_conversation_open_again (conversation);
  return guiche_conversation_change_finish (tx, &change, NULL, "reopened", error);
}
