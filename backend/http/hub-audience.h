/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/stream.h"

G_BEGIN_DECLS

/**
 * GuicheHubGroup:
 *
 * The streams of one tenant whose viewers see the same: matched once for all of them.
 */
struct _GuicheHubGroup {
  GuicheViewer *viewer; /* (owned) */
  GQueue streams;       /* by group_link */
  guint64 mask;         /* scratch: events of the chunk being published */
  guint stamp;          /* scratch: seen while resolving */
};

/**
 * GuicheHubAudience:
 *
 * An audience string resolved to the groups that match it; cached until a group comes or goes.
 */
typedef struct {
  char *text;        /* (owned) */
  GPtrArray *groups; /* (element-type GuicheHubGroup), not owned */
} GuicheHubAudience;

/**
 * GuicheHubIndex:
 *
 * Groups of one tenant, indexed by the terms of audiences: resolving costs what matches,
 * not what is connected. Agrees with guiche_audience_matches() (a test).
 */
typedef struct _GuicheHubIndex GuicheHubIndex;

GuicheHubIndex *guiche_hub_index_new (void);
void guiche_hub_index_free (GuicheHubIndex *self);
void guiche_hub_index_add (GuicheHubIndex *self, GuicheStream *stream, GuicheViewer *viewer);
void guiche_hub_index_remove (GuicheHubIndex *self, GuicheStream *stream);
/* (transfer none): until the next add, remove or trim. */
GuicheHubAudience *guiche_hub_index_resolve (GuicheHubIndex *self, const char *audience);
/* Forgets resolved audiences when there are many: their number is bounded. */
void guiche_hub_index_trim (GuicheHubIndex *self);
/* Groups that have @term, such as `u:<id>` or `v:<id>`; NULL when there are none.
 * (transfer none) (element-type GuicheHubGroup) */
GPtrArray *guiche_hub_index_find_term (GuicheHubIndex *self, const char *term);
guint guiche_hub_index_n_groups (GuicheHubIndex *self);

G_END_DECLS
