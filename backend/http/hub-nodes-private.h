/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/hub-node.h"

G_BEGIN_DECLS

#define GUICHE_HUB_CHANNEL "hub"

/**
 * GuicheHubNodes:
 *
 * The hubs of other nodes. Each tells on one channel what changes (presence, who looks at what),
 * numbered, and once a second that it lives and what its last number was. Who missed one asks, and
 * is told everything.
 */
struct _GuicheHubNodes {
  GuicheHub *hub;
  GuicheBus *bus;
  GuicheBusSubscription *subscription;
  GHashTable *nodes; /* (owned) GuicheId → (owned) GuicheHubNode */
  gint64 n;          /* of the last message of ours that counts */
  GPtrArray *untold; /* (owned) (element-type GuicheHubTenant): while everything is being told */
  gboolean is_asked; /* for everything, from the start */
  gint64 told_us;    /* monotonic: when telling everything began last */
  gint64 advanced_us;
};

/* hub-nodes-say.c */
/* Goes on telling everything as far as the bus takes it. */
void guiche_hub_nodes_tell (GuicheHubNodes *self, gint64 now_us);
void guiche_hub_nodes_say_alive (GuicheHubNodes *self);
/* @origin (nullable): every node */
void guiche_hub_nodes_ask (GuicheHubNodes *self, const GuicheId *origin);

/* hub-nodes-hear.c */
void guiche_hub_nodes_hear (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message);

G_END_DECLS
