/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"
#include "desk/sender.h"

G_BEGIN_DECLS

/**
 * GuicheConversationChange:
 *
 * One change of state or place, from what was to what is: begin, change the record, finish.
 */
typedef struct {
  GuicheConversation *conversation; /* (unowned) */
  const char *action;               /* for the audit log: `accept` */
  char *old_audience;               /* (owned) */
  char *old_queue;                  /* (owned) (nullable) */
  GuicheId old_assignee;
  gboolean was_closed;
} GuicheConversationChange;

void guiche_conversation_change_begin (GuicheConversationChange *self,
                                       GuicheConversation *conversation,
                                       const char *action);
void guiche_conversation_change_clear (GuicheConversationChange *self);
/* Writes the row; tells those who lose sight (`conversation.moved`), those who see it
 * (`conversation.updated`, with the customer for who sees it newly) and the visitor; appends @line
 * (nullable), caused by @sender or (%NULL) the actor, and to the audit log. */
gboolean guiche_conversation_change_finish (GuicheTx *tx,
                                            GuicheConversationChange *self,
                                            const GuicheSender *sender,
                                            const char *line,
                                            GError **error);

/* The steps between; they change the record only. */
void guiche_conversation_leave_state (
    GuicheConversation *conversation); /* what only a state has goes */
void guiche_conversation_give_to (GuicheTx *tx,
                                  GuicheConversation *conversation,
                                  const GuicheId *user_id);
void guiche_conversation_put_back (GuicheTx *tx,
                                   GuicheConversation *conversation); /* waits, nobody's */
void guiche_conversation_open_again (GuicheConversation *conversation);

/* GUICHE_ERROR_CONFLICT with detail `conversation_id` when a closed one cannot open because the
 * customer has another active one on that channel. */
gboolean guiche_conversation_check_only_active (GuicheTx *tx,
                                                const GuicheConversation *conversation,
                                                GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheConversationChange, guiche_conversation_change_clear)

G_END_DECLS
