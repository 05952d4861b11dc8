/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/conversation.h"
#include "store/tx.h"

G_BEGIN_DECLS

/**
 * GuicheConversation:
 *
 * A conversation as the transaction sees it. Reference-counted; on the writer the rows that a batch
 * touches again are kept, so hold it no longer than the call. Change it only through this room.
 */
typedef struct {
  int ref_count;
  gint64 number;           /* the row's key: messages refer to it */
  gint64 queued_at;        /* when it last began to wait in its queue, or 0 */
  gint64 last_at;          /* of the last message, or 0 */
  gboolean is_preview_old; /* record.last_message is behind last_seq */
  char *audience;          /* (owned): who sees it, without the visitor */
  char *public_audience;   /* (owned): with the visitor */
  GuicheConversationRecord record;
} GuicheConversation;

GuicheConversation *guiche_conversation_ref (GuicheConversation *self);
void guiche_conversation_unref (GuicheConversation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheConversation, guiche_conversation_unref)

/* GUICHE_ERROR_NOT_FOUND when there is none. (transfer full) */
GuicheConversation *guiche_conversation_load (GuicheTx *tx, const GuicheId *id, GError **error);
/* The same for what the actor of @tx may see: anything else does not exist. */
GuicheConversation *guiche_conversation_load_visible (GuicheTx *tx,
                                                      const GuicheId *id,
                                                      GError **error);

/* The one rule of sight. @viewer %NULL is the system, which sees everything. An agent sees the
 * customer conversations of the queues they serve and those assigned to them; supervisors and
 * admins see all of those; internal ones are seen by their members only; a visitor sees their own.
 */
gboolean guiche_conversation_may_see (const GuicheViewer *viewer, const GuicheConversation *self);
/* The audience of a conversation, with the visitor: for ephemeral frames. (transfer full) */
char *guiche_conversation_load_audience (GuicheTx *tx, const GuicheId *id, GError **error);

/* Writes the conversation's record as it stands now. */
gboolean guiche_conversation_write_json (GuicheTx *tx,
                                         GuicheConversation *self,
                                         GuicheJsonWriter *writer,
                                         GError **error);
/* Writes the row and emits @kind (`conversation.created`, `conversation.updated`), and
 * `visit.updated` for the visitor. */
gboolean guiche_conversation_announce (GuicheTx *tx,
                                       GuicheConversation *self,
                                       const char *kind,
                                       GError **error);

/**
 * GuicheConversationOpening:
 * @queue: a queue's key, or %NULL
 *
 * A customer begins to wait.
 */
typedef struct {
  GuicheId customer_id;
  const char *channel;
  const char *queue;
} GuicheConversationOpening;

/* The customer's active conversation of that channel, or a new one, waiting, with its `opened`
 * line;
 * *@out_is_new (nullable) tells which. GUICHE_ERROR_INVALID_REQUEST for an unknown queue or
 * channel. */
GuicheConversation *guiche_conversation_open (GuicheTx *tx,
                                              const GuicheConversationOpening *opening,
                                              gboolean *out_is_new,
                                              GError **error);
/* 1 is next; 0 when it does not wait. */
gint64 guiche_conversation_position (GuicheTx *tx, const GuicheConversation *self, GError **error);

G_END_DECLS
