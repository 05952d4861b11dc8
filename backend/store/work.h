/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef struct _GuicheWorkItem GuicheWorkItem;
typedef struct _GuicheWaiter GuicheWaiter;

/* One request on its way: from any thread to a writer or reader, back to the main loop (@done) or
 * to the thread that waits (@waiter). */
struct _GuicheWorkItem {
  GuicheWorkItem *next;
  GuicheActor actor;
  GuicheWorkRun run;
  GuicheWorkDone done; /* (nullable) */
  gpointer data;
  gint64 arrived_us;    /* monotonic */
  GError *error;        /* (owned) (nullable): the outcome */
  GuicheWaiter *waiter; /* (nullable): on the stack of the thread that waits */
  gboolean is_catch_up; /* no request: hands over what other nodes did */
  GPtrArray *told;      /* (owned) (nullable): the events that were told of with it */
};

/* First in, first out. */
typedef struct {
  GuicheWorkItem *first;
  GuicheWorkItem *last;
} GuicheWorkList;

GuicheWorkItem *guiche_work_item_new (const GuicheActor *actor,
                                      GuicheWorkRun run,
                                      GuicheWorkDone done,
                                      gpointer data);
void guiche_work_item_free (GuicheWorkItem *self);
/* Runs @done (thread main), giving it the error, and frees the item. */
void guiche_work_item_finish (GuicheWorkItem *self);

void guiche_work_list_push (GuicheWorkList *self, GuicheWorkItem *item);
void guiche_work_list_append (GuicheWorkList *self, GuicheWorkList *other); /* empties other */
GuicheWorkItem *guiche_work_list_pop (GuicheWorkList *self);

struct _GuicheWaiter {
  GMutex lock;
  GCond finished;
  gboolean is_finished;
  GError *error; /* (owned) (nullable) */
};

void guiche_waiter_init (GuicheWaiter *self);
/* Hands over the item's outcome, wakes the waiting thread, frees the item. */
void guiche_waiter_finish (GuicheWaiter *self, GuicheWorkItem *item);
gboolean guiche_waiter_wait (GuicheWaiter *self, GError **error); /* and clears it */

G_END_DECLS
