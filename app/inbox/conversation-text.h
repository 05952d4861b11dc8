/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/conversation.h"

G_BEGIN_DECLS

/* Words about a conversation, translated; all (transfer full). */

/* Its title: the customer, `#suporte`, the colleague; never empty. */
char *guiche_conversation_text_title (GuicheConversation *conversation);
/* One line below the title of a header bar: queue and state, or who is typing. */
char *guiche_conversation_text_subtitle (GuicheConversation *conversation);
/* All of it in one sentence for a screen reader. */
char *guiche_conversation_text_accessible (GuicheConversation *conversation);
/* `waiting` … `closed` in words. */
const char *guiche_conversation_text_state (const char *state);

G_END_DECLS
