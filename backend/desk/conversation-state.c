/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-state.h"

#include "base/error.h"

#define WAITING (1u << GUICHE_CONVERSATION_WAITING)
#define OPEN (1u << GUICHE_CONVERSATION_OPEN)
#define PENDING (1u << GUICHE_CONVERSATION_PENDING)
#define SNOOZED (1u << GUICHE_CONVERSATION_SNOOZED)
#define CLOSED (1u << GUICHE_CONVERSATION_CLOSED)

static const struct {
  const char *name;
  guint from;
} actions[GUICHE_N_ACTIONS] = {
  [GUICHE_ACTION_ACCEPT] = { "accept", WAITING },
  [GUICHE_ACTION_ASSIGN] = { "assign", WAITING | OPEN | PENDING | SNOOZED },
  [GUICHE_ACTION_TRANSFER] = { "transfer", WAITING | OPEN | PENDING | SNOOZED },
  [GUICHE_ACTION_PENDING] = { "pending", OPEN },
  [GUICHE_ACTION_SNOOZE] = { "snooze", OPEN | PENDING },
  [GUICHE_ACTION_CLOSE] = { "close", WAITING | OPEN | PENDING | SNOOZED },
  [GUICHE_ACTION_REOPEN] = { "reopen", PENDING | SNOOZED | CLOSED },
};

const char *
guiche_action_name (GuicheAction action)
{
  return actions[action].name;
}

gboolean
guiche_action_is_legal (GuicheAction action, GuicheConversationState state)
{
  return (actions[action].from & (1u << state)) != 0;
}

gboolean
guiche_action_check (GuicheAction action, const GuicheConversation *conversation, GError **error)
{
  const GuicheConversationRecord *record = &conversation->record;
  const char *state = guiche_conversation_state_name (record->state);
  GError *refusal;

  if (record->kind != GUICHE_CONVERSATION_CUSTOMER) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                 "%s: only a customer's conversation has a state", actions[action].name);
    return FALSE;
  }
  if (guiche_action_is_legal (action, record->state))
    return TRUE;
  refusal =
      g_error_new (GUICHE_ERROR,
                   record->state == GUICHE_CONVERSATION_CLOSED ? GUICHE_ERROR_CONVERSATION_CLOSED
                                                               : GUICHE_ERROR_CONFLICT,
                   "%s: the conversation is %s", actions[action].name, state);
  guiche_error_set_detail (refusal, "state", state);
  guiche_error_set_detail (refusal, "action", actions[action].name);
  g_propagate_error (error, refusal);
  return FALSE;
}
