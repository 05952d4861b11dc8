/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheWorkers:
 *
 * A few threads for what may block (Argon2, files), with a bounded queue. @run is called on a
 * worker, then @done on the main context of guiche_workers_new().
 */
typedef struct _GuicheWorkers GuicheWorkers;

GuicheWorkers *guiche_workers_new (guint n_threads, guint max_queued);
/* Waits for what runs; what is queued still runs. */
void guiche_workers_free (GuicheWorkers *self);
/* FALSE: the queue is full, nothing happens. */
gboolean guiche_workers_push (GuicheWorkers *self,
                              GFunc run,
                              GFunc done,
                              gpointer data,
                              gpointer user_data);
guint guiche_workers_queued (GuicheWorkers *self);

G_END_DECLS
