/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/request-private.h"

G_BEGIN_DECLS

/**
 * GuicheRouter:
 *
 * The tables of all rooms as one tree of path segments. A path of a row has `{name}`
 * segments for one segment each, and may end with `{name*}` for all that follow.
 */
typedef struct _GuicheRouter GuicheRouter;

#define GUICHE_LATENCY_BUCKETS 10
#define GUICHE_STATUS_SLOTS 8

/* One row with what was measured about it. */
typedef struct {
  const GuicheRoute *route; /* borrowed */
  gpointer context;
  const char *names[GUICHE_REQUEST_MAX_SEGMENTS]; /* of its parameters, in order; interned */
  guint n_names;
  gboolean allows_origins; /* pages of other origins may call it */
  gboolean is_documented;

  struct {
    guint16 status;
    guint64 count;
  } statuses[GUICHE_STATUS_SLOTS];

  guint64 latency[GUICHE_LATENCY_BUCKETS + 1];
  gint64 latency_sum_us;
} GuicheRouterRow;

extern const gint64 guiche_latency_bounds_us[GUICHE_LATENCY_BUCKETS];

GuicheRouter *guiche_router_new (void);
void guiche_router_free (GuicheRouter *self);

/* Two rows of one method and path are a caller's bug (asserted). */
GuicheRouterRow *guiche_router_add (GuicheRouter *self, const GuicheRoute *route, gpointer context);

/* The row for the decoded @request, whose path parameters are filled in. NULL: nothing at this
 * path when *@out_allow is NULL, otherwise another method is asked for: *@out_allow is the value of
 * `Allow`. */
GuicheRouterRow *guiche_router_find (GuicheRouter *self,
                                     const char *method,
                                     GuicheRequest *request,
                                     char **out_allow);

/* (element-type GuicheRouterRow): in the order they were added. */
GPtrArray *guiche_router_rows (GuicheRouter *self);
void guiche_router_count (GuicheRouterRow *row, guint status, gint64 elapsed_us);

G_END_DECLS
