/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/conversation.h"

G_BEGIN_DECLS

/**
 * GuicheConversationView:
 *
 * A live, sorted GListModel of conversations. A change of one conversation costs one search in a
 * balanced tree and one `items-changed` that spans the places it left and took; nothing when its
 * place is the same.
 */
#define GUICHE_TYPE_CONVERSATION_VIEW (guiche_conversation_view_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConversationView,
                      guiche_conversation_view,
                      GUICHE,
                      CONVERSATION_VIEW,
                      GObject)

/* Sorted by @first, then @second, then the id. */
typedef struct {
  gint64 first, second;
} GuicheViewKey;

GuicheConversationView *guiche_conversation_view_new (void);
/* @key NULL: it does not belong here (any more). */
void guiche_conversation_view_update (GuicheConversationView *self,
                                      GuicheConversation *conversation,
                                      const GuicheViewKey *key);
/* Between these, updates are collected and told as one change. */
void guiche_conversation_view_begin (GuicheConversationView *self);
void guiche_conversation_view_end (GuicheConversationView *self);
gboolean guiche_conversation_view_contains (GuicheConversationView *self,
                                            GuicheConversation *conversation);

G_END_DECLS
