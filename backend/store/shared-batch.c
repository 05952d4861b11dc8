/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/shared-batch.h"

#include "store/event-private.h"
#include "store/failpoint.h"
#include "store/postgresql-pool.h"

#include <string.h>

/* How long a request waits for a database that is away. */
#define PATIENCE_US (15 * (gint64) G_USEC_PER_SEC)
#define FIRST_PAUSE_US (10 * 1000)
#define LONGEST_PAUSE_US G_USEC_PER_SEC
/* More foreign events than this are read before the lock is taken. */
#define FAR_BEHIND 500

typedef enum {
  ATTEMPT_DONE,  /* committed, or failed for good: the batch's error tells */
  ATTEMPT_AGAIN, /* nothing of it was committed, or that is not known yet */
} Attempt;

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

void
guiche_shared_init (GuicheShared *self, GuicheTenant *tenant, GuicheTx *tx)
{
  GuicheStore *store = tenant->store;

  self->tenant = tenant;
  self->tx = tx;
  self->key = g_strconcat ("batch.", guiche_store_node (store), NULL);
  self->boot = guiche_store_boot (store);
}

void
guiche_shared_rest (GuicheShared *self)
{
  if (self->db == NULL)
    return;

  g_clear_pointer (&self->db, guiche_db_close);
  self->tx->db = NULL;
}

void
guiche_shared_yield (GuicheShared *self)
{
  GuichePostgresqlPool *pool = self->tenant->location->pool;

  if (pool == NULL || guiche_postgresql_pool_is_short (pool))
    guiche_shared_rest (self);
}

void
guiche_shared_clear (GuicheShared *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->own, g_free);
  g_clear_pointer (&self->others, g_free);
}

static gboolean
lease (GuicheShared *self, GError **error)
{
  if (self->db != NULL && guiche_db_trouble (self->db) >= GUICHE_DB_LOST)
    guiche_shared_rest (self);
  if (self->db == NULL && guiche_tenant_make_ready (self->tenant, error))
    self->db = guiche_db_open (self->tenant->location, GUICHE_DB_WRITER, error);
  self->tx->db = self->db;
  self->tx->thread = g_thread_self ();
  return self->db != NULL;
}

/* Caches hold what this node has read; another may have changed it since. */
static void
note_others (GuicheShared *self, GuicheHead *head)
{
  gboolean is_ours = g_strcmp0 (head->own, self->own) == 0;

  if (is_ours && g_strcmp0 (head->others, self->others) == 0)
    return;

  guiche_tx_clear_caches (self->tx);
  set_text (&self->own, head->own);
  set_text (&self->others, head->others);
}

static void
set_position (GuicheShared *self, gint64 last_seq)
{
  if (self->has_position && last_seq < self->tx->last_seq)
    g_critical ("%s: the database has gone back from event %" G_GINT64_FORMAT
                " to %" G_GINT64_FORMAT,
                self->tenant->key, self->tx->last_seq, last_seq);
  self->tx->last_seq = last_seq;
  self->has_position = TRUE;
}

static gboolean
find_position (GuicheShared *self, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (self->db, "SELECT COALESCE(MAX(seq), 0) FROM events", error);

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;
  set_position (self, guiche_statement_int (statement, 0));
  guiche_statement_reset (statement);
  return TRUE;
}

static gboolean
read_foreign (GuicheShared *self, guint limit, gboolean *out_more, GError **error)
{
  guint before = self->tx->events->len;

  if (!guiche_events_read_after (self->db, self->tx->last_seq, limit, self->tx->events, error))
    return FALSE;

  *out_more = self->tx->events->len - before == limit;
  if (self->tx->events->len > before) {
    GuicheEvent *last = self->tx->events->pdata[self->tx->events->len - 1];

    self->tx->last_seq = last->seq;
  }
  return TRUE;
}

static void
post_events (GuicheShared *self)
{
  GPtrArray *events = guiche_tx_steal_events (self->tx);
  GuicheWorkList none = { 0 };

  if (events != NULL)
    guiche_mailbox_post (guiche_store_mailbox (self->tenant->store), self->tenant, events, &none);
}

/* Page by page, so that what is far behind does not keep it all in memory, nor a lock. */
static gboolean
read_to_end (GuicheShared *self, GError **error)
{
  gboolean has_more = TRUE;

  while (has_more) {
    if (!read_foreign (self, FAR_BEHIND, &has_more, error))
      return FALSE;
    post_events (self);
  }

  return TRUE;
}

static void
take_told (GuicheShared *self, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++) {
    GuicheEvent *event = events->pdata[i];

    if (event->seq != self->tx->last_seq + 1)
      continue;
    g_ptr_array_add (self->tx->events, guiche_event_ref (event));
    self->tx->last_seq = event->seq;
  }
  post_events (self);
}

gboolean
guiche_shared_catch_up (GuicheShared *self, GPtrArray *events, GError **error)
{
  if (self->has_position && events != NULL && events->len > 0) {
    take_told (self, events);
    if (((GuicheEvent *) events->pdata[events->len - 1])->seq <= self->tx->last_seq)
      return TRUE;
  }
  if (!lease (self, error))
    return FALSE;

  return self->has_position ? read_to_end (self, error) : find_position (self, error);
}

