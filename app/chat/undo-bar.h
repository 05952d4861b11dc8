/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/message-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * GuicheUndoBar:
 *
 * Counts down how long the message just sent can still be taken back.
 */
#define GUICHE_TYPE_UNDO_BAR (guiche_undo_bar_get_type ())
G_DECLARE_FINAL_TYPE (GuicheUndoBar, guiche_undo_bar, GUICHE, UNDO_BAR, GtkWidget)

void guiche_undo_bar_start (GuicheUndoBar *self, GuicheMessage *message, guint seconds);
/* (nullable) (transfer full): the message, whose time is then over; null when none can be taken
 * back. */
GuicheMessage *guiche_undo_bar_take (GuicheUndoBar *self);
void guiche_undo_bar_stop (GuicheUndoBar *self);

G_END_DECLS
