/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "audio/player.h"
#include "model/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheComposer:
 *
 * Where an agent writes: text with drafts that survive a crash, canned replies, mentions, emoji,
 * files, voice notes, private notes, quotes, edits, sending later and taking back. Where nothing
 * can be written it says why and offers the way out.
 *
 * Signals: `sent` (GuicheMessage).
 */
#define GUICHE_TYPE_COMPOSER (guiche_composer_get_type ())
G_DECLARE_FINAL_TYPE (GuicheComposer, guiche_composer, GUICHE, COMPOSER, GtkBox)

GtkWidget *guiche_composer_new (GuicheDesk *desk, GuichePlayer *player);
/* For a composer of a template: before it is used. */
void guiche_composer_set_desk (GuicheComposer *self, GuicheDesk *desk, GuichePlayer *player);
void guiche_composer_set_conversation (GuicheComposer *self,
                                       GuicheConversation *conversation); /* (nullable) */
void guiche_composer_focus (GuicheComposer *self);
void guiche_composer_quote (GuicheComposer *self, GuicheMessage *message);
void guiche_composer_edit (GuicheComposer *self, GuicheMessage *message);
void guiche_composer_add_file (GuicheComposer *self, GFile *file);
/* The actions `composer.*`. (transfer none) */
GActionGroup *guiche_composer_get_actions (GuicheComposer *self);

G_END_DECLS
