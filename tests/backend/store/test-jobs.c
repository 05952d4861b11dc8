/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/jobs.h"
#include "support/store.h"

#include <string.h>

typedef struct {
  int n_performed;
  int n_recorded;
  int fail_first; /* attempts that fail before one succeeds */
  gboolean is_permanent;
  int last_attempt;
  GuicheId id;
} Log;

static Log log_;

static gboolean
perform (GuicheTenant *tenant, const GuicheJob *job, gpointer *out_result, GError **error)
{
  g_atomic_int_inc (&log_.n_performed);
  log_.last_attempt = job->attempt;
  log_.id = job->id;
  if (job->attempt <= log_.fail_first) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_NETWORK, "the bank does not answer");
    if (log_.is_permanent)
      guiche_error_set_detail (*error, "permanent", "1");
    return FALSE;
  }
  *out_result = g_strdup (job->payload);
  return TRUE;
}

static gboolean
record (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_assert_cmpstr (result, ==, "{\"n\":1}");
  g_atomic_int_inc (&log_.n_recorded);
  return guiche_tx_emit (tx, "job.recorded", "*", &job->id, result, strlen (result), error);
}

static const GuicheJobKind kind = {
  .kind = "test.send",
  .perform = perform,
  .record = record,
  .free_result = g_free,
  .max_attempts = 4,
};

static GuicheTestStore *
open_store (void)
{
  GuicheTestStore *test = guiche_test_store_new ();

  memset (&log_, 0, sizeof log_);
  guiche_store_add_job_kind (test->store, &kind);
  return test;
}

static gboolean
enqueue (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_enqueue (tx, "test.send", data, 0, "{\"n\":1}", error);
}

static gboolean
enqueue_late (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_enqueue (tx, "test.send", data, GUICHE_TEST_START_US + 10 * G_USEC_PER_SEC,
                            "{\"n\":1}", error);
}

static guint
run_due (GuicheTestStore *test)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  guiche_tenant_run_due_jobs (test->tenant, &n, &error);
  g_assert_no_error (error);
  return n;
}

static gboolean
cancel (GuicheTx *tx, gpointer data, GError **error)
{
  gboolean was_cancelled = FALSE;

  return guiche_tx_cancel_job (tx, "test.send", "late", &was_cancelled, error) &&
         was_cancelled == GPOINTER_TO_INT (data);
}

static void
test_once (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  guiche_test_write (test, NULL, enqueue, (char *) "a");
  guiche_test_write (test, NULL, enqueue, (char *) "a");
  guiche_test_write (test, NULL, enqueue, NULL);
  g_assert_cmpuint (run_due (test), ==, 2);
  g_assert_cmpuint (run_due (test), ==, 0);
  guiche_test_write (test, NULL, enqueue, (char *) "a");
  g_assert_cmpuint (run_due (test), ==, 0);
  g_assert_cmpint (log_.n_performed, ==, 2);
  g_assert_cmpint (log_.n_recorded, ==, 2);
  g_assert_cmpuint (guiche_test_store_pump (test), ==, 2);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM jobs WHERE state = 'done'"), ==,
                   1);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM jobs"), ==, 1);
}

