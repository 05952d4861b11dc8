/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"
#include "store/node-name.h"
#include "store/node.h"

G_BEGIN_DECLS

/* The control schema's tables about nodes. @now_us is the database's clock, which all nodes share
 * (guiche_db_get_time()). */

/* FALSE in @out_is_entered: a node of this name lives, or died less than a moment ago. @last_boot
 * (nullable): of this name and certainly over. */
gboolean guiche_node_store_enter (GuicheDb *db,
                                  const GuicheNodeName *node,
                                  const char *last_boot,
                                  const char *version,
                                  gint64 now_us,
                                  gboolean *out_is_entered,
                                  GError **error);

/* What a node says with each heartbeat, and what it hears. */
typedef struct {
  const char *address;
  gboolean is_heard;
  gint64 now_us;
  gboolean is_known;         /* (out): FALSE: the row is another's by now, or gone */
  gboolean others_are_heard; /* (out): all that live */
} GuicheHeartbeat;

gboolean guiche_node_store_beat (GuicheDb *db,
                                 const GuicheNodeName *node,
                                 GuicheHeartbeat *heartbeat,
                                 GError **error);
/* Also what it says about presence, and its leases. */
gboolean guiche_node_store_leave (GuicheDb *db, const GuicheNodeName *node, GError **error);
GPtrArray *guiche_node_store_list (GuicheDb *db,
                                   const GuicheNodeName *self,
                                   gint64 now_us,
                                   GError **error);

/* Removes nodes that have been silent since before @before_us. */
gboolean guiche_node_store_forget (GuicheDb *db, gint64 before_us, GError **error);

/* @out_token: 0 when another holds it. */
gboolean guiche_lease_try (GuicheDb *db,
                           const char *name,
                           const char *owner,
                           gint64 now_us,
                           gint64 lease_us,
                           gint64 *out_token,
                           GError **error);
gboolean guiche_lease_release (GuicheDb *db, const char *name, const char *owner, GError **error);

/* @status (nullable): NULL removes the row. */
gboolean guiche_presence_store_set (GuicheDb *db,
                                    const char *node,
                                    const char *tenant,
                                    const GuicheId *user_id,
                                    const char *status,
                                    gint64 now_us,
                                    GError **error);
/* At the living nodes but @node. */
GPtrArray *guiche_presence_store_list (GuicheDb *db,
                                       const char *node,
                                       gint64 now_us,
                                       GError **error);

G_END_DECLS
