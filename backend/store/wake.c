/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/store-private.h"
#include "store/wake-message.h"
#include "store/wake-private.h"

#define HEAD_START_US (1 * (gint64) G_USEC_PER_SEC)

struct _GuicheWakes {
  GuicheStore *store;  /* (not owned) */
  GSource *source;     /* (owned): of the main loop */
  GuicheWakeFunc func; /* (nullable) (thread main) */
  gpointer user_data;
  GMutex lock;
  GPtrArray *outgoing;    /* (owned) (lock) (element-type GBytes): in order */
  gboolean has_func;      /* (lock) */
  gboolean do_arrive;     /* (lock) */
  gboolean others_arrive; /* (lock) */
  GuicheWakeStats stats;  /* (lock) */
};

typedef struct {
  GSource source;
  GuicheWakes *wakes;
} WakeSource;

/* Gives what has gathered to who carries it. */
static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  GuicheWakes *self = ((WakeSource *) source)->wakes;
  g_autoptr (GPtrArray) messages = NULL;

  g_source_set_ready_time (source, -1);
  g_mutex_lock (&self->lock);
  messages = g_steal_pointer (&self->outgoing);
  self->outgoing = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < messages->len && self->func != NULL; i++) {
    gsize length;
    const guint8 *message = g_bytes_get_data (messages->pdata[i], &length);

    self->func (message, length, self->user_data);
  }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .dispatch = dispatch };

/* (any thread) */
static void
tell (GuicheWakes *self, const char *tenant, const GuicheCommit *commit)
{
  gboolean is_wanted;
  GBytes *message;

  g_mutex_lock (&self->lock);
  is_wanted = self->has_func;
  g_mutex_unlock (&self->lock);
  if (!is_wanted)
    return;

  message = guiche_wake_message_encode (tenant, commit);
  g_mutex_lock (&self->lock);
  self->stats.told++;
  g_ptr_array_add (self->outgoing, message);
  if (self->outgoing->len == 1)
    g_source_set_ready_time (self->source, 0);
  g_mutex_unlock (&self->lock);
}

void
guiche_wakes_tell_made (GuicheWakes *self, const char *tenant)
{
  const GuicheCommit nothing = { .job_due_us = GUICHE_NO_JOB };

  tell (self, tenant, &nothing);
}

/* (thread writer) */
static void
on_commit (GuicheTenant *tenant, const GuicheCommit *commit, gpointer user_data)
{
  GuicheWakes *self = user_data;

  g_mutex_lock (&tenant->lock);
  tenant->told_seq = MAX (tenant->told_seq, commit->last_seq);
  g_mutex_unlock (&tenant->lock);
  if (commit->events != NULL || commit->job_due_us != GUICHE_NO_JOB)
    tell (self, tenant->key, commit);
}

GuicheWakes *
guiche_wakes_new (GuicheStore *store, GMainContext *context)
{
  GuicheWakes *self = g_new0 (GuicheWakes, 1);

  self->store = store;
  self->outgoing = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_mutex_init (&self->lock);
  self->source = g_source_new (&source_funcs, sizeof (WakeSource));
  ((WakeSource *) self->source)->wakes = self;
  g_source_set_static_name (self->source, "guiche-wakes");
  g_source_attach (self->source, context);
  guiche_store_set_commit_func (store, on_commit, self);
  return self;
}