static void
test_due (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  guiche_test_write (test, NULL, enqueue_late, (char *) "late");
  g_assert_cmpuint (run_due (test), ==, 0);
  guiche_clock_advance (test->clock, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (run_due (test), ==, 1);
  guiche_test_write (test, NULL, cancel, GINT_TO_POINTER (FALSE));
}

static void
test_cancel (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  guiche_test_write (test, NULL, enqueue_late, (char *) "late");
  guiche_test_write (test, NULL, cancel, GINT_TO_POINTER (TRUE));
  guiche_clock_advance (test->clock, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (run_due (test), ==, 0);
}

static void
test_back_off (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();
  gint64 base_us = 2 * G_USEC_PER_SEC;

  log_.fail_first = 3;
  guiche_test_write (test, NULL, enqueue, (char *) "a");
  for (int attempt = 1; attempt <= 4; attempt++) {
    gint64 due_us, wait_us;

    g_assert_cmpuint (run_due (test), ==, 1);
    g_assert_cmpint (log_.last_attempt, ==, attempt);
    due_us = guiche_test_number (test, "SELECT due_at FROM jobs");
    wait_us = due_us - guiche_clock_now_us (test->clock);
    g_assert_cmpint (wait_us, >=, 0);
    g_assert_cmpint (wait_us, <=, base_us << (attempt - 1));
    guiche_clock_advance (test->clock, wait_us);
  }
  g_assert_cmpint (log_.n_recorded, ==, 1);
}

static gboolean
list_dead (GuicheTx *tx, gpointer data, GError **error)
{
  GPtrArray **out = data;

  *out = guiche_jobs_list (tx, "dead", 10, error);
  return *out != NULL;
}

static gboolean
retry (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_jobs_retry (tx, data, error);
}

static void
test_dead_letter (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();
  g_autoptr (GPtrArray) dead = NULL;
  GuicheJobRow *row;

  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*is dead*");
  log_.fail_first = 100;
  guiche_test_write (test, NULL, enqueue, (char *) "a");
  for (int attempt = 1; attempt <= 6; attempt++) {
    run_due (test);
    guiche_clock_advance (test->clock, 3600 * (gint64) G_USEC_PER_SEC);
  }
  g_test_assert_expected_messages ();
  g_assert_cmpint (log_.n_performed, ==, 4);
  guiche_test_read (test, NULL, list_dead, &dead);
  g_assert_cmpuint (dead->len, ==, 1);
  row = dead->pdata[0];
  g_assert_cmpstr (row->last_error, ==, "the bank does not answer");
  g_assert_cmpint (row->attempts, ==, 4);

  log_.fail_first = 0;
  guiche_test_write (test, NULL, retry, &row->id);
  guiche_test_write_fails (test, NULL, retry, &row->id, GUICHE_ERROR_NOT_FOUND);
  g_assert_cmpuint (run_due (test), ==, 1);
  g_assert_true (guiche_id_equal (&log_.id, &row->id));
}

static void
test_permanent (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*is dead*");
  log_.fail_first = 100;
  log_.is_permanent = TRUE;
  guiche_test_write (test, NULL, enqueue, NULL);
  g_assert_cmpuint (run_due (test), ==, 1);
  g_test_assert_expected_messages ();
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM jobs WHERE state = 'dead'"), ==,
                   1);
}

static gboolean
enqueue_unknown (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_enqueue (tx, "nobody.knows", NULL, 0, "{}", error);
}

/* What nobody performs does not stand in the way of the others. Several servers wait a day: a newer
 * one may know it. */
static void
test_unknown (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*is dead*");
  guiche_test_write (test, NULL, enqueue_unknown, NULL);
  guiche_clock_advance (test->clock, 25 * 3600 * (gint64) G_USEC_PER_SEC);
  guiche_test_write (test, NULL, enqueue, NULL);
  g_assert_cmpuint (run_due (test), ==, 1);
  g_test_assert_expected_messages ();
}

static gboolean
mark_running (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *statement =
      guiche_tx_prepare (tx, "UPDATE jobs SET state = 'running', attempts = attempts + 1", error);

  return statement != NULL && guiche_statement_run (statement, NULL, error);
}

/* A crash while a job ran: it runs again under the same id, and its attempt was counted. */
static void
test_recovery (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  guiche_test_write (test, NULL, enqueue, (char *) "a");
  guiche_test_write (test, NULL, mark_running, NULL);
  guiche_test_store_reopen (test);
  guiche_store_add_job_kind (test->store, &kind);
  g_assert_cmpuint (run_due (test), ==, 1);
  g_assert_cmpint (log_.last_attempt, ==, 2);
}

/* The threads run what a commit enqueues, each job once. */
static void
test_threads (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();
  gint64 deadline_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  guiche_store_start_jobs (test->store, 3);
  for (int i = 0; i < 50; i++)
    guiche_test_write (test, NULL, enqueue, NULL);
  while (g_atomic_int_get (&log_.n_recorded) < 50 && g_get_monotonic_time () < deadline_us)
    g_thread_yield ();
  guiche_test_store_close (test);
  g_assert_cmpint (log_.n_performed, ==, 50);
  g_assert_cmpint (log_.n_recorded, ==, 50);
  g_assert_cmpuint (test->events->len, ==, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jobs/once", test_once);
  g_test_add_func ("/jobs/due", test_due);
  g_test_add_func ("/jobs/cancel", test_cancel);
  g_test_add_func ("/jobs/back-off", test_back_off);
  g_test_add_func ("/jobs/dead-letter", test_dead_letter);
  g_test_add_func ("/jobs/permanent", test_permanent);
  g_test_add_func ("/jobs/unknown", test_unknown);
  g_test_add_func ("/jobs/recovery", test_recovery);
  g_test_add_func ("/jobs/threads", test_threads);
  return g_test_run ();
}
