/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-location.h"
#include "store/node-name.h"
#include "store/node.h"

G_BEGIN_DECLS

/**
 * GuicheNode:
 *
 * This server among several: the thread that says every second that it lives. The store's.
 */
typedef struct _GuicheNode GuicheNode;

/* @location: of the control schema; @context: of the callbacks. Everything outlives the node. */
GuicheNode *guiche_node_new (const GuicheDbLocation *location,
                             const GuicheNodeName *name,
                             GuicheClock *clock,
                             GMainContext *context);
/* Gives its leases back and removes its row. */
void guiche_node_free (GuicheNode *self);

G_END_DECLS