void
guiche_wakes_free (GuicheWakes *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_unref (self->outgoing);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guiche_store_set_wake_func (GuicheStore *store, GuicheWakeFunc func, gpointer user_data)
{
  GuicheWakes *self = guiche_store_wakes (store);

  self->func = func;
  self->user_data = user_data;
  g_mutex_lock (&self->lock);
  self->has_func = func != NULL;
  g_mutex_unlock (&self->lock);
}

void
guiche_store_set_wakes_arrive (GuicheStore *store, gboolean do_arrive)
{
  GuicheWakes *self = guiche_store_wakes (store);
  GuicheWatch *watch = guiche_store_watch (store);

  g_mutex_lock (&self->lock);
  self->do_arrive = do_arrive;
  g_mutex_unlock (&self->lock);
  /* Something may have been said while nobody was heard. */
  if (watch != NULL)
    guiche_watch_hurry (watch);
}

gboolean
guiche_wakes_do_arrive (GuicheWakes *self)
{
  gboolean do_arrive;

  g_mutex_lock (&self->lock);
  do_arrive = self->do_arrive;
  g_mutex_unlock (&self->lock);
  return do_arrive;
}

void
guiche_wakes_set_others_arrive (GuicheWakes *self, gboolean do_arrive)
{
  g_mutex_lock (&self->lock);
  self->others_arrive = do_arrive;
  g_mutex_unlock (&self->lock);
}

gboolean
guiche_wakes_are_complete (GuicheWakes *self)
{
  gboolean are_complete;

  g_mutex_lock (&self->lock);
  are_complete = self->do_arrive && self->others_arrive;
  g_mutex_unlock (&self->lock);
  return are_complete;
}

/* (thread main): what could not be read is found again when the database is asked next. */
static void
on_caught_up (gpointer data, GError *error)
{
  GuicheTenant *tenant = data;

  if (error == NULL)
    return;
  g_mutex_lock (&tenant->lock);
  tenant->told_seq = 0;
  g_mutex_unlock (&tenant->lock);
}

/* TRUE when somebody here wants it and nobody has seen to it yet. */
static gboolean
is_news (GuicheTenant *tenant, gint64 seq)
{
  gboolean is_news;

  g_mutex_lock (&tenant->lock);
  is_news = tenant->n_followers > 0 && seq > tenant->told_seq;
  if (is_news)
    tenant->told_seq = seq;
  g_mutex_unlock (&tenant->lock);
  return is_news;
}

void
guiche_wakes_found (GuicheWakes *self, GuicheTenant *tenant, gint64 seq)
{
  if (!is_news (tenant, seq))
    return;

  g_mutex_lock (&self->lock);
  self->stats.found++;
  g_mutex_unlock (&self->lock);
  guiche_tenant_catch_up (tenant, NULL, on_caught_up, tenant);
}

void
guiche_wakes_count_asked (GuicheWakes *self, gint64 took_us)
{
  g_mutex_lock (&self->lock);
  self->stats.asked++;
  self->stats.asked_us += (guint64) took_us;
  g_mutex_unlock (&self->lock);
}

void
guiche_store_hear (GuicheStore *store, const guint8 *data, gsize length)
{
  GuicheWakes *self = guiche_store_wakes (store);
  GuicheWatch *watch = guiche_store_watch (store);
  g_auto (GuicheWakeMessage) message = { 0 };
  GuicheTenant *tenant;

  if (!guiche_wake_message_decode (&message, data, length))
    return;

  g_mutex_lock (&self->lock);
  self->stats.heard++;
  g_mutex_unlock (&self->lock);
  tenant = guiche_store_get_tenant (store, message.tenant);
  if (tenant == NULL) {
    if (watch != NULL)
      guiche_watch_hurry (watch);
    return;
  }

  /* Who added the job goes first; nobody else claims it at the same moment in vain. */
  if (message.job_due_us != GUICHE_NO_JOB)
    guiche_store_note_job (store, tenant, message.job_due_us + HEAD_START_US);
  if (is_news (tenant, message.last_seq))
    guiche_tenant_catch_up (tenant, g_steal_pointer (&message.events), on_caught_up, tenant);
}

void
guiche_tenant_follow (GuicheTenant *self, GuicheWorkDone done, gpointer data)
{
  g_mutex_lock (&self->lock);
  self->n_followers++;
  g_mutex_unlock (&self->lock);
  guiche_tenant_catch_up (self, NULL, done, data);
}

void
guiche_tenant_unfollow (GuicheTenant *self)
{
  g_mutex_lock (&self->lock);
  self->n_followers--;
  g_mutex_unlock (&self->lock);
}

void
guiche_store_get_wake_stats (GuicheStore *store, GuicheWakeStats *out_stats)
{
  GuicheWakes *self = guiche_store_wakes (store);

  g_mutex_lock (&self->lock);
  *out_stats = self->stats;
  g_mutex_unlock (&self->lock);
}
