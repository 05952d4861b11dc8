/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inbox/sidebar-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheConversationList:
 *
 * The conversations of one view or queue, live. The chosen conversation stays chosen while the
 * order changes and also when it leaves the list.
 *
 * Property: `conversation` (GuicheConversation, nullable: the chosen one; notify).
 * Signal: `activated` (): chosen by click or Enter, so that a folded window goes on to the
 * conversation.
 */
#define GUICHE_TYPE_CONVERSATION_LIST (guiche_conversation_list_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConversationList,
                      guiche_conversation_list,
                      GUICHE,
                      CONVERSATION_LIST,
                      AdwBin)

GtkWidget *guiche_conversation_list_new (GuicheDesk *desk);
void guiche_conversation_list_set_item (GuicheConversationList *self, GuicheSidebarItem *item);
GuicheConversation *guiche_conversation_list_get_conversation (GuicheConversationList *self);
/* Chooses it, also when the present view does not hold it. */
void guiche_conversation_list_set_conversation (GuicheConversationList *self,
                                                GuicheConversation *conversation);
/* The next (1) or previous (-1) conversation of the list. */
void guiche_conversation_list_step (GuicheConversationList *self, int direction);
AdwHeaderBar *guiche_conversation_list_get_header (GuicheConversationList *self);
void guiche_conversation_list_set_can_go_back (GuicheConversationList *self, gboolean can_go_back);

G_END_DECLS
