/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/worker.h"

typedef struct {
  GuicheWorkerFunc run, done;
  gpointer data;
  GDestroyNotify destroy;
  gboolean is_last;
} Job;

struct _GuicheWorker {
  GThread *thread;
  GAsyncQueue *queue;    /* (owned) (element-type Job) */
  GAsyncQueue *finished; /* (owned) (element-type Job): to be reported */
  GMainContext *context; /* (owned): the owner's */
  GSource *report;       /* (owned): ready while something is to be reported */
  GMutex lock;           /* of synchronous calls */
  GCond ran;
};

static void
free_job (Job *job)
{
  if (job->destroy != NULL)
    job->destroy (job->data);
  g_free (job);
}

static gpointer
work (gpointer user_data)
{
  GuicheWorker *self = user_data;

  for (;;) {
    Job *job = g_async_queue_pop (self->queue);
    gboolean is_last = job->is_last;

    if (job->run != NULL)
      job->run (job->data);
    g_async_queue_push (self->finished, job);
    if (is_last)
      return NULL;
    g_source_set_ready_time (self->report, 0);
  }
}

static void
clear (gpointer data)
{
  GuicheWorker *self = data;
  Job *job;

  while ((job = g_async_queue_try_pop (self->finished)) != NULL)
    free_job (job);
  g_source_unref (self->report);
  g_async_queue_unref (self->queue);
  g_async_queue_unref (self->finished);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ran);
}

/* A reported job may end the worker: it holds itself meanwhile. */
static gboolean
on_report (gpointer user_data)
{
  GuicheWorker *self = g_rc_box_acquire (user_data);
  Job *job;

  g_source_set_ready_time (self->report, -1);
  while ((job = g_async_queue_try_pop (self->finished)) != NULL) {
    GuicheWorkerFunc done = job->done;
    if (done != NULL)
      done (job->data);
    free_job (job);
  }
  g_rc_box_release_full (self, clear);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

GuicheWorker *
guiche_worker_new (const char *name)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  GuicheWorker *self = g_rc_box_new0 (GuicheWorker);

  self->queue = g_async_queue_new ();
  self->finished = g_async_queue_new ();
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->ran);
  self->report = g_source_new (&funcs, sizeof (GSource));
  g_source_set_callback (self->report, on_report, self, NULL);
  g_source_set_ready_time (self->report, -1);
  g_source_attach (self->report, self->context);
  self->thread = g_thread_new (name, work, self);
  return self;
}

void
guiche_worker_free (GuicheWorker *self)
{
  Job *job = g_new0 (Job, 1);

  job->is_last = TRUE;
  g_async_queue_push (self->queue, job);
  g_thread_join (self->thread);
  g_source_destroy (self->report);
  g_rc_box_release_full (self, clear);
}

void
guiche_worker_push (GuicheWorker *self,
                    GuicheWorkerFunc run,
                    GuicheWorkerFunc done,
                    gpointer data,
                    GDestroyNotify destroy)
{
  Job *job = g_new0 (Job, 1);

  job->run = run;
  job->done = done;
  job->data = data;
  job->destroy = destroy;
  g_async_queue_push (self->queue, job);
}

typedef struct {
  GuicheWorker *worker;
  GuicheWorkerFunc run;
  gpointer data;
  gboolean has_run;
} Sync;

static void
run_sync (gpointer data)
{
  Sync *sync = data;
  GuicheWorker *self = sync->worker;

  sync->run (sync->data);
  g_mutex_lock (&self->lock);
  sync->has_run = TRUE;
  g_cond_broadcast (&self->ran);
  g_mutex_unlock (&self->lock);
}

void
guiche_worker_run_sync (GuicheWorker *self, GuicheWorkerFunc run, gpointer data)
{
  Sync sync = { .worker = self, .run = run, .data = data };

  guiche_worker_push (self, run_sync, NULL, &sync, NULL);
  g_mutex_lock (&self->lock);
  while (!sync.has_run)
    g_cond_wait (&self->ran, &self->lock);
  g_mutex_unlock (&self->lock);
}
