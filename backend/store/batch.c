/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/batch.h"

#include "store/catch-up.h"
#include "store/failpoint.h"

void
guiche_batch_mark (GuicheBatch *self)
{
  static const GuicheActor nobody = { 0 };

  guiche_tx_begin_request (self->tx, &nobody, &self->start);
  self->changes = guiche_db_total_changes (self->db);
  self->is_begun = TRUE;
}

gboolean
guiche_batch_begin (GuicheBatch *self)
{
  guiche_batch_mark (self);
  return guiche_db_begin (self->db, &self->error);
}

static void
fail (GuicheBatch *self, const GError *error)
{
  if (self->error != NULL)
    return;

  self->error = error != NULL ? g_error_copy (error)
                              : g_error_new (GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                                             "the transaction was rolled back");
}

/* What the request did is undone; its neighbours' work stays. A full disk or an I/O error may have
 * ended the whole transaction instead, and nothing is committed to a database that seems damaged.
 */
static gboolean
undo (GuicheBatch *self, const GuicheTxMark *mark, gint64 changes)
{
  guiche_tx_undo (self->tx, mark);
  if (!guiche_db_in_transaction (self->db) || guiche_db_is_damaged (self->db))
    return FALSE;
  if (self->tx->savepoint != GUICHE_SAVEPOINT_OPEN)
    return TRUE;

  if (guiche_db_total_changes (self->db) != changes &&
      !guiche_db_run (self->db, "ROLLBACK TO request", NULL))
    return FALSE;
  return guiche_db_run (self->db, "RELEASE request", NULL);
}

/* It had waived its savepoint and failed after a change, or failed in a way that ends more than a
 * statement: only the whole batch can be undone. */
static gboolean
must_repeat (GuicheBatch *self, gint64 changes)
{
  if (!guiche_db_in_transaction (self->db) || guiche_db_is_damaged (self->db) ||
      self->tx->savepoint == GUICHE_SAVEPOINT_OPEN)
    return FALSE;

  return guiche_db_trouble (self->db) == GUICHE_DB_FAILED ||
         (self->tx->savepoint == GUICHE_SAVEPOINT_WAIVED &&
          guiche_db_total_changes (self->db) != changes);
}

typedef enum {
  ITEM_DONE,  /* or undone alone */
  ITEM_BROKE, /* the batch cannot go on */
  ITEM_REPEAT
} ItemOutcome;

/* The trouble is the whole batch's, whoever met it. */
static ItemOutcome
judge_trouble (GuicheBatch *self, GuicheWorkItem *item, GuicheDbTrouble trouble)
{
  if (trouble == GUICHE_DB_LATE_ERROR && !self->tx->is_careful)
    return ITEM_REPEAT;

  if (item->error == NULL)
    g_set_error (&item->error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "%s: the transaction failed",
                 self->tenant->key);
  if (trouble >= GUICHE_DB_LOST)
    guiche_error_set_detail (item->error, "retriable", "1");
  return ITEM_BROKE;
}

/* What one request does or breaks is no other's. */
static ItemOutcome
run_item (GuicheBatch *self, GuicheWorkItem *item)
{
  GuicheTxMark mark;
  gint64 changes = guiche_db_total_changes (self->db);
  guint failures = guiche_db_failures (self->db);
  GuicheDbTrouble trouble;
  gboolean is_done;

  guiche_tx_begin_request (self->tx, &item->actor, &mark);
  is_done = guiche_tx_open_careful_savepoint (self->tx, &item->error) &&
            item->run (self->tx, item->data, &item->error);
  guiche_db_reset_statements (self->db);
  trouble = guiche_db_trouble (self->db);
  if (G_UNLIKELY (trouble >= GUICHE_DB_LATE_ERROR))
    return judge_trouble (self, item, trouble);
  if (G_UNLIKELY (!is_done && guiche_error_is_retriable (item->error)))
    return ITEM_BROKE;
  if (G_UNLIKELY (is_done &&
                  (trouble == GUICHE_DB_FAILED || guiche_db_failures (self->db) != failures))) {
    is_done = FALSE;
    g_set_error (&item->error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                 "went on after the database had refused a statement");
  }
  if (is_done && self->tx->savepoint == GUICHE_SAVEPOINT_OPEN)
    return guiche_db_run (self->db, "RELEASE request", &item->error) ? ITEM_DONE : ITEM_BROKE;
  if (is_done)
    return ITEM_DONE;

  if (item->error == NULL)
    g_set_error (&item->error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "failed without an error");
  if (must_repeat (self, changes))
    return ITEM_REPEAT;
  return undo (self, &mark, changes) ? ITEM_DONE : ITEM_BROKE;
}

