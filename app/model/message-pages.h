/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/changes.h"
#include "model/desk.h"

G_BEGIN_DECLS

/**
 * GuicheMessagePages:
 *
 * The server's messages of one conversation, read from the cache in pages around what is shown. A
 * few pages are kept; the messages of others live as long as somebody else holds them, and are
 * the same objects when they are asked for again. What the cache lacks is asked of the server.
 */
typedef struct _GuicheMessagePages GuicheMessagePages;

GuicheMessagePages *guiche_message_pages_new (GuicheDesk *desk, GuicheConversation *conversation);
void guiche_message_pages_free (GuicheMessagePages *self);
void guiche_message_pages_forget_desk (GuicheMessagePages *self);
/* (transfer full) */
GuicheMessage *guiche_message_pages_get (GuicheMessagePages *self, gint64 seq, gint64 last_seq);
/* (transfer none) (nullable): when it is alive. */
GuicheMessage *guiche_message_pages_peek (GuicheMessagePages *self, gint64 seq);
void guiche_message_pages_adopt (GuicheMessagePages *self, GuicheMessage *message, gint64 seq);
void guiche_message_pages_reload (GuicheMessagePages *self, const GuicheSeqRange *range);
/* How those of the outbox stand to their neighbours. */
void guiche_message_pages_place_tail (GuicheMessagePages *self, GPtrArray *tail, gint64 last_seq);
void guiche_message_pages_update_states (GuicheMessagePages *self);
gint64 guiche_message_pages_get_first_unread (GuicheMessagePages *self); /* 0: none */

G_END_DECLS
