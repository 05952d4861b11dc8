/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx.h"

G_BEGIN_DECLS

/* Who waits at one place of a queue; the array's index is the place, from 0. */
typedef struct {
  GuicheId conversation_id;
  gboolean is_visitor; /* is told: others wait in other channels */
} GuichePlace;

/* (element-type GuichePlace): the first @limit, in the order of guiche_conversation_position(). */
GArray *guiche_position_store_list (GuicheTx *tx, const char *queue, gint64 limit, GError **error);

G_END_DECLS
