/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/rounds.h"

#include "store/file-collect.h"
#include "store/node-store.h"
#include "store/store-state.h"

#define LEASE "rounds"

/* A start has other things to do. */
#define FIRST_AFTER_US (10 * 60 * (gint64) G_USEC_PER_SEC)
#define ROWS_EVERY_US (3600 * (gint64) G_USEC_PER_SEC)
#define FILES_EVERY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

#define FORGET_NODES_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

struct _GuicheRounds {
  GuicheStore *store; /* (not owned) */
  GThread *thread;    /* (owned) */
  GMutex lock;
  GCond changed;
  gboolean is_closing; /* (lock) */
};

/* (any thread) */
static gboolean
is_closing (GuicheRounds *self)
{
  gboolean is_closing;

  g_mutex_lock (&self->lock);
  is_closing = self->is_closing;
  g_mutex_unlock (&self->lock);
  return is_closing;
}

/* A server alone removes rows in its writers' idle moments. */
static void
tidy_rows (GuicheRounds *self, GuicheTenant *tenant)
{
  g_autoptr (GError) error = NULL;

  if (guiche_store_is_shared (self->store) && !guiche_tenant_tidy_rows (tenant, &error))
    g_warning ("%s: tidying: %s", guiche_tenant_key (tenant), error->message);
}

static void
collect_files (GuicheTenant *tenant)
{
  g_autoptr (GError) error = NULL;
  guint n_removed;

  if (!guiche_files_collect (tenant, &n_removed, &error))
    g_warning ("%s: collecting files: %s", guiche_tenant_key (tenant), error->message);
  else if (n_removed > 0)
    g_message ("%s: %u files removed that belonged to nothing", guiche_tenant_key (tenant),
               n_removed);
}

/* Nodes that were killed and never started again. */
static void
forget_nodes (GuicheRounds *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDb) db = NULL;
  gint64 now_us;

  if (!guiche_store_is_shared (self->store))
    return;
  db = guiche_db_open (self->store->control_location, GUICHE_DB_WRITER, &error);
  if (db == NULL || !guiche_db_get_time (db, self->store->clock, &now_us, &error) ||
      !guiche_node_store_forget (db, now_us - FORGET_NODES_US, &error))
    g_warning ("forgetting dead servers: %s", error->message);
}

static void
go_round (GuicheRounds *self, gboolean with_files)
{
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (self->store);

  for (guint i = 0; i < tenants->len && !is_closing (self); i++) {
    if (!guiche_store_holds_lease (self->store, LEASE, NULL))
      return;
    tidy_rows (self, tenants->pdata[i]);
    if (with_files)
      collect_files (tenants->pdata[i]);
  }
  if (guiche_store_holds_lease (self->store, LEASE, NULL))
    forget_nodes (self);
}

/* (lock): FALSE when the store closes. */
static gboolean
wait_until (GuicheRounds *self, gint64 until_us)
{
  while (!self->is_closing && g_cond_wait_until (&self->changed, &self->lock, until_us))
    ;
  return !self->is_closing;
}

static gpointer
rounds_thread (gpointer data)
{
  GuicheRounds *self = data;
  gint64 due_us = g_get_monotonic_time () + FIRST_AFTER_US;
  gint64 files_due_us = due_us;

  g_mutex_lock (&self->lock);
  while (wait_until (self, due_us)) {
    gboolean with_files = g_get_monotonic_time () >= files_due_us;

    g_mutex_unlock (&self->lock);
    go_round (self, with_files);
    g_mutex_lock (&self->lock);
    due_us = g_get_monotonic_time () + ROWS_EVERY_US;
    if (with_files)
      files_due_us = g_get_monotonic_time () + FILES_EVERY_US;
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

GuicheRounds *
guiche_rounds_new (GuicheStore *store)
{
  GuicheRounds *self = g_new0 (GuicheRounds, 1);

  self->store = store;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  guiche_store_want_lease (store, LEASE);
  self->thread = g_thread_new ("rounds", rounds_thread, self);
  return self;
}

void
guiche_rounds_free (GuicheRounds *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}
