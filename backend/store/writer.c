/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/store-private.h"

/* A commit slower than this is followed by a pause of a tenth of its time, so that the next one
 * carries more. */
#define SLOW_COMMIT_US 400
/* The log is copied back into the database when nothing has come for this long … */
#define IDLE_US 5000
/* … and there is this much of it (4 KiB each). */
#define IDLE_FRAMES 64

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
  GuicheWorkList queue; /* (lock) */
  gboolean is_waiting;  /* (lock): the thread must be woken */
  gboolean is_closing;  /* (lock) */

  /* (thread writer) */
  GuicheDb *db; /* (owned) (nullable): NULL until it could be opened */
  GuicheTx *tx; /* (owned) */
  gint64 last_commit_us;
};

/* Requests of one transaction. */
typedef struct {
  GuicheWorkList items;
  GuicheTxMark start;
  GError *error; /* (owned) (nullable): the whole batch failed */
} Batch;

static gboolean
open_db (GuicheWriter *self, GError **error)
{
  if (self->db != NULL)
    return TRUE;

  self->db = guiche_db_open (self->tenant->database_path, GUICHE_DB_WRITER, error);
  if (self->db != NULL && guiche_tx_attach (self->tx, self->db, error))
    return TRUE;

  g_clear_pointer (&self->db, guiche_db_close);
  return FALSE;
}

/* After an I/O error what SQLite holds in memory may differ from what is on disk (a failed fsync
 * drops the pages it could not write): close, open again, check. */
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

  g_critical ("%s: %s", self->tenant->key, error->message);
  g_clear_pointer (&self->db, guiche_db_close);
}

/* In its own savepoint: what one request does or breaks is no other's. */
static gboolean
run_in_savepoint (GuicheWriter *self, GuicheWorkItem *item, const GuicheTxMark *mark)
{
  gint64 changes = guiche_db_total_changes (self->db);

  if (!guiche_db_run (self->db, "SAVEPOINT request", &item->error))
    return FALSE;

  if (item->run (self->tx, item->data, &item->error)) {
    guiche_db_reset_statements (self->db);
    return guiche_db_run (self->db, "RELEASE request", &item->error);
  }

  guiche_db_reset_statements (self->db);
  if (item->error == NULL)
    g_set_error (&item->error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "failed without an error");
  guiche_tx_undo (self->tx, mark);
  if (!guiche_db_in_transaction (self->db))
    return FALSE;
  if (guiche_db_total_changes (self->db) != changes &&
      !guiche_db_run (self->db, "ROLLBACK TO request", NULL))
    return FALSE;
  return guiche_db_run (self->db, "RELEASE request", NULL);
}

static void
fail_batch (GuicheWriter *self, Batch *batch, const GError *error)
{
  if (batch->error == NULL)
    batch->error = error != NULL ? g_error_copy (error)
                                 : g_error_new (GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                                                "the transaction was rolled back");
}

static void
run_items (GuicheWriter *self, Batch *batch, GuicheWorkList *items)
{
  for (GuicheWorkItem *item = items->first; item != NULL && batch->error == NULL;
       item = item->next) {
    GuicheTxMark mark;

    guiche_tx_begin_request (self->tx, &item->actor, &mark);
    if (!run_in_savepoint (self, item, &mark) && !guiche_db_in_transaction (self->db))
      fail_batch (self, batch, item->error);
  }
  guiche_work_list_append (&batch->items, items);
}

static void
take_queue (GuicheWriter *self, GuicheWorkList *out_items)
{
  g_mutex_lock (&self->lock);
  guiche_work_list_append (out_items, &self->queue);
  g_mutex_unlock (&self->lock);
}

/* On a slow disk a short wait fills the transaction: it costs a tenth and saves whole syncs. */
static void
run_latecomers (GuicheWriter *self, Batch *batch)
{
  GuicheWorkList late = { 0 };

  if (self->last_commit_us <= SLOW_COMMIT_US)
    return;

  g_usleep ((gulong) self->last_commit_us / 10);
  take_queue (self, &late);
  run_items (self, batch, &late);
}

static void
commit (GuicheWriter *self, Batch *batch)
{
  gint64 started_us;

  if (batch->error != NULL)
    return;

  started_us = g_get_monotonic_time ();
  guiche_db_run (self->db, "COMMIT", &batch->error);
  self->last_commit_us = g_get_monotonic_time () - started_us;
}

