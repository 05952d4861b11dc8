/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheScheduledBar:
 *
 * Says how many messages of a conversation are sent later, lists them with their times and cancels
 * them. Invisible while there are none.
 */
#define GUICHE_TYPE_SCHEDULED_BAR (guiche_scheduled_bar_get_type ())
G_DECLARE_FINAL_TYPE (GuicheScheduledBar, guiche_scheduled_bar, GUICHE, SCHEDULED_BAR, AdwBin)

void guiche_scheduled_bar_set_desk (GuicheScheduledBar *self, GuicheDesk *desk);
void guiche_scheduled_bar_set_conversation (GuicheScheduledBar *self,
                                            GuicheConversation *conversation); /* (nullable) */

G_END_DECLS
