/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheChatView:
 *
 * One conversation: its messages, what is known of the other side (typing, who else is looking) and
 * the composer. Shows a status page while `conversation` is null.
 *
 * Property: `conversation` (GuicheConversation, nullable, read and write).
 *
 * Its actions `messages.*` and `composer.*` (chat/chat-actions.h) are put on the window when the
 * view is placed in one, so that buttons of a header bar, menus and accelerators only name them.
 * What is done with the conversation as a whole (`conversation.accept`, `.transfer`, `.close` …,
 * their dialogs, and its header bar) is the inbox's.
 */
#define GUICHE_TYPE_CHAT_VIEW (guiche_chat_view_get_type ())
G_DECLARE_FINAL_TYPE (GuicheChatView, guiche_chat_view, GUICHE, CHAT_VIEW, AdwBin)

GuicheChatView *guiche_chat_view_new (GuicheDesk *desk);
void guiche_chat_view_set_conversation (GuicheChatView *self, GuicheConversation *conversation);
GuicheConversation *guiche_chat_view_get_conversation (
    GuicheChatView *self); /* (nullable) (transfer none) */

/* Scrolls to the message @seq of the present conversation and marks it for a moment; false when it
 * is not there. */
gboolean guiche_chat_view_show_message (GuicheChatView *self, gint64 seq);
/* Puts the cursor into the composer. */
void guiche_chat_view_focus_composer (GuicheChatView *self);
/* What can be done in the conversation's messages (jump …), a section of the header bar's menu. */
GMenuModel *guiche_chat_view_get_menu (GuicheChatView *self); /* (transfer none) */

G_END_DECLS
