/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* Several servers (nodes) of one installation: who lives, what exactly one of them does, and who is
 * where. With SQLite there is one server: joining does nothing and every lease is its own. */

#define GUICHE_NODE_DEAD_AFTER_US (5 * (gint64) G_USEC_PER_SEC)

/**
 * GuicheNodeRow:
 *
 * A node as the others know it.
 */
typedef struct {
  char *name;
  char *boot;    /* other at each start */
  char *version; /* of its program */
  char *address; /* where it answers; empty while it starts */
  gint64 started_us;
  gint64 silent_us;  /* since its last heartbeat */
  gboolean is_alive; /* silent for less than GUICHE_NODE_DEAD_AFTER_US */
  gboolean is_self;
} GuicheNodeRow;

void guiche_node_row_free (GuicheNodeRow *self);
/* (thread main): waits for the database. (element-type GuicheNodeRow): by name. */
GPtrArray *guiche_store_list_nodes (GuicheStore *self, GError **error);

/* (thread main): another server has taken this one's name while it was away for too long: end. */
typedef void (*GuicheNodeLostFunc) (gpointer user_data);

/**
 * guiche_store_join:
 * @version: of the program
 * @lost: (nullable):
 *
 * Enters the node among the living and keeps it there: a thread of its own with a connection of its
 * own says so every second, whatever else is busy. Waits while a node of the same name may merely
 * have died a moment ago, unless it was this one's own last start: the data directory is this
 * process's alone.
 *
 * Returns: %FALSE with %GUICHE_ERROR_CONFLICT when a node of this name lives,
 *   %GUICHE_ERROR_UNAVAILABLE when the database does not answer
 */
gboolean guiche_store_join (GuicheStore *self,
                            const char *version,
                            GuicheNodeLostFunc lost,
                            gpointer user_data,
                            GError **error);
/* (thread main): where this node answers, for guichectl nodes. */
void guiche_store_set_node_address (GuicheStore *self, const char *address);

/* --- what exactly one node does ------------------------------------------------------ */

/* Tries to hold @name (a literal) from now on, as soon as nobody else does, until the node ends.
 * (thread main), after joining. */
void guiche_store_want_lease (GuicheStore *self, const char *name);
/* (any thread): is it this node that does it now? True only while no other can believe the same.
 * @out_token (nullable): grows with each owner. */
gboolean guiche_store_holds_lease (GuicheStore *self, const char *name, gint64 *out_token);

/* Without having joined: waits until this process has it, for @lease_us from then. (thread main) */
gboolean guiche_store_take_lease (GuicheStore *self,
                                  const char *name,
                                  gint64 lease_us,
                                  GError **error);
void guiche_store_give_lease (GuicheStore *self, const char *name);

/* --- who is where -------------------------------------------------------------------- */

/**
 * guiche_store_set_presence:
 * @tenant: the company's key
 * @status: (nullable): as colleagues see them; %NULL: no longer at this node
 *
 * (any thread): written within a moment, or when the database answers again. Counts as long as the
 * node lives.
 */
void guiche_store_set_presence (GuicheStore *self,
                                const char *tenant,
                                const GuicheId *user_id,
                                const char *status);

typedef struct {
  char *tenant;
  GuicheId user_id;
  char *node;
  char *status;
  gint64 changed_us;
} GuichePresenceRow;

void guiche_presence_row_free (GuichePresenceRow *self);

/* @rows is NULL when the database did not answer. */
typedef void (*GuichePresenceFunc) (GPtrArray *rows, gpointer user_data);

/* Everybody who is at one of the other living nodes, of all companies. @func is called once, on the
 * main loop; not any more once the store is being closed. (element-type GuichePresenceRow) */
void guiche_store_read_presence (GuicheStore *self, GuichePresenceFunc func, gpointer user_data);

G_END_DECLS
