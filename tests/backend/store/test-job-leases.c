/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/jobs.h"
#include "support/store.h"

#include <string.h>

#define DEADLINE_US (30 * G_USEC_PER_SEC)
#define LEASE_S 1

/* What happens to a job while it is performed, and what its handler sees of it. */
typedef struct {
  GuicheTestStore *test;
  void (*meanwhile) (GuicheTestStore *test, const GuicheJob *job); /* (nullable) */
  int n_performed;
  int n_recorded;
  int last_attempt;
  gboolean was_held;
} Story;

static Story story;

static gboolean
perform (GuicheTenant *tenant, const GuicheJob *job, gpointer *out_result, GError **error)
{
  story.last_attempt = job->attempt;
  if (story.meanwhile != NULL)
    story.meanwhile (story.test, job);
  story.was_held = guiche_job_is_held (job);
  g_atomic_int_inc (&story.n_performed);
  return TRUE;
}

static gboolean
record (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_atomic_int_inc (&story.n_recorded);
  return TRUE;
}

static const GuicheJobKind kind = { .kind = "test.send", .perform = perform, .record = record };

static GuicheTestStore *
open_store (void)
{
  GuicheTestStore *test = guiche_test_store_new ();

  guiche_test_store_set (test, "GUICHE_JOBS_LEASE_S=" G_STRINGIFY (LEASE_S));
  guiche_test_store_reopen (test);
  story = (Story){ .test = test };
  guiche_store_add_job_kind (test->store, &kind);
  return test;
}

static gboolean
run_statement (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (tx, data, error);

  return statement != NULL && guiche_statement_run (statement, NULL, error);
}

/* @sql is a literal. */
static void
change (GuicheTestStore *test, const char *sql)
{
  guiche_test_write (test, NULL, run_statement, (char *) sql);
}

static gboolean
enqueue (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_enqueue (tx, "test.send", "a", 0, "{}", error);
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

static void
take_over (GuicheTestStore *test, const GuicheJob *job)
{
  change (test, "UPDATE jobs SET lease_owner = 'other/1', lease_token = lease_token + 1");
}

/* Another node has the job by now: what this one made of it is not recorded. */
static void
test_late_outcome (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();
  GuicheJobStats stats;

  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*taken over*");
  story.meanwhile = take_over;
  guiche_test_write (test, NULL, enqueue, NULL);
  run_due (test);
  g_test_assert_expected_messages ();
  g_assert_cmpint (story.n_performed, ==, 1);
  g_assert_cmpint (story.n_recorded, ==, 0);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM jobs WHERE state = 'running' "
                                             "AND lease_owner = 'other/1' AND lease_token = 2"),
                   ==, 1);
  guiche_store_get_job_stats (test->store, &stats);
  g_assert_cmpuint (stats.discarded, ==, 1);
}

static void
take_back (GuicheTestStore *test, const GuicheJob *job)
{
  if (job->attempt == 1)
    change (test, "UPDATE jobs SET state = 'waiting'");
}

/* It waits again, and nobody has claimed it yet: the next claim will. */
static void
test_outcome_of_nobody (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*taken over*");
  story.meanwhile = take_back;
  guiche_test_write (test, NULL, enqueue, NULL);
  g_assert_cmpuint (run_due (test), ==, 2);
  g_test_assert_expected_messages ();
  g_assert_cmpint (story.n_performed, ==, 2);
  g_assert_cmpint (story.n_recorded, ==, 1);
}

/* Once its time is over, and not before; the attempt of who did not finish it counts. */
static void
test_expired_lease (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();
  GuicheJobStats stats;

  guiche_test_write (test, NULL, enqueue, NULL);
  g_assert_cmpuint (run_due (test), ==, 1);
  change (test, "DELETE FROM jobs");
  guiche_test_write (test, NULL, enqueue, NULL);
  change (test, "UPDATE jobs SET state = 'running', attempts = 1, lease_owner = 'other/1', "
                "lease_token = 7, lease_until = 9000000000000000000");
  g_assert_cmpuint (run_due (test), ==, 0);
  change (test, "UPDATE jobs SET lease_until = 1");
  g_assert_cmpuint (run_due (test), ==, 1);
  g_assert_cmpint (story.last_attempt, ==, 2);
  g_assert_cmpint (guiche_test_number (test, "SELECT lease_token FROM jobs WHERE state = 'done'"),
                   ==, 8);
  guiche_store_get_job_stats (test->store, &stats);
  g_assert_cmpuint (stats.taken_over, ==, 1);
}

/* A minute passes for the database while the handler works: the lease is a minute longer too. */
static void
wait_for_renewal (GuicheTestStore *test, const GuicheJob *job)
{
  gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;
  gint64 until_us = guiche_test_number (test, "SELECT lease_until FROM jobs");

  guiche_clock_advance (test->clock, 60 * G_USEC_PER_SEC);
  while (guiche_test_number (test, "SELECT lease_until FROM jobs") == until_us &&
         g_get_monotonic_time () < deadline_us)
    g_usleep (1000);
  g_assert_true (guiche_job_is_held (job));
}

static void
wait_for_story (void)
{
  gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;

  while (g_atomic_int_get (&story.n_performed) == 0 && g_get_monotonic_time () < deadline_us)
    g_usleep (1000);
}

static void
test_renewal (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  story.meanwhile = wait_for_renewal;
  guiche_test_write (test, NULL, enqueue, NULL);
  guiche_store_start_jobs (test->store, 2);
  wait_for_story ();
  guiche_test_store_close (test);
  g_assert_cmpint (story.n_performed, ==, 1);
  g_assert_true (story.was_held);
  g_assert_cmpint (story.n_recorded, ==, 1);
}

static void
wait_for_loss (GuicheTestStore *test, const GuicheJob *job)
{
  gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;

  g_assert_true (guiche_job_is_held (job));
  take_over (test, job);
  while (guiche_job_is_held (job) && g_get_monotonic_time () < deadline_us)
    g_usleep (1000);
}

/* The handler is told while it works. */
static void
test_loss (void)
{
  g_autoptr (GuicheTestStore) test = open_store ();

  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*taken over*");
  story.meanwhile = wait_for_loss;
  guiche_test_write (test, NULL, enqueue, NULL);
  guiche_store_start_jobs (test->store, 1);
  wait_for_story ();
  guiche_test_store_close (test);
  g_test_assert_expected_messages ();
  g_assert_false (story.was_held);
  g_assert_cmpint (story.n_recorded, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job-leases/late-outcome", test_late_outcome);
  g_test_add_func ("/job-leases/outcome-of-nobody", test_outcome_of_nobody);
  g_test_add_func ("/job-leases/expired", test_expired_lease);
  g_test_add_func ("/job-leases/renewal", test_renewal);
  g_test_add_func ("/job-leases/loss", test_loss);
  return g_test_run ();
}
