/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheConversationHeader:
 *
 * The header bar over a conversation: who it is with, its queue and state, what can be done with it
 * (`conversation.*`), and the toggle of the customer panel.
 *
 * Property: `show-panel` (boolean, read and write).
 */
#define GUICHE_TYPE_CONVERSATION_HEADER (guiche_conversation_header_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConversationHeader,
                      guiche_conversation_header,
                      GUICHE,
                      CONVERSATION_HEADER,
                      AdwBin)

GtkWidget *guiche_conversation_header_new (void);
void guiche_conversation_header_set_conversation (GuicheConversationHeader *self,
                                                  GuicheConversation *conversation);
/* A section of the menu that the conversation view adds (jumping …); (nullable). */
void guiche_conversation_header_set_menu_section (GuicheConversationHeader *self,
                                                  GMenuModel *section);
AdwHeaderBar *guiche_conversation_header_get_header (GuicheConversationHeader *self);
void guiche_conversation_header_set_can_go_back (GuicheConversationHeader *self,
                                                 gboolean can_go_back);

G_END_DECLS
