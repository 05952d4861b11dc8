/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation-state.h"
#include "desk/sender.h"

G_BEGIN_DECLS

/* What colleagues do with a customer's conversation, on behalf of the actor of @tx, who must be
 * able to see it (else GUICHE_ERROR_NOT_FOUND). Each changes the row, writes a system line, emits
 * what clients must see and appends to the audit log; each returns the conversation as it then is
 * (transfer full), or %NULL. States as in conversation-state.h. */

/* Race-free: the second gets GUICHE_ERROR_ALREADY_ASSIGNED with detail `assignee_id`; the one who
 * has it gets it again. */
GuicheConversation *guiche_conversation_accept (GuicheTx *tx, const GuicheId *id, GError **error);
GuicheConversation *guiche_conversation_assign (GuicheTx *tx,
                                                const GuicheId *id,
                                                const GuicheId *user_id,
                                                GError **error);
/* To a queue, where it waits, or (@user_id not none) to a colleague in it. @note (nullable) is left
 * as a private note. */
GuicheConversation *guiche_conversation_transfer (GuicheTx *tx,
                                                  const GuicheId *id,
                                                  const char *queue,
                                                  const GuicheId *user_id,
                                                  const char *note,
                                                  GError **error);
GuicheConversation *guiche_conversation_set_pending (GuicheTx *tx,
                                                     const GuicheId *id,
                                                     GError **error);
/* A job wakes it at @until_us, which must be in the future and within a year. */
GuicheConversation *guiche_conversation_snooze (GuicheTx *tx,
                                                const GuicheId *id,
                                                gint64 until_us,
                                                GError **error);
GuicheConversation *guiche_conversation_close (GuicheTx *tx,
                                               const GuicheId *id,
                                               const char *reason,
                                               GError **error);
/* To the actor. GUICHE_ERROR_CONFLICT when the customer has another active one on that channel. */
GuicheConversation *guiche_conversation_reopen (GuicheTx *tx, const GuicheId *id, GError **error);

/* For message.c. A customer wrote: what was pending or snoozed opens, what was closed waits again.
 */
gboolean guiche_conversation_wake_for_customer (GuicheTx *tx,
                                                GuicheConversation *conversation,
                                                const GuicheSender *sender,
                                                GError **error);
/* A colleague answered: a waiting one becomes theirs, pending and snoozed open. */
gboolean guiche_conversation_wake_for_agent (GuicheTx *tx,
                                             GuicheConversation *conversation,
                                             const GuicheSender *sender,
                                             GError **error);
/* The job that ends snoozing; payload `{"conversation_id","until"}`. */
gboolean guiche_conversation_wake (GuicheTx *tx,
                                   const GuicheId *id,
                                   gint64 until_us,
                                   GError **error);

#define GUICHE_JOB_CONVERSATION_WAKE "conversation.wake"

G_END_DECLS
