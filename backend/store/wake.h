/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* How a node hears of what the others committed: they say it over a bus, which somebody else brings
 * and which may fail, and a thread asks the database now and then. A server alone does neither. */

/* Of one message; a commit with more is told without its events. */
#define GUICHE_WAKE_MAX_BYTES (16 * 1024)

/* (thread main): to be carried to the other nodes, and given to guiche_store_hear() there. */
typedef void (*GuicheWakeFunc) (const guint8 *message, gsize length, gpointer user_data);

/* @func (nullable): while there is one, messages are made. (thread main) */
void guiche_store_set_wake_func (GuicheStore *self, GuicheWakeFunc func, gpointer user_data);
/* While every message arrives, the database is asked less often. (thread main) */
void guiche_store_set_wakes_arrive (GuicheStore *self, gboolean do_arrive);
/* What another node said; anything that is not one of its messages is ignored. (thread main) */
void guiche_store_hear (GuicheStore *self, const guint8 *message, gsize length);

/**
 * guiche_tenant_follow:
 * @done: (nullable): (thread main): from here on every event that any node commits is handed to the
 *   listeners, in order and soon; what was committed before @done can be read. With an error when
 *   the database could not be asked: it is followed all the same
 *
 * Somebody at this node wants the company's events as they come. Counted: unfollow as often.
 * (thread main)
 */
void guiche_tenant_follow (GuicheTenant *self, GuicheWorkDone done, gpointer data);
void guiche_tenant_unfollow (GuicheTenant *self);

/* What hearing costs and brings, since the start. */
typedef struct {
  guint64 told;     /* messages made */
  guint64 heard;    /* messages of other nodes */
  guint64 asked;    /* times the database was asked about all companies */
  guint64 asked_us; /* all of them together */
  guint64 found;    /* companies with something new that no message had told */
} GuicheWakeStats;

void guiche_store_get_wake_stats (GuicheStore *self, GuicheWakeStats *out_stats); /* (any thread) */

G_END_DECLS
