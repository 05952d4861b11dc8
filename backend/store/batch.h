/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store-private.h"

G_BEGIN_DECLS

/* The requests of one transaction (thread writer). */
typedef struct {
  GuicheTenant *tenant; /* (not owned) */
  GuicheDb *db;         /* (not owned) (nullable): NULL when it could not be opened */
  GuicheTx *tx;         /* (not owned) */
  GuicheWorkList items; /* (owned) */
  GuicheTxMark start;
  gint64 changes;    /* of the connection at @start */
  gboolean is_begun; /* what was done since @start can be undone */
  char *id;          /* (owned) (nullable): in a shared database, once it may be committed */
  GError *error;     /* (owned) (nullable): the whole batch failed */
} GuicheBatch;

gboolean guiche_batch_begin (GuicheBatch *self);
/* From here on everything can be undone. */
void guiche_batch_mark (GuicheBatch *self);
/* Runs all its requests, as if for the first time. */
void guiche_batch_repeat (GuicheBatch *self);
/* Gives the batch's error, if there is one, to those of @items that have none, and answers them. */
void guiche_batch_answer (GuicheBatch *self, GuicheWorkList *items);
/* Runs each of @items in a savepoint of its own (or none, see guiche_tx_expect_success()), and
 * takes them. */
void guiche_batch_run (GuicheBatch *self, GuicheWorkList *items);
/* All that succeeded becomes durable, or nothing does and @error is set. */
void guiche_batch_commit (GuicheBatch *self);
/* Wakes the threads that wait and gives the rest to the main loop, at once. */
void guiche_batch_hand_over (GuicheBatch *self);

G_END_DECLS
