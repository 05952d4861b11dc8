/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/audit-anchor.h"
#include "store/batch.h"
#include "store/shared-batch.h"
#include "store/tidy.h"

#include <malloc.h>
#include <string.h>

/* A commit slower than this is followed by a pause of a tenth of its time, so that the next one
 * carries more. */
#define SLOW_COMMIT_US 400
/* What can wait is done when nothing has come for this long: */
#define IDLE_US 5000
/* the log is copied back when there is this much of it (4 KiB each), */
#define IDLE_FRAMES 64
/* and what is too old is removed and the log's space given back, once in so long. */
#define TIDY_EVERY_US (3600 * (gint64) G_USEC_PER_SEC)
/* A company that is quiet for this long gives the pages it has in memory back. */
#define REST_AFTER_US (5 * (gint64) G_USEC_PER_SEC)

/**
 * GuicheWriter:
 *
 * The one thread, and the one connection, that writes a tenant's database.
 */
struct _GuicheWriter {
  GuicheTenant *tenant; /* (not owned) */
  GThread *thread;      /* (owned) */
  GMutex lock;
  GCond arrived;
  GuicheWorkList queue;    /* (lock) */
  gboolean is_waiting;     /* (lock): the thread must be woken */
  gboolean is_closing;     /* (lock) */
  GuicheTenantStats stats; /* (lock) */

  /* (thread writer) */
  GuicheDb *db; /* (owned) (nullable): NULL until it could be opened */
  GError
      *broken;  /* (owned) (nullable): the database failed its check; nothing is written any more */
  GuicheTx *tx; /* (owned) */
  GuicheShared shared; /* of a database that other nodes write too; @db is NULL then */
  gint64 last_commit_us;
  GuicheAuditHead anchored;
  gint64 tidy_at_us; /* monotonic */
  gint64 rest_at_us; /* monotonic; G_MAXINT64: at rest */
};

static gboolean
open_db (GuicheWriter *self, GError **error)
{
  if (self->broken != NULL) {
    g_propagate_error (error, g_error_copy (self->broken));
    return FALSE;
  }
  if (self->db != NULL)
    return TRUE;

  if (!guiche_tenant_make_ready (self->tenant, error))
    return FALSE;

  self->db = guiche_db_open (self->tenant->location, GUICHE_DB_WRITER, error);
  if (self->db != NULL && guiche_tx_attach (self->tx, self->db, error))
    return TRUE;

  g_clear_pointer (&self->db, guiche_db_close);
  return FALSE;
}

/* After an I/O error what SQLite holds in memory may differ from what is on disk (a failed fsync
 * drops the pages it could not write): close, open again, check. A database that fails the check
 * is read, never written, until somebody has looked at it. */
static void
reopen_damaged (GuicheWriter *self)
{
  g_autoptr (GError) error = NULL;

  if (self->db == NULL || !guiche_db_is_damaged (self->db))
    return;

  g_warning ("%s: opening the database again after an I/O error", self->tenant->key);
  guiche_tx_clear_caches (self->tx);
  g_clear_pointer (&self->db, guiche_db_close);
  if (open_db (self, &error) && guiche_db_quick_check (self->db, &error))
    return;

  g_clear_pointer (&self->db, guiche_db_close);
  if (g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT)) {
    g_critical ("%s: nothing more is written: %s", self->tenant->key, error->message);
    self->broken = g_steal_pointer (&error);
    return;
  }
  g_warning ("%s: %s", self->tenant->key, error->message);
}

static void
take_queue (GuicheWriter *self, GuicheWorkList *out_items)
{
  g_mutex_lock (&self->lock);
  guiche_work_list_append (out_items, &self->queue);
  self->stats.queued = 0;
  g_mutex_unlock (&self->lock);
}

/* On a slow disk a short wait fills the transaction: it costs a tenth and saves whole syncs. */
static void
run_latecomers (GuicheWriter *self, GuicheBatch *batch)
{
  GuicheWorkList late = { 0 };

  if (self->last_commit_us <= SLOW_COMMIT_US)
    return;

  g_usleep ((gulong) self->last_commit_us / 10);
  take_queue (self, &late);
  guiche_batch_run (batch, &late);
}