static void
roll_back (GuicheWriter *self, Batch *batch)
{
  guiche_db_reset_statements (self->db);
  if (guiche_db_in_transaction (self->db))
    guiche_db_run (self->db, "ROLLBACK", NULL);
  guiche_tx_undo (self->tx, &batch->start);
  g_warning ("%s: nothing of a transaction was kept: %s", self->tenant->key, batch->error->message);
}

/* Whoever waits on a thread is woken here; the rest goes to the main loop at once. */
static void
hand_over (GuicheWriter *self, Batch *batch)
{
  GuicheMailbox *mailbox = guiche_store_mailbox (self->tenant->store);
  GPtrArray *events = guiche_tx_steal_events (self->tx);
  GuicheWorkList waiting = { 0 };
  GuicheWorkList answered = { 0 };
  GuicheWorkItem *item;

  while ((item = guiche_work_list_pop (&batch->items)) != NULL) {
    if (batch->error != NULL && item->error == NULL)
      item->error = g_error_copy (batch->error);
    guiche_work_list_push (item->waiter != NULL ? &waiting : &answered, item);
  }

  if (events != NULL || answered.first != NULL)
    guiche_mailbox_post (mailbox, self->tenant, events, &answered);
  while ((item = guiche_work_list_pop (&waiting)) != NULL)
    guiche_waiter_finish (item->waiter, item);
}

static void
run_batch (GuicheWriter *self, GuicheWorkList *items)
{
  Batch batch = { 0 };

  if (open_db (self, &batch.error) && guiche_db_run (self->db, "BEGIN IMMEDIATE", &batch.error)) {
    guiche_tx_begin_request (self->tx, &items->first->actor, &batch.start);
    run_items (self, &batch, items);
    run_latecomers (self, &batch);
    commit (self, &batch);
    if (batch.error != NULL)
      roll_back (self, &batch);
  } else {
    guiche_work_list_append (&batch.items, items);
  }

  if (batch.error == NULL && self->tx->job_due_us != GUICHE_NO_JOB)
    guiche_store_note_job (self->tenant->store, self->tenant, self->tx->job_due_us);
  self->tx->job_due_us = GUICHE_NO_JOB;
  hand_over (self, &batch);
  g_clear_error (&batch.error);
  reopen_damaged (self);
}

static void
checkpoint (GuicheWriter *self, guint min_frames)
{
  g_autoptr (GError) error = NULL;

  if (self->db == NULL || guiche_db_log_frames (self->db) < min_frames)
    return;
  if (!guiche_db_checkpoint (self->db, &error))
    g_warning ("%s: %s", self->tenant->key, error->message);
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

/* FALSE when the queue is empty and nothing more will come. */
static gboolean
wait_for_work (GuicheWriter *self, GuicheWorkList *out_items)
{
  gboolean is_idle = FALSE;

  g_mutex_lock (&self->lock);
  while (self->queue.first == NULL && !self->is_closing) {
    gboolean has_log = self->db != NULL && guiche_db_log_frames (self->db) >= IDLE_FRAMES;

    if (is_idle && has_log) {
      g_mutex_unlock (&self->lock);
      checkpoint (self, IDLE_FRAMES);
      g_mutex_lock (&self->lock);
      is_idle = FALSE;
      continue;
    }
    self->is_waiting = TRUE;
    if (has_log)
      is_idle = !g_cond_wait_until (&self->arrived, &self->lock, g_get_monotonic_time () + IDLE_US);
    else
      g_cond_wait (&self->arrived, &self->lock);
    self->is_waiting = FALSE;
  }
  guiche_work_list_append (out_items, &self->queue);
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
  }

  checkpoint (self, 1);
  guiche_tx_clear_caches (self->tx);
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
  self->thread = g_thread_new ("writer", writer_thread, self);
  return self;
}

void
guiche_writer_free (GuicheWriter *self)
{
  g_mutex_lock (&self->lock);
  self->is_closing = TRUE;
  g_cond_signal (&self->arrived);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);

  guiche_tx_free (self->tx);
  g_cond_clear (&self->arrived);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guiche_writer_push (GuicheWriter *self, GuicheWorkItem *item)
{
  g_mutex_lock (&self->lock);
  guiche_work_list_push (&self->queue, item);
  if (self->is_waiting)
    g_cond_signal (&self->arrived);
  g_mutex_unlock (&self->lock);
}
