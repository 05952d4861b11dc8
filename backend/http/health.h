/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/**
 * GuicheHealth:
 *
 * Whether the database answers, looked at in the background while somebody wants to know: who asks
 * never waits, also when the database hangs. Main thread only.
 */
typedef struct _GuicheHealth GuicheHealth;

/* The store has just been opened: it is believed to be well. */
GuicheHealth *guiche_health_new (GuicheStore *store);
void guiche_health_free (GuicheHealth *self);
/* As of the last second, if it was asked before. */
gboolean guiche_health_is_reachable (GuicheHealth *self);

G_END_DECLS
