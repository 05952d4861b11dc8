/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/workers.h"

struct _GuicheWorkers {
  GThreadPool *pool;
  GMainContext *context;
  guint max_queued;
};

typedef struct {
  GFunc run;
  GFunc done;
  gpointer data;
  gpointer user_data;
} Task;

static gboolean
finish (gpointer data)
{
  Task *task = data;

  task->done (task->data, task->user_data);
  return G_SOURCE_REMOVE;
}

/* (thread worker) */
static void
work (gpointer data, gpointer user_data)
{
  GuicheWorkers *self = user_data;
  Task *task = data;

  task->run (task->data, task->user_data);
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, finish, task, g_free);
  g_source_attach (source, self->context);
}

GuicheWorkers *
guiche_workers_new (guint n_threads, guint max_queued)
{
  GuicheWorkers *self = g_new0 (GuicheWorkers, 1);

  self->context = g_main_context_ref_thread_default ();
  self->max_queued = max_queued;
  self->pool = g_thread_pool_new (work, self, n_threads, FALSE, NULL);
  return self;
}

void
guiche_workers_free (GuicheWorkers *self)
{
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_main_context_unref (self->context);
  g_free (self);
}

gboolean
guiche_workers_push (GuicheWorkers *self, GFunc run, GFunc done, gpointer data, gpointer user_data)
{
  if (g_thread_pool_unprocessed (self->pool) >= self->max_queued)
    return FALSE;

  Task *task = g_new (Task, 1);
  *task = (Task){ run, done, data, user_data };
  return g_thread_pool_push (self->pool, task, NULL);
}

guint
guiche_workers_queued (GuicheWorkers *self)
{
  return g_thread_pool_unprocessed (self->pool);
}
