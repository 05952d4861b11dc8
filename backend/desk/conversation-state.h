/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"

G_BEGIN_DECLS

/* What can be done with a customer's conversation. */
typedef enum {
  GUICHE_ACTION_ACCEPT,   /* waiting → open, mine */
  GUICHE_ACTION_ASSIGN,   /* to a colleague; waiting → open */
  GUICHE_ACTION_TRANSFER, /* to a queue, or to a colleague in it */
  GUICHE_ACTION_PENDING,  /* open → pending: the customer must do something */
  GUICHE_ACTION_SNOOZE,   /* open, pending → snoozed until a time */
  GUICHE_ACTION_CLOSE,    /* anything → closed */
  GUICHE_ACTION_REOPEN,   /* closed, snoozed, pending → open */
  GUICHE_N_ACTIONS
} GuicheAction;

const char *guiche_action_name (GuicheAction action);
/* May it be done in this state? */
gboolean guiche_action_is_legal (GuicheAction action, GuicheConversationState state);
/* The same with its error: GUICHE_ERROR_CONVERSATION_CLOSED, or GUICHE_ERROR_CONFLICT with details
 * `state` and `action`; GUICHE_ERROR_CONFLICT for internal conversations, which have no states. */
gboolean guiche_action_check (GuicheAction action,
                              const GuicheConversation *conversation,
                              GError **error);

G_END_DECLS
