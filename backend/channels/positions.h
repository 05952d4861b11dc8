/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/server.h"

G_BEGIN_DECLS

#define GUICHE_POSITIONS_LIVE                                                                      \
  500 /* of each queue; who waits further back learns it on opening the page */

/**
 * GuichePositions:
 *
 * Tells waiting visitors their place in the queue, `{"op":"position","position":N}`, when a
 * conversation enters or leaves it: after a committed event, the queue concerned is read once for
 * all that happened in a moment, and only those whose place changed hear of it. Nothing is scanned
 * while nothing happens. Main thread.
 */
typedef struct _GuichePositions GuichePositions;

GuichePositions *guiche_positions_new (GuicheStore *store, GuicheServer *server);
/* After the store has delivered its last events. */
void guiche_positions_free (GuichePositions *self);

G_END_DECLS
