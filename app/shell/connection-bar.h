/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheConnectionBar:
 *
 * Says plainly at the foot of the window when the server cannot be reached, when what was missed is
 * still coming, and how many messages wait to be sent. Hidden when there is nothing to say; short
 * interruptions (under a second) are not mentioned.
 */
#define GUICHE_TYPE_CONNECTION_BAR (guiche_connection_bar_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConnectionBar, guiche_connection_bar, GUICHE, CONNECTION_BAR, AdwBin)

void guiche_connection_bar_set_desk (GuicheConnectionBar *self, GuicheDesk *desk); /* (nullable) */
/* The words for a state and a number of messages to send; NULL when there is nothing to say.
 * (transfer full) */
char *guiche_connection_bar_text (GuicheDeskState state, guint n_pending);

G_END_DECLS
