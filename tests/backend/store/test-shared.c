/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "shared-node.h"
#include "store/store-private.h"
#include "support/database.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Several nodes, each a process, write one company while they are killed and their connections are
 * ended, at every step of a batch. Then: no hole in the events, what was acknowledged there once,
 * nothing there twice, the audit chain whole, and every node's listeners saw all events in order.
 */

#define N_NODES 3
#define DEFAULT_SECONDS 6

static const char *const failpoints[] = {
  NULL,
  "batch-begun:23",
  "batch-run:17",
  "batch-committed:29",
  "commit-not-sent:7",
  "commit-not-answered:5",
};

typedef struct {
  GuicheTestStore *test;
  GPtrArray *logs; /* (element-type utf8): one a process that ran */
  GSubprocess *nodes[N_NODES];
  guint n_started;
  GRand *rand;
} Cluster;

static void
start_node (Cluster *self, guint index)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  const char *failpoint = failpoints[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (failpoints))];
  g_autofree char *name = g_strdup_printf ("node%u", index);
  g_autofree char *round = g_strdup_printf ("%u", self->n_started++);
  char *log = g_strdup_printf ("%s/seen-%s-%s", self->test->directory, name, round);
  g_autoptr (GError) error = NULL;

  if (failpoint != NULL)
    g_subprocess_launcher_setenv (launcher, "GUICHE_FAILPOINT", failpoint, TRUE);
  g_ptr_array_add (self->logs, log);
  self->nodes[index] =
      g_subprocess_launcher_spawn (launcher, &error, shared_own_path (), "--node", name, round,
                                   self->test->directory, self->test->database_url, log, NULL);
  g_assert_no_error (error);
}

static void
end_a_connection (Cluster *self)
{
  guiche_test_database_run (self->test->database_url,
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname "
                            "= current_database() AND application_name LIKE 'guiche node%' "
                            "ORDER BY random() LIMIT 1");
}

static void
kill_a_node (Cluster *self)
{
  guint index = (guint) g_rand_int_range (self->rand, 0, N_NODES);

  g_subprocess_force_exit (self->nodes[index]);
  g_subprocess_wait (self->nodes[index], NULL, NULL);
  g_clear_object (&self->nodes[index]);
  start_node (self, index);
}

/* A failpoint ends a node by itself. */
static void
restart_the_dead (Cluster *self)
{
  for (guint i = 0; i < N_NODES; i++) {
    if (g_subprocess_get_identifier (self->nodes[i]) != NULL)
      continue;
    g_clear_object (&self->nodes[i]);
    start_node (self, i);
  }
}

static void
disturb (Cluster *self, gint64 until_us)
{
  while (g_get_monotonic_time () < until_us) {
    gint64 next_us = g_get_monotonic_time () + g_rand_int_range (self->rand, 50000, 300000);

    while (g_get_monotonic_time () < next_us)
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (5000);
    restart_the_dead (self);
    if (g_rand_int_range (self->rand, 0, 5) == 0)
      kill_a_node (self);
    else
      end_a_connection (self);
  }
}

/* Each finishes what it has begun, catches up and ends. */
static void
stop (Cluster *self)
{
  for (guint i = 0; i < N_NODES; i++)
    g_subprocess_send_signal (self->nodes[i], SIGTERM);
  for (guint i = 0; i < N_NODES; i++) {
    g_autoptr (GError) error = NULL;

    g_subprocess_wait (self->nodes[i], NULL, &error);
    g_assert_no_error (error);
    g_clear_object (&self->nodes[i]);
  }
}

/* Lines: `seen SEQ`, `acked NAME`, `end`. What a kill cut off is no line. */
static gint64
check_log (const char *path, GPtrArray *acknowledged, gboolean *out_is_whole)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gint64 last = 0;

  *out_is_whole = FALSE;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "seen ")) {
      gint64 seq = g_ascii_strtoll (lines[i] + 5, NULL, 10);

      if (last != 0)
        g_assert_cmpint (seq, ==, last + 1);
      last = seq;
    } else if (g_str_has_prefix (lines[i], "acked ")) {
      g_ptr_array_add (acknowledged, g_strdup (lines[i] + 6));
    } else {
      *out_is_whole = TRUE;
    }
  }
  return last;
}

static void
check (Cluster *self)
{
  g_autoptr (GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gint64 n_events, n_entries;
  guint n_whole = 0;

  guiche_test_store_open (self->test);
  n_events = guiche_test_number (self->test, "SELECT MAX(seq) FROM events");
  g_assert_cmpint (guiche_test_number (self->test, "SELECT COUNT(*) FROM events"), ==, n_events);
  g_assert_cmpint (guiche_test_number (self->test, "SELECT MIN(seq) FROM events"), ==, 1);
  g_assert_cmpint (guiche_test_number (self->test, "SELECT COUNT(DISTINCT data) FROM events"), ==,
                   n_events);
  for (guint i = 0; i < self->logs->len; i++) {
    gboolean is_whole;
    gint64 last = check_log (self->logs->pdata[i], acknowledged, &is_whole);

    g_assert_cmpint (last, <=, n_events);
    n_whole += is_whole;
  }
  g_assert_cmpuint (n_whole, >=, 1);
  g_assert_cmpint (shared_count_missing (self->test, acknowledged), ==, 0);
  g_assert_true (guiche_tenant_verify_audit (self->test->tenant, &n_entries, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n_entries, ==, n_events);
  g_test_message ("%" G_GINT64_FORMAT " events, %u acknowledged, %u processes", n_events,
                  acknowledged->len, self->n_started);
  g_assert_cmpuint (acknowledged->len, >, 0);
}

static void
test_nodes (void)
{
  const char *seconds = g_getenv ("GUICHE_TEST_SECONDS");
  guint32 seed = g_random_int ();
  gint64 length_us = (seconds == NULL ? DEFAULT_SECONDS : atoi (seconds)) * G_USEC_PER_SEC;
  Cluster self = { .logs = g_ptr_array_new_with_free_func (g_free),
                   .rand = g_rand_new_with_seed (seed) };

  g_test_message ("seed %u", seed);
  self.test = guiche_test_store_new_on_disk ();
  guiche_test_store_close (self.test);
  for (guint i = 0; i < N_NODES; i++)
    start_node (&self, i);
  disturb (&self, g_get_monotonic_time () + length_us);
  restart_the_dead (&self);
  stop (&self);
  check (&self);

  guiche_test_store_free (self.test);
  g_ptr_array_unref (self.logs);
  g_rand_free (self.rand);
}

int
main (int argc, char **argv)
{
  if (argc > 6 && strcmp (argv[1], "--node") == 0)
    return shared_node_main (argv + 2);

  shared_set_own_path (argv[0]);
  g_test_init (&argc, &argv, NULL);
  ledger_silence ();
  if (!guiche_test_is_on_postgresql ())
    return 77;
  g_test_add_func ("/shared/nodes", test_nodes);
  return g_test_run ();
}
