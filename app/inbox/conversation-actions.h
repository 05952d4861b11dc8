/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheConversationActions:
 *
 * What can be done with one conversation as a whole: an action group (`accept`, `assign`,
 * `transfer`, `snooze`, `close`, `reopen`, `leave`) whose actions are enabled by the conversation's
 * state. The window inserts one as `conversation` for what it shows, the list one as `row` for its
 * context menu. Dialogs and toasts appear over @widget, which is not owned and must outlive the
 * actions.
 *
 * Property: `conversation` (nullable). Signal: `left` (id): the channel is no longer one's own.
 */
#define GUICHE_TYPE_CONVERSATION_ACTIONS (guiche_conversation_actions_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConversationActions,
                      guiche_conversation_actions,
                      GUICHE,
                      CONVERSATION_ACTIONS,
                      GObject)

GuicheConversationActions *guiche_conversation_actions_new (GuicheDesk *desk, GtkWidget *widget);
GActionGroup *guiche_conversation_actions_get_group (
    GuicheConversationActions *self); /* (transfer none) */
void guiche_conversation_actions_set_conversation (GuicheConversationActions *self,
                                                   GuicheConversation *conversation);

G_END_DECLS