static void
note_commit (GuicheWriter *self, gint64 started_us)
{
  self->last_commit_us = g_get_monotonic_time () - started_us;
  g_mutex_lock (&self->lock);
  self->stats.commits++;
  self->stats.commit_us += self->last_commit_us;
  self->stats.last_commit_us = self->last_commit_us;
  self->stats.round_trips = self->shared.n_round_trips;
  g_mutex_unlock (&self->lock);
}

static void
commit (GuicheWriter *self, GuicheBatch *batch)
{
  gint64 started_us = g_get_monotonic_time ();

  guiche_batch_commit (batch);
  note_commit (self, started_us);
}

static gboolean
is_shared (GuicheWriter *self)
{
  return guiche_db_location_is_shared (self->tenant->location);
}

/* What waits for other nodes' events is no request. */
static void
catch_up (GuicheWriter *self, GuicheWorkList *items)
{
  GuicheBatch batch = { .tenant = self->tenant, .tx = self->tx };
  GuicheWorkList all = { 0 };
  GuicheWorkList waiting = { 0 };
  GuicheWorkItem *item;

  guiche_work_list_append (&all, items);
  while ((item = guiche_work_list_pop (&all)) != NULL) {
    if (item->is_catch_up)
      guiche_shared_catch_up (&self->shared, item->told, &item->error);
    guiche_work_list_push (item->is_catch_up ? &waiting : items, item);
  }
  guiche_batch_answer (&batch, &waiting);
}

static void
run_shared (GuicheWriter *self, GuicheWorkList *items)
{
  GuicheBatch batch = { .tenant = self->tenant, .tx = self->tx };
  gint64 started_us = g_get_monotonic_time ();

  catch_up (self, items);
  if (items->first != NULL) {
    guiche_work_list_append (&batch.items, items);
    guiche_shared_run (&self->shared, &batch);
    note_commit (self, started_us);
    guiche_batch_hand_over (&batch);
  }
  guiche_shared_yield (&self->shared);
}

static void
run_batch (GuicheWriter *self, GuicheWorkList *items)
{
  GuicheBatch batch = { .tenant = self->tenant, .tx = self->tx };

  if (is_shared (self)) {
    run_shared (self, items);
    return;
  }
  if (open_db (self, &batch.error))
    batch.db = self->db;
  if (batch.db != NULL && guiche_batch_begin (&batch)) {
    guiche_batch_run (&batch, items);
    run_latecomers (self, &batch);
    commit (self, &batch);
  } else {
    guiche_work_list_append (&batch.items, items);
  }

  guiche_batch_hand_over (&batch);
  reopen_damaged (self);
}

static void
tend_log (GuicheWriter *self)
{
  g_autoptr (GError) error = NULL;

  if (self->db == NULL)
    return;
  if (!guiche_db_tend_log (self->db, &error))
    g_warning ("%s: %s", self->tenant->key, error->message);
  reopen_damaged (self);
}

static void
checkpoint (GuicheWriter *self)
{
  g_autoptr (GError) error = NULL;

  if (self->db == NULL || guiche_db_log_frames (self->db) == 0)
    return;
  if (!guiche_db_checkpoint (self->db, &error))
    g_warning ("%s: %s", self->tenant->key, error->message);
  reopen_damaged (self);
}

static void
anchor_audit (GuicheWriter *self)
{
  g_autoptr (GError) error = NULL;

  if (self->tx->audit.seq == self->anchored.seq)
    return;
  if (!guiche_audit_anchor_save (self->tenant->directory, &self->tx->audit, &error))
    g_warning ("%s: %s", self->tenant->key, error->message);
  self->anchored = self->tx->audit;
}

/* One bite a call, so that who comes waits for no more than that. */
static void
tidy (GuicheWriter *self)
{
  GuicheTidy request = { .retention_us = guiche_store_retention_us (self->tenant->store) };
  GuicheWorkList items = { 0 };

  guiche_work_list_push (&items, guiche_work_item_new (NULL, guiche_tidy_run, NULL, &request));
  run_batch (self, &items);
  if (request.has_more)
    return;
  self->tidy_at_us = g_get_monotonic_time () + TIDY_EVERY_US;
  if (self->db != NULL)
    guiche_db_truncate_log (self->db);
  reopen_damaged (self);
}

static void
rest (GuicheWriter *self)
{
  if (self->db != NULL)
    guiche_db_release_memory (self->db);
  malloc_trim (0);
  self->rest_at_us = G_MAXINT64;
}