static void
clear_errors (GuicheBatch *self)
{
  for (GuicheWorkItem *item = self->items.first; item != NULL; item = item->next)
    g_clear_error (&item->error);
}

/* Undoes everything and begins again; where others write too that is the caller's to do. */
static gboolean
restart (GuicheBatch *self)
{
  self->tx->is_careful = TRUE;
  if (guiche_db_location_is_shared (self->tenant->location)) {
    self->error = g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "to be run again");
    guiche_error_set_detail (self->error, "retriable", "1");
    return FALSE;
  }
  clear_errors (self);
  guiche_tx_undo (self->tx, &self->start);
  guiche_db_roll_back (self->db);
  return guiche_batch_begin (self);
}

static void
run_from (GuicheBatch *self, GuicheWorkItem *first)
{
  GuicheWorkItem *item = first;

  while (item != NULL && self->error == NULL) {
    ItemOutcome outcome = run_item (self, item);

    if (outcome == ITEM_BROKE)
      fail (self, item->error);
    else if (outcome == ITEM_REPEAT && restart (self))
      item = self->items.first;
    else
      item = item->next;
  }
}

void
guiche_batch_run (GuicheBatch *self, GuicheWorkList *items)
{
  GuicheWorkItem *first = items->first;

  guiche_work_list_append (&self->items, items);
  run_from (self, first);
}

void
guiche_batch_repeat (GuicheBatch *self)
{
  clear_errors (self);
  run_from (self, self->items.first);
}

static void
roll_back (GuicheBatch *self)
{
  guiche_db_roll_back (self->db);
  guiche_tx_undo (self->tx, &self->start);
  g_warning ("%s: nothing of a transaction was kept: %s", self->tenant->key, self->error->message);
}

void
guiche_batch_commit (GuicheBatch *self)
{
  guiche_failpoint ("batch-run");
  if (self->error == NULL)
    guiche_db_commit (self->db, &self->error);
  guiche_failpoint ("batch-committed");
  if (self->error != NULL)
    roll_back (self);
  self->tx->is_careful = FALSE;
}

static void
note_jobs (GuicheBatch *self)
{
  gint64 due_us = self->tx->job_due_us;

  self->tx->job_due_us = GUICHE_NO_JOB;
  if (self->error == NULL && due_us != GUICHE_NO_JOB)
    guiche_store_note_job (self->tenant->store, self->tenant, due_us);
}

void
guiche_batch_answer (GuicheBatch *self, GuicheWorkList *items)
{
  GuicheWorkList answered = { 0 };
  GuicheWorkItem *item;

  while ((item = guiche_work_list_pop (items)) != NULL) {
    if (self->error != NULL && item->error == NULL)
      item->error = g_error_copy (self->error);
    if (item->waiter != NULL)
      guiche_waiter_finish (item->waiter, item);
    else
      guiche_work_list_push (&answered, item);
  }
  if (answered.first != NULL)
    guiche_mailbox_post (guiche_store_mailbox (self->tenant->store), self->tenant, NULL, &answered);
}

/* To the other nodes first, then to this one's listeners. */
static void
tell_commit (GuicheBatch *self, GPtrArray *events)
{
  g_autoptr (GPtrArray) own = NULL;
  GuicheCommit commit = { .last_seq = self->tx->last_seq, .job_due_us = self->tx->job_due_us };

  if (self->error != NULL || !guiche_db_location_is_shared (self->tenant->location))
    return;

  if (events != NULL && events->len > self->start.n_events) {
    own = g_ptr_array_new ();
    for (guint i = self->start.n_events; i < events->len; i++)
      g_ptr_array_add (own, events->pdata[i]);
  }
  commit.events = own;
  if (own != NULL || commit.job_due_us != GUICHE_NO_JOB)
    guiche_store_tell_commit (self->tenant->store, self->tenant, &commit);
}

void
guiche_batch_hand_over (GuicheBatch *self)
{
  GuicheMailbox *mailbox = guiche_store_mailbox (self->tenant->store);
  GPtrArray *events = guiche_tx_steal_events (self->tx);
  GuicheWorkList waiting = { 0 };
  GuicheWorkList answered = { 0 };
  GuicheWorkItem *item;

  tell_commit (self, events);
  note_jobs (self);
  while ((item = guiche_work_list_pop (&self->items)) != NULL) {
    if (self->error != NULL && item->error == NULL)
      item->error = g_error_copy (self->error);
    guiche_work_list_push (item->waiter != NULL ? &waiting : &answered, item);
  }

  if (events != NULL || answered.first != NULL)
    guiche_mailbox_post (mailbox, self->tenant, events, &answered);
  guiche_batch_answer (self, &waiting);
  g_clear_error (&self->error);
}
