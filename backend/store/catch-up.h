/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/**
 * guiche_tenant_catch_up:
 * @events: (nullable) (transfer full) (element-type GuicheEvent): what a wake-up carried, in
 *   order; %NULL to read the table
 * @done: (nullable): (thread main) everything committed before this call, by whichever node, was
 *   given to the listeners; with an error when the database could not be asked
 *
 * Hands the events that other nodes committed to this node's listeners (any thread). A node sees a
 * company's events in order, each once, whether they come from here or with its own next batch:
 * @events are believed only when they continue exactly where the node stands, those it has are
 * skipped, and anything else is read from the table. Takes no lock that another node waits for.
 *
 * The first call (or the first batch) finds out where the company stands and hands over nothing
 * older: call it, and wait for @done, before what a new listener must be complete from is read.
 *
 * SQLite has no other nodes: @done comes in its turn.
 */
void guiche_tenant_catch_up (GuicheTenant *self,
                             GPtrArray *events,
                             GuicheWorkDone done,
                             gpointer data);

/**
 * GuicheCommit:
 *
 * What one batch of this node made durable, for telling the other nodes.
 */
typedef struct {
  GPtrArray *events; /* (nullable) (element-type GuicheEvent): this batch's own, none of others' */
  gint64 last_seq;   /* of the company */
  gint64 job_due_us; /* the earliest job that it added, or G_MAXINT64 */
} GuicheCommit;

/* (thread writer): right after the commit, before the node's own listeners. */
typedef void (*GuicheCommitFunc) (GuicheTenant *tenant,
                                  const GuicheCommit *commit,
                                  gpointer user_data);
/* To be set before anything is written; called only for a database that other nodes use. */
void guiche_store_set_commit_func (GuicheStore *self, GuicheCommitFunc func, gpointer user_data);
/* TRUE with PostgreSQL: other nodes may write the same companies. */
gboolean guiche_store_is_shared (GuicheStore *self);
/* For who is no server among the others (guiche_store_join() does it too): what they commit is
 * looked for. Nothing to do alone. (thread main) */
void guiche_store_watch_others (GuicheStore *self);
/* This node's name ([node] name, or the host's). */
const char *guiche_store_node (GuicheStore *self);

G_END_DECLS
