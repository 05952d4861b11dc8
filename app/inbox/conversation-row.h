/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/conversation.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheConversationRow:
 *
 * One line of the inbox: avatar, title, time, what was said last (or who is typing, or that there
 * is a draft), unread count, queue and priority. Recycled:
 * guiche_conversation_row_set_conversation() rebinds it. Follows its conversation; changes that
 * come together cost one refresh.
 */
#define GUICHE_TYPE_CONVERSATION_ROW (guiche_conversation_row_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConversationRow,
                      guiche_conversation_row,
                      GUICHE,
                      CONVERSATION_ROW,
                      GtkBox)

GtkWidget *guiche_conversation_row_new (void);
void guiche_conversation_row_set_conversation (GuicheConversationRow *self,
                                               GuicheConversation *conversation);
GuicheConversation *guiche_conversation_row_get_conversation (GuicheConversationRow *self);
/* Times change without the conversation changing: the list calls this once a minute. */
void guiche_conversation_row_refresh (GuicheConversationRow *self);

G_END_DECLS
