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
  gint64 connected_us;

  GuicheHubNode *table;     /* (owned) (nullable): all other nodes, as the database has them */
  GuicheHubNodes **reading; /* (nullable): where the answer on its way finds this, or NULL */
  gint64 read_us;
};

/* hub-nodes.c */
/* Those that were not heard since @since_us, or before. */
void guiche_hub_nodes_forget (GuicheHubNodes *self, gint64 since_us);

/* hub-nodes-say.c */
/* Goes on telling everything as far as the bus takes it. */
void guiche_hub_nodes_tell (GuicheHubNodes *self, gint64 now_us);
void guiche_hub_nodes_say_alive (GuicheHubNodes *self);
/* @origin (nullable): every node */
void guiche_hub_nodes_ask (GuicheHubNodes *self, const GuicheId *origin);

/* hub-nodes-hear.c */
void guiche_hub_nodes_hear (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message);

/* hub-nodes-table.c: without the bus */
void guiche_hub_nodes_write (GuicheHubNodes *self,
                             GuicheHubTenant *tenant,
                             const GuicheHubPresence *presence);
void guiche_hub_nodes_advance_table (GuicheHubNodes *self, gint64 now_us);

G_END_DECLS
