/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"

G_BEGIN_DECLS

/* What exactly one node does, as far as this one wants to: held until the node ends, by renewing
 * each lease at a third of its time. */
typedef struct _GuicheNodeLeases GuicheNodeLeases;

GuicheNodeLeases *guiche_node_leases_new (const char *owner);
void guiche_node_leases_free (GuicheNodeLeases *self);
/* (any thread) */
void guiche_node_leases_want (GuicheNodeLeases *self, const char *name);
gboolean guiche_node_leases_hold (GuicheNodeLeases *self, const char *name, gint64 *out_token);
/* (thread node): renews what is held and tries the rest, when it is time to. */
gboolean guiche_node_leases_renew (GuicheNodeLeases *self,
                                   GuicheDb *db,
                                   gint64 now_us,
                                   GError **error);

G_END_DECLS
