/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/jobs.h"
#include "store/node.h"
#include "store/wake.h"

#define NODES_DEADLINE_US (60 * (gint64) G_USEC_PER_SEC)

/**
 * Nodes:
 *
 * One PostgreSQL database and one directory for what several servers share; each has its own data
 * directory. They are stores of one process, on one main loop.
 */
typedef struct {
  char *directory;
  char *url;
} Nodes;

typedef struct {
  Nodes *nodes;
  char *name;
  GuicheSettings *settings;
  GuicheStore *store;
  GuicheTenant *tenant; /* (nullable): `demo`, once it is known */
  GArray *seqs; /* (element-type gint64): of all events of `demo`, as they were handed over */
} Node;

Nodes *nodes_new (void);
void nodes_free (Nodes *self);
/* @setting (nullable): more of them, `GUICHE_JOBS_LEASE_S=1 …`, instead of the shared. Not joined.
 */
Node *node_open (Nodes *self, const char *name, const char *setting, GError **error);
/* Joined, with the company `demo`, which the first makes. */
Node *node_start (Nodes *self, const char *name, const char *setting);
void node_free (Node *self);
/* Appends an event to `demo`. */
void node_emit (Node *self);
/* The main loop runs until @is_so; fails the test after NODES_DEADLINE_US. */
void nodes_wait (gboolean (*is_so) (gpointer data), gpointer data);
/* @sql against the control schema or a company's, as anybody might. */
void nodes_run (Nodes *self, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Nodes, nodes_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Node, node_free)
