/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/hub-private.h"

G_BEGIN_DECLS

/**
 * GuicheHubNode:
 *
 * What another node has told about its people. Whatever it holds counts as one node more in the
 * presences it names; who gives it up takes that back.
 */
struct _GuicheHubNode {
  GuicheId origin;
  gint64 heard_us;      /* monotonic */
  gint64 n;             /* of its last message that counts */
  gboolean is_complete; /* nothing of what it told was missed */
  GHashTable *people;   /* (owned) GuicheHubPresence → (owned) where and whether still */
};

GuicheHubNode *guiche_hub_node_new (const GuicheId *origin);
/* Its people are gone since it was last heard. */
void guiche_hub_node_free (GuicheHubNode *self);
void guiche_hub_node_set_here (GuicheHubNode *self,
                               GuicheHubTenant *tenant,
                               GuicheHubPresence *presence,
                               gboolean is_here);
/* Between both it tells everything: who is not named again has gone. */
void guiche_hub_node_begin (GuicheHubNode *self);
void guiche_hub_node_end (GuicheHubNode *self, gint64 now_us);

G_END_DECLS
