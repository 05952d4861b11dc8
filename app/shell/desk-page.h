/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheDeskPage:
 *
 * The working view of a signed-in agent: sidebar, list, conversation with the customer panel; folds
 * from three panes to two to one (AdwLeaflet twice, AdwFlap: the one place that knows them). The
 * conversation view and the customer panel are made when first needed.
 *
 * Property: `conversation` (GuicheConversation, nullable: the one shown; notify).
 */
#define GUICHE_TYPE_DESK_PAGE (guiche_desk_page_get_type ())
G_DECLARE_FINAL_TYPE (GuicheDeskPage, guiche_desk_page, GUICHE, DESK_PAGE, AdwBin)

GtkWidget *guiche_desk_page_new (GuicheDesk *desk);
GuicheConversation *guiche_desk_page_get_conversation (GuicheDeskPage *self); /* (nullable) */
/* Shows a conversation; @seq above 0 scrolls to that message; @focus_composer puts the cursor
 * there. */
void guiche_desk_page_open (GuicheDeskPage *self,
                            GuicheConversation *conversation,
                            gint64 seq,
                            gboolean focus_composer);
/* Asks the desk for a conversation by id, then shows it. */
void guiche_desk_page_open_id (GuicheDeskPage *self,
                               const char *conversation_id,
                               gint64 seq,
                               gboolean focus_composer);
/* `conversation.*` of the one shown, for the window: accelerators look there. (transfer none) */
GActionGroup *guiche_desk_page_get_conversation_actions (GuicheDeskPage *self);
gboolean guiche_desk_page_show_view (GuicheDeskPage *self, const char *view_id);
void guiche_desk_page_go_back (GuicheDeskPage *self);
void guiche_desk_page_step (GuicheDeskPage *self, int direction);
void guiche_desk_page_cycle_panes (GuicheDeskPage *self);
void guiche_desk_page_toggle_customer (GuicheDeskPage *self);

G_END_DECLS
