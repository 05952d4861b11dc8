/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/batch.h"
#include "store/postgresql-batch.h"

G_BEGIN_DECLS

/**
 * GuicheShared:
 *
 * What a writer knows of a company that other nodes write too (thread writer): where it stood when
 * this node last looked, and which of its own batches may or may not have been committed.
 */
typedef struct {
  GuicheTenant *tenant; /* (not owned) */
  GuicheTx *tx;         /* (not owned) */
  GuicheDb *db;         /* (owned) (nullable): leased for as long as there is work */
  char *key;            /* (owned): of this node's batch ids in `settings` */
  const char *boot;     /* (not owned) */
  guint64 n_batches;
  char *own;    /* (owned) (nullable): the last id this node wrote */
  char *others; /* (owned) (nullable): the other nodes' */
  guint64 n_round_trips;
  gboolean has_position; /* @tx's last_seq is what the listeners have got */
  const gboolean *is_closing;
} GuicheShared;

void guiche_shared_init (GuicheShared *self, GuicheTenant *tenant, GuicheTx *tx);
void guiche_shared_clear (GuicheShared *self);
/* The connection goes back to the pool; always between two batches. */
void guiche_shared_rest (GuicheShared *self);
/* The same, if somebody waits for one. */
void guiche_shared_yield (GuicheShared *self);

/* Runs @batch to its end: again on a new connection when one was lost before its COMMIT, and never
 * again before it is known that a COMMIT without an answer was not done. Requests wait for the
 * database for a bounded time. */
void guiche_shared_run (GuicheShared *self, GuicheBatch *batch);
/* Hands over what other nodes committed, without the company's lock: @events if they continue where
 * the node stands, else what the table holds. */
gboolean guiche_shared_catch_up (GuicheShared *self, GPtrArray *events, GError **error);

G_END_DECLS
