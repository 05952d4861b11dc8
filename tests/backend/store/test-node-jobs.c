/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nodes.h"
#include "support/store.h"

#include <string.h>

#define N_JOBS 120
#define LEASE "GUICHE_JOBS_LEASE_S=1"

/* What happened, at all nodes together. */
static GMutex lock;
static GHashTable *performed; /* (lock): id → how often */
static gint n_performed;
static gint n_recorded;
static Nodes *the_nodes; /* (nullable): whose leases the first handler takes away */

static gboolean
perform (GuicheTenant *tenant, const GuicheJob *job, gpointer *out_result, GError **error)
{
  GuicheId *id = g_memdup2 (&job->id, sizeof job->id);
  gint64 until_us = g_get_monotonic_time () + NODES_DEADLINE_US;
  gboolean is_first;
  guint n;

  g_mutex_lock (&lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (performed, id));
  g_hash_table_replace (performed, id, GUINT_TO_POINTER (n + 1));
  g_mutex_unlock (&lock);
  is_first = g_atomic_int_add (&n_performed, 1) == 0;
  /* As if this node did not run meanwhile: its lease runs out, and another takes the job over. */
  while (the_nodes != NULL && is_first && g_atomic_int_get (&n_performed) == 1 &&
         g_get_monotonic_time () < until_us)
    nodes_run (the_nodes, "UPDATE tenant_demo.jobs SET lease_until = 1 WHERE lease_token = 1");
  while (the_nodes != NULL && is_first && guiche_job_is_held (job) &&
         g_get_monotonic_time () < until_us)
    g_usleep (1000);
  return TRUE;
}

static gboolean
record (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  g_atomic_int_inc (&n_recorded);
  return TRUE;
}

static const GuicheJobKind kind = { .kind = "test.send", .perform = perform, .record = record };
static const GuicheJobKind new_kind = { .kind = "test.new", .perform = perform, .record = record };

static void
begin (void)
{
  g_clear_pointer (&performed, g_hash_table_unref);
  performed = g_hash_table_new_full (guiche_id_hash, guiche_id_equal, g_free, NULL);
  g_atomic_int_set (&n_performed, 0);
  g_atomic_int_set (&n_recorded, 0);
  the_nodes = NULL;
}

static gboolean
enqueue (GuicheTx *tx, gpointer data, GError **error)
{
  for (int i = 0; i < N_JOBS; i++) {
    if (!guiche_tx_enqueue (tx, "test.send", NULL, 0, "{}", error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
enqueue_kind (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_enqueue (tx, data, "key", 0, "{}", error);
}

static void
write_at (Node *node, GuicheWorkRun run, gpointer data)
{
  g_autoptr (GError) error = NULL;

  guiche_tenant_write_sync (node->tenant, NULL, run, data, &error);
  g_assert_no_error (error);
}

static void
start_jobs (Node *node, guint n_threads)
{
  guiche_store_add_job_kind (node->store, &kind);
  guiche_store_start_jobs (node->store, n_threads);
}

static gboolean
have_recorded (gpointer data)
{
  return g_atomic_int_get (&n_recorded) >= GPOINTER_TO_INT (data);
}

/* Enqueued at one, performed wherever there is time, each once. */
static void
test_once (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);

  begin ();
  start_jobs (a, 3);
  start_jobs (b, 3);
  write_at (a, enqueue, NULL);
  nodes_wait (have_recorded, GINT_TO_POINTER (N_JOBS));
  g_assert_cmpint (g_atomic_int_get (&n_recorded), ==, N_JOBS);
  g_assert_cmpint (g_atomic_int_get (&n_performed), ==, N_JOBS);
  g_assert_cmpuint (g_hash_table_size (performed), ==, N_JOBS);
}

/* Who added it performs no jobs: the other finds it. */
static void
test_elsewhere (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);

  begin ();
  start_jobs (b, 1);
  write_at (a, enqueue_kind, (char *) "test.send");
  nodes_wait (have_recorded, GINT_TO_POINTER (1));
}

/* A node was killed: its jobs are taken over when their leases have run out, once. */
static void
test_killed (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", LEASE);
  g_autoptr (Node) b = node_start (nodes, "b", LEASE);

  begin ();
  write_at (a, enqueue_kind, (char *) "test.send");
  nodes_run (nodes, "UPDATE tenant_demo.jobs SET state = 'running', attempts = 1, "
                    "lease_owner = 'c/1', lease_token = 1, lease_until = "
                    "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + 1500000");
  start_jobs (a, 2);
  start_jobs (b, 2);
  nodes_wait (have_recorded, GINT_TO_POINTER (1));
  g_assert_cmpint (g_atomic_int_get (&n_performed), ==, 1);
}

/* A node that starts takes back what its own earlier start left, and nobody else's. */
static void
test_recovery (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);

  begin ();
  write_at (a, enqueue_kind, (char *) "test.send");
  write_at (a, enqueue, NULL);
  nodes_run (nodes, "UPDATE tenant_demo.jobs SET state = 'running', attempts = 1, lease_token = 1, "
                    "lease_owner = CASE WHEN key IS NULL THEN 'ab/1' ELSE 'a/1' END, "
                    "lease_until = 9000000000000000000");
  start_jobs (a, 2);
  nodes_wait (have_recorded, GINT_TO_POINTER (1));
  g_assert_cmpint (g_atomic_int_get (&n_performed), ==, 1);
}

/* A node was stopped and goes on: the job was done elsewhere meanwhile, and its own outcome comes
 * too late. */
static void
test_stopped (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  Node *a = node_start (nodes, "a", LEASE);
  Node *b = node_start (nodes, "b", LEASE);

  begin ();
  the_nodes = nodes;
  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*taken over*");
  start_jobs (a, 1);
  start_jobs (b, 1);
  write_at (a, enqueue_kind, (char *) "test.send");
  nodes_wait (have_recorded, GINT_TO_POINTER (1));
  node_free (g_steal_pointer (&a));
  node_free (g_steal_pointer (&b));
  g_test_assert_expected_messages ();
  g_assert_cmpint (g_atomic_int_get (&n_performed), ==, 2);
  g_assert_cmpint (g_atomic_int_get (&n_recorded), ==, 1);
}

/* A node of the old version leaves what it does not know to one of the new. */
static void
test_unknown_kind (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) old = node_start (nodes, "old", NULL);
  g_autoptr (Node) new = node_start (nodes, "new", NULL);

  begin ();
  start_jobs (old, 2);
  write_at (old, enqueue_kind, (char *) "test.new");
  write_at (old, enqueue_kind, (char *) "test.send");
  nodes_wait (have_recorded, GINT_TO_POINTER (1));
  guiche_store_add_job_kind (new->store, &new_kind);
  start_jobs (new, 1);
  nodes_wait (have_recorded, GINT_TO_POINTER (2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node-jobs/once", test_once);
  g_test_add_func ("/node-jobs/elsewhere", test_elsewhere);
  g_test_add_func ("/node-jobs/killed", test_killed);
  g_test_add_func ("/node-jobs/recovery", test_recovery);
  g_test_add_func ("/node-jobs/stopped", test_stopped);
  g_test_add_func ("/node-jobs/unknown-kind", test_unknown_kind);
  return g_test_run ();
}