/* The transaction is open, the lock held, and this node knows all that was committed before. */
static gboolean
begin (GuicheShared *self, GuicheBatch *batch, gboolean *out_was_committed, GError **error)
{
  g_auto (GuicheHead) head = { 0 };
  gboolean has_more = FALSE;

  *out_was_committed = FALSE;
  if (!guiche_postgresql_begin_batch (self->db, self->key, &head, error))
    return FALSE;

  if (batch->id != NULL && g_strcmp0 (head.own, batch->id) == 0) {
    *out_was_committed = TRUE;
    return TRUE;
  }
  if (batch->is_begun)
    guiche_tx_undo (self->tx, &batch->start);
  batch->is_begun = FALSE;
  g_clear_pointer (&batch->id, g_free);

  note_others (self, &head);
  self->tx->audit = head.audit;
  if (!self->has_position || head.last_seq < self->tx->last_seq)
    set_position (self, head.last_seq);
  while (self->tx->last_seq < head.last_seq) {
    if (!read_foreign (self, FAR_BEHIND, &has_more, error))
      return FALSE;
    if (!has_more && self->tx->last_seq < head.last_seq)
      set_position (self, head.last_seq);
  }
  guiche_tx_start_ids (self->tx);
  return TRUE;
}

static gboolean
commit (GuicheShared *self, GuicheBatch *batch)
{
  if (guiche_db_total_changes (self->db) != batch->changes) {
    batch->id = g_strdup_printf ("%s:%" G_GUINT64_FORMAT, self->boot, ++self->n_batches);
    if (!guiche_postgresql_note_batch (self->db, self->key, batch->id, &batch->error))
      return FALSE;
  }
  if (!guiche_db_commit (self->db, &batch->error))
    return FALSE;

  if (batch->id != NULL)
    set_text (&self->own, batch->id);
  return TRUE;
}

/* Nothing of it is kept, as far as this node knows. */
static Attempt
give_up_attempt (GuicheShared *self, GuicheBatch *batch)
{
  gboolean is_late = guiche_db_trouble (self->db) == GUICHE_DB_LATE_ERROR;
  gboolean is_unknown = guiche_db_trouble (self->db) == GUICHE_DB_OUTCOME_UNKNOWN;

  guiche_db_roll_back (self->db);
  if (is_unknown)
    return ATTEMPT_AGAIN;

  g_clear_pointer (&batch->id, g_free);
  if (batch->is_begun)
    guiche_tx_undo (self->tx, &batch->start);
  batch->is_begun = FALSE;
  if (is_late && !self->tx->is_careful) {
    self->tx->is_careful = TRUE;
    return ATTEMPT_AGAIN;
  }
  return guiche_error_is_retriable (batch->error) ? ATTEMPT_AGAIN : ATTEMPT_DONE;
}

static Attempt
run_once (GuicheShared *self, GuicheBatch *batch)
{
  gboolean was_committed;

  if (!begin (self, batch, &was_committed, &batch->error)) {
    /* Whether the last COMMIT was done is asked again. */
    if (batch->id == NULL)
      return give_up_attempt (self, batch);
    guiche_db_roll_back (self->db);
    return ATTEMPT_AGAIN;
  }
  if (was_committed) {
    guiche_db_roll_back (self->db);
    set_text (&self->own, batch->id);
    return ATTEMPT_DONE;
  }

  guiche_failpoint ("batch-begun");
  guiche_batch_mark (batch);
  guiche_batch_repeat (batch);
  guiche_failpoint ("batch-run");
  if (batch->error == NULL && commit (self, batch))
    return ATTEMPT_DONE;

  return give_up_attempt (self, batch);
}

static Attempt
attempt (GuicheShared *self, GuicheBatch *batch)
{
  guint64 before;
  Attempt outcome;

  g_clear_error (&batch->error);
  if (!lease (self, &batch->error))
    return guiche_error_is_retriable (batch->error) ? ATTEMPT_AGAIN : ATTEMPT_DONE;

  batch->db = self->db;
  before = guiche_db_round_trips (self->db);
  outcome = run_once (self, batch);
  self->n_round_trips += guiche_db_round_trips (self->db) - before;
  return outcome;
}

/* Requests that have waited for too long are answered; TRUE while others are left. The outcome of a
 * COMMIT that nobody answered is that of all its requests. */
static gboolean
expire (GuicheBatch *batch)
{
  gint64 before_us = g_get_monotonic_time () - PATIENCE_US;
  GuicheWorkList all = { 0 };
  GuicheWorkList old = { 0 };
  GuicheWorkItem *item;

  guiche_work_list_append (&all, &batch->items);
  while ((item = guiche_work_list_pop (&all)) != NULL)
    guiche_work_list_push (item->arrived_us < before_us ? &old : &batch->items, item);
  if (batch->id != NULL && old.first != NULL)
    guiche_work_list_append (&old, &batch->items);
  guiche_batch_answer (batch, &old);
  return batch->items.first != NULL;
}

static void
pause_before (GuicheShared *self, guint n_attempts)
{
  gint64 longest_us = MIN (FIRST_PAUSE_US << MIN (n_attempts, 10), LONGEST_PAUSE_US);

  g_usleep ((gulong) g_random_int_range ((gint32) longest_us / 2, (gint32) longest_us + 1));
}

void
guiche_shared_run (GuicheShared *self, GuicheBatch *batch)
{
  guint n_attempts = 0;

  while (attempt (self, batch) == ATTEMPT_AGAIN) {
    if (n_attempts == 3)
      g_warning ("%s: the database is away: %s", self->tenant->key,
                 batch->error == NULL ? "?" : batch->error->message);
    if (!expire (batch) || g_atomic_int_get (self->is_closing))
      break;
    pause_before (self, n_attempts++);
  }

  /* Not known and not waited for any longer: what the table holds will tell the listeners. */
  if (batch->error != NULL && batch->is_begun) {
    guiche_tx_undo (self->tx, &batch->start);
    g_clear_pointer (&self->own, g_free);
  }
  if (batch->error != NULL)
    g_warning ("%s: nothing of a transaction was kept: %s", self->tenant->key,
               batch->error->message);
  guiche_failpoint ("batch-committed");
  g_clear_pointer (&batch->id, g_free);
  self->tx->is_careful = FALSE;
}
