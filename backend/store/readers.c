/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/store-private.h"

/* A reader that has had nothing to do for this long ends and gives its memory back. */
#define IDLE_US (30 * G_USEC_PER_SEC)

/**
 * GuicheReaders:
 *
 * A tenant's read pool: threads with a read-only connection each, started as they are needed.
 */
struct _GuicheReaders {
  GuicheTenant *tenant; /* (not owned) */
  guint max_threads;
  GMutex lock;
  GCond arrived;
  GCond ended;
  GuicheWorkList queue; /* (lock) */
  guint n_threads;      /* (lock) */
  guint n_idle;         /* (lock) */
  gboolean is_closing;  /* (lock) */
};

/* How long a request waits for a database that is away. */
#define PATIENCE_US (15 * (gint64) G_USEC_PER_SEC)
#define FIRST_PAUSE_US (10 * (gint64) 1000)
#define LONGEST_PAUSE_US G_USEC_PER_SEC

typedef struct {
  GuicheReaders *readers;
  GuicheDb *db; /* (owned) (nullable) */
  GuicheTx *tx; /* (owned) */
} Reader;

static gboolean
may_repeat (Reader *self, const GuicheWorkItem *item)
{
  return guiche_error_is_retriable (item->error) &&
         g_get_monotonic_time () < item->arrived_us + PATIENCE_US &&
         !g_atomic_int_get (&self->readers->is_closing);
}

static gboolean
open_db (Reader *self, GError **error)
{
  GuicheTenant *tenant = self->readers->tenant;

  if (self->db != NULL && !guiche_db_is_damaged (self->db))
    return TRUE;

  g_clear_pointer (&self->db, guiche_db_close);
  if (!guiche_tenant_make_ready (tenant, error))
    return FALSE;
  self->db = guiche_db_open (tenant->location, GUICHE_DB_READER, error);
  return self->db != NULL && guiche_tx_attach (self->tx, self->db, error);
}

/* What it read of it, or believed not to be there, is worth nothing. */
static gboolean
fail_lost (Reader *self, GuicheWorkItem *item)
{
  g_clear_error (&item->error);
  item->error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "%s: the database went away",
                             self->readers->tenant->key);
  guiche_error_set_detail (item->error, "retriable", "1");
  guiche_error_set_detail_int (item->error, "retry_after_s", 1);
  return FALSE;
}

/* One snapshot a request; a statement left open would keep it, so they are ended here. */
static gboolean
run_once (Reader *self, GuicheWorkItem *item)
{
  gboolean is_done;

  if (!open_db (self, &item->error) || !guiche_db_begin_read (self->db, &item->error))
    return FALSE;

  guiche_tx_begin_request (self->tx, &item->actor, NULL);
  is_done = item->run (self->tx, item->data, &item->error);
  if (!is_done && item->error == NULL)
    g_set_error (&item->error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "failed without an error");
  if (guiche_db_trouble (self->db) >= GUICHE_DB_LOST)
    is_done = fail_lost (self, item);
  guiche_db_roll_back (self->db);
  guiche_tx_clear_caches (self->tx);
  return is_done;
}

/* A shared database that is away is waited for; its connections are for whoever has work. */
static void
run_item (Reader *self, GuicheWorkItem *item)
{
  gboolean is_shared = guiche_db_location_is_shared (self->readers->tenant->location);
  gint64 pause_us = FIRST_PAUSE_US;

  while (!run_once (self, item) && is_shared && may_repeat (self, item)) {
    g_clear_pointer (&self->db, guiche_db_close);
    g_clear_error (&item->error);
    g_usleep ((gulong) pause_us);
    pause_us = MIN (pause_us * 2, LONGEST_PAUSE_US);
  }
  if (is_shared)
    g_clear_pointer (&self->db, guiche_db_close);
}

static void
finish_item (Reader *self, GuicheWorkItem *item)
{
  GuicheTenant *tenant = self->readers->tenant;
  GuicheWorkList items = { 0 };

  if (item->waiter != NULL) {
    guiche_waiter_finish (item->waiter, item);
    return;
  }
  guiche_work_list_push (&items, item);
  guiche_mailbox_post (guiche_store_mailbox (tenant->store), tenant, NULL, &items);
}

/* (lock): NULL when this thread shall end. */
static GuicheWorkItem *
wait_for_item (GuicheReaders *self)
{
  gint64 until_us = g_get_monotonic_time () + IDLE_US;

  while (self->queue.first == NULL) {
    gboolean has_more = TRUE;

    if (self->is_closing)
      return NULL;
    self->n_idle++;
    has_more = g_cond_wait_until (&self->arrived, &self->lock, until_us);
    self->n_idle--;
    if (!has_more && self->queue.first == NULL)
      return NULL;
  }

  return guiche_work_list_pop (&self->queue);
}

static gpointer
reader_thread (gpointer data)
{
  GuicheReaders *readers = data;
  GuicheTenant *tenant = readers->tenant;
  GuicheStore *store = tenant->store;
  Reader self = { .readers = readers };
  GuicheWorkItem *item;

  self.tx = guiche_tx_new (tenant->key, guiche_store_audit_key (store), guiche_store_clock (store),
                           guiche_store_id_seed (store, tenant->key, 1), TRUE);
  self.tx->quota_bytes = guiche_store_quota_bytes (store);
  g_mutex_lock (&readers->lock);
  while ((item = wait_for_item (readers)) != NULL) {
    g_mutex_unlock (&readers->lock);
    run_item (&self, item);
    finish_item (&self, item);
    g_mutex_lock (&readers->lock);
  }
  g_mutex_unlock (&readers->lock);

  guiche_tx_free (self.tx);
  guiche_db_close (self.db);

  g_mutex_lock (&readers->lock);
  readers->n_threads--;
  g_cond_signal (&readers->ended);
  g_mutex_unlock (&readers->lock);
  return NULL;
}

GuicheReaders *
guiche_readers_new (GuicheTenant *tenant, guint max_threads)
{
  GuicheReaders *self = g_new0 (GuicheReaders, 1);

  self->tenant = tenant;
  self->max_threads = max_threads;
  g_mutex_init (&self->lock);
  g_cond_init (&self->arrived);
  g_cond_init (&self->ended);
  return self;
}

void
guiche_readers_free (GuicheReaders *self)
{
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->is_closing, TRUE);
  g_cond_broadcast (&self->arrived);
  while (self->n_threads > 0)
    g_cond_wait (&self->ended, &self->lock);
  g_mutex_unlock (&self->lock);

  g_cond_clear (&self->ended);
  g_cond_clear (&self->arrived);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guiche_readers_push (GuicheReaders *self, GuicheWorkItem *item)
{
  g_mutex_lock (&self->lock);
  guiche_work_list_push (&self->queue, item);
  if (self->n_idle > 0) {
    g_cond_signal (&self->arrived);
  } else if (self->n_threads < self->max_threads) {
    self->n_threads++;
    g_thread_unref (g_thread_new ("reader", reader_thread, self));
  }
  g_mutex_unlock (&self->lock);
}
