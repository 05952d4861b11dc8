/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheWorker:
 *
 * One thread that runs what it is given, in order. It owns one writing connection, so that
 * no lock is needed. Made, fed and freed on its owner's thread.
 */
typedef struct _GuicheWorker GuicheWorker;

typedef void (*GuicheWorkerFunc) (gpointer data);

GuicheWorker *guiche_worker_new (const char *name);
/* Runs what is queued, then ends the thread. What was not yet reported is freed unreported. */
void guiche_worker_free (GuicheWorker *self);
/* @run: (thread worker). @done: (nullable): on the owner's thread, afterwards, in order.
 * @destroy: (nullable): frees @data on the owner's thread, after @done. */
void guiche_worker_push (GuicheWorker *self,
                         GuicheWorkerFunc run,
                         GuicheWorkerFunc done,
                         gpointer data,
                         GDestroyNotify destroy);
/* Waits until everything queued before and @run have run. */
void guiche_worker_run_sync (GuicheWorker *self, GuicheWorkerFunc run, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheWorker, guiche_worker_free)

G_END_DECLS
