/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"
#include "store/node.h"

G_BEGIN_DECLS

/* Who is at this node, on its way to the control schema, and who is elsewhere, on its way back. */
typedef struct _GuicheNodePresence GuicheNodePresence;

GuicheNodePresence *guiche_node_presence_new (const char *node, GMainContext *context);
/* (thread main): answers that are still on their way reach nobody. */
void guiche_node_presence_free (GuicheNodePresence *self);
/* (any thread) */
void guiche_node_presence_set (GuicheNodePresence *self,
                               const char *tenant,
                               const GuicheId *user_id,
                               const char *status);
void guiche_node_presence_read (GuicheNodePresence *self,
                                GuichePresenceFunc func,
                                gpointer user_data);
gboolean guiche_node_presence_has_work (GuicheNodePresence *self);
/* (thread node): writes what waits, answers who asked. @db (nullable): NULL answers without rows.
 */
gboolean guiche_node_presence_work (GuicheNodePresence *self,
                                    GuicheDb *db,
                                    gint64 now_us,
                                    GError **error);

G_END_DECLS