static gboolean
has_idle_work (GuicheWriter *self)
{
  return self->shared.db != NULL || self->tx->audit.seq != self->anchored.seq ||
         (self->db != NULL && guiche_db_log_frames (self->db) >= IDLE_FRAMES);
}

static void
do_idle_work (GuicheWriter *self)
{
  anchor_audit (self);
  guiche_shared_rest (&self->shared);
  if (self->db != NULL && guiche_db_log_frames (self->db) >= IDLE_FRAMES)
    checkpoint (self);
  if (self->db != NULL && g_get_monotonic_time () >= self->tidy_at_us)
    tidy (self);
  if (g_get_monotonic_time () >= self->rest_at_us)
    rest (self);
}

/* (lock): TRUE when something came, FALSE when it was quiet for long enough. */
static gboolean
wait_for_arrival (GuicheWriter *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 tidy_at_us = self->db != NULL ? self->tidy_at_us : G_MAXINT64;
  gint64 until_us = has_idle_work (self)
                        ? now_us + IDLE_US
                        : MAX (MIN (tidy_at_us, self->rest_at_us), now_us + IDLE_US);
  gboolean has_come = TRUE;

  self->is_waiting = TRUE;
  if (until_us < G_MAXINT64)
    has_come = g_cond_wait_until (&self->arrived, &self->lock, until_us);
  else
    g_cond_wait (&self->arrived, &self->lock);
  self->is_waiting = FALSE;
  return has_come;
}

/* FALSE when the queue is empty and nothing more will come. */
static gboolean
wait_for_work (GuicheWriter *self, GuicheWorkList *out_items)
{
  g_mutex_lock (&self->lock);
  while (self->queue.first == NULL && !self->is_closing) {
    if (wait_for_arrival (self))
      continue;
    g_mutex_unlock (&self->lock);
    do_idle_work (self);
    g_mutex_lock (&self->lock);
  }
  guiche_work_list_append (out_items, &self->queue);
  self->stats.queued = 0;
  g_mutex_unlock (&self->lock);

  return out_items->first != NULL;
}

static gpointer
writer_thread (gpointer data)
{
  GuicheWriter *self = data;
  GuicheWorkList items = { 0 };

  while (wait_for_work (self, &items)) {
    run_batch (self, &items);
    tend_log (self);
    self->rest_at_us = g_get_monotonic_time () + REST_AFTER_US;
  }

  anchor_audit (self);
  checkpoint (self);
  guiche_tx_clear_caches (self->tx);
  guiche_shared_rest (&self->shared);
  g_clear_pointer (&self->db, guiche_db_close);
  return NULL;
}

GuicheWriter *
guiche_writer_new (GuicheTenant *tenant)
{
  GuicheWriter *self = g_new0 (GuicheWriter, 1);
  GuicheStore *store = tenant->store;

  self->tenant = tenant;
  g_mutex_init (&self->lock);
  g_cond_init (&self->arrived);
  self->tx = guiche_tx_new (tenant->key, guiche_store_audit_key (store), guiche_store_clock (store),
                            guiche_store_id_seed (store, tenant->key, 0), FALSE);
  self->tx->quota_bytes = guiche_store_quota_bytes (store);
  self->tidy_at_us = g_get_monotonic_time () + G_USEC_PER_SEC * 60;
  self->rest_at_us = G_MAXINT64;
  guiche_shared_init (&self->shared, tenant, self->tx);
  self->shared.is_closing = &self->is_closing;
  self->thread = g_thread_new ("writer", writer_thread, self);
  return self;
}

void
guiche_writer_free (GuicheWriter *self)
{
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->is_closing, TRUE);
  g_cond_signal (&self->arrived);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);

  guiche_shared_clear (&self->shared);
  guiche_tx_free (self->tx);
  g_clear_error (&self->broken);
  g_cond_clear (&self->arrived);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guiche_writer_push (GuicheWriter *self, GuicheWorkItem *item)
{
  g_mutex_lock (&self->lock);
  guiche_work_list_push (&self->queue, item);
  self->stats.queued++;
  self->stats.requests++;
  if (self->is_waiting)
    g_cond_signal (&self->arrived);
  g_mutex_unlock (&self->lock);
}

void
guiche_writer_get_stats (GuicheWriter *self, GuicheTenantStats *out_stats)
{
  g_mutex_lock (&self->lock);
  *out_stats = self->stats;
  g_mutex_unlock (&self->lock);
}
