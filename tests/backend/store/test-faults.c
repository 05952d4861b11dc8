/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "support/vfs.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define N_WRITES 10
#define MAX_CALLS 400

/* As SQLite is tested: the k-th call fails, for every k, once and for ever. Nothing acknowledged is
 * lost, nothing is damaged, and the store goes on by itself when the disk does. */

static void
write_some (GuicheTestStore *test, const char *prefix, GPtrArray *acknowledged)
{
  for (int i = 0; i < N_WRITES; i++) {
    g_autofree char *name = g_strdup_printf ("%s%d", prefix, i);

    if (guiche_tenant_write_sync (test->tenant, NULL, ledger_write, name, NULL))
      g_ptr_array_add (acknowledged, g_steal_pointer (&name));
  }
}

/* FALSE when the workload has fewer than @nth such calls. */
static gboolean
run_with_fault (GuicheTestVfsCalls calls, guint nth, gboolean for_ever)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);
  guint n_before;
  guint n_failures;

  guiche_test_vfs_fail (calls, nth, for_ever);
  write_some (test, "during", acknowledged);
  n_failures = guiche_test_vfs_failures ();
  guiche_test_vfs_fail (calls, 0, FALSE);

  n_before = acknowledged->len;
  write_some (test, "after", acknowledged);
  g_assert_cmpuint (acknowledged->len - n_before, >=, N_WRITES - 1);
  ledger_audit (test, acknowledged);

  guiche_test_vfs_fail (calls, nth, for_ever);
  guiche_test_store_close (test);
  guiche_test_vfs_fail (calls, 0, FALSE);
  guiche_test_store_open (test);
  ledger_audit (test, acknowledged);
  return n_failures > 0;
}

static void
test_calls (gconstpointer data)
{
  GuicheTestVfsCalls calls = (GuicheTestVfsCalls) GPOINTER_TO_UINT (data);

  for (int for_ever = 0; for_ever < 2; for_ever++) {
    guint nth = 1;

    while (nth < MAX_CALLS && run_with_fault (calls, nth, for_ever))
      nth += nth < 30 ? 1 : 13;
    g_test_message ("%u calls", nth);
    g_assert_cmpuint (nth, >, 1);
  }
}

static void
test_full_disk (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);

  write_some (test, "before", acknowledged);
  guiche_test_vfs_set_full (TRUE);
  guiche_test_write_fails (test, NULL, ledger_write, (char *) "full", GUICHE_ERROR_STORAGE_FULL);
  ledger_audit (test, acknowledged);
  guiche_test_write_fails (test, NULL, ledger_write, (char *) "still", GUICHE_ERROR_STORAGE_FULL);
  guiche_test_vfs_set_full (FALSE);
  write_some (test, "after", acknowledged);
  g_assert_cmpuint (acknowledged->len, ==, 2 * N_WRITES);
  g_assert_cmpint (ledger_audit (test, acknowledged), ==, 2 * N_WRITES);
}

typedef struct {
  char *name;
  GPtrArray *acknowledged;
  guint *n_answered;
} Request;

static gboolean
run_request (GuicheTx *tx, gpointer data, GError **error)
{
  return ledger_write (tx, ((Request *) data)->name, error);
}

static void
on_request_done (gpointer data, GError *error)
{
  Request *self = data;

  (*self->n_answered)++;
  if (error == NULL)
    g_ptr_array_add (self->acknowledged, self->name);
  else
    g_free (self->name);
  g_free (self);
}

/* A commit that fails fails for all its requests, each of which is told once. */
static void
test_batches (void)
{
  for (guint nth = 1; nth <= 6; nth++) {
    g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
    g_autoptr (GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);
    guint n_answered = 0;

    guiche_test_vfs_fail (GUICHE_TEST_VFS_SYNC, nth, FALSE);
    for (int i = 0; i < 300; i++) {
      Request *request = g_new0 (Request, 1);

      request->name = g_strdup_printf ("n%d", i);
      request->acknowledged = acknowledged;
      request->n_answered = &n_answered;
      guiche_tenant_write (test->tenant, NULL, run_request, on_request_done, request);
      if (i % 10 == 0)
        guiche_test_store_pump (test);
    }
    while (n_answered < 300)
      g_main_context_iteration (NULL, TRUE);
    guiche_test_vfs_fail (GUICHE_TEST_VFS_SYNC, 0, FALSE);
    g_assert_cmpint (ledger_audit (test, acknowledged), ==, acknowledged->len);
    guiche_test_store_pump (test);
    g_assert_cmpuint (test->events->len, ==, acknowledged->len);
  }
}

/* A failed sync may have lost pages that SQLite and the kernel still show: the database is closed,
 * opened again and checked. */
static void
test_reopened (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);
  guint n_opens;

  write_some (test, "before", acknowledged);
  n_opens = guiche_test_vfs_opens ();
  guiche_test_vfs_fail (GUICHE_TEST_VFS_SYNC, 1, FALSE);
  guiche_test_write_fails (test, NULL, ledger_write, (char *) "lost", GUICHE_ERROR_INTERNAL);
  guiche_test_vfs_fail (GUICHE_TEST_VFS_SYNC, 0, FALSE);
  write_some (test, "after", acknowledged);
  g_assert_cmpuint (guiche_test_vfs_opens (), >, n_opens);
  g_assert_cmpint (ledger_audit (test, acknowledged), ==, 2 * N_WRITES);
}

/* Behind the program's back, as a failing disk does: the pages of one table. */
static void
damage (GuicheTestStore *test)
{
  g_autofree char *path =
      g_build_filename (guiche_tenant_directory (test->tenant), "guiche.db", NULL);
  gint64 page =
      guiche_test_number (test, "SELECT rootpage FROM sqlite_schema WHERE name = 'settings'");
  char garbage[100];
  int descriptor = open (path, O_WRONLY);

  memset (garbage, 0x5a, sizeof garbage);
  g_assert_cmpint (pwrite (descriptor, garbage, sizeof garbage, (page - 1) * 4096), ==,
                   sizeof garbage);
  close (descriptor);
}

static gboolean
emit_only (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_emit (tx, "test.made", "*", NULL, "{}", 2, error);
}

/* Nothing is written over a damaged database. */
static void
test_damaged (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_write (test, NULL, ledger_write, (char *) "before");
  guiche_test_store_reopen (test);
  guiche_test_write (test, NULL, emit_only, NULL);
  damage (test);
  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*nothing of a transaction*");
  g_test_expect_message ("guiche-store", G_LOG_LEVEL_WARNING, "*opening the database again*");
  g_test_expect_message ("guiche-store", G_LOG_LEVEL_CRITICAL, "*nothing more is written*");
  guiche_test_write_fails (test, NULL, ledger_write, (char *) "first",
                           GUICHE_ERROR_DATABASE_CORRUPT);
  for (int i = 0; i < 3; i++)
    guiche_test_write_fails (test, NULL, emit_only, NULL, GUICHE_ERROR_DATABASE_CORRUPT);
  guiche_test_store_close (test);
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ledger_silence ();
  guiche_test_vfs_install ();
  g_test_add_data_func ("/faults/write", GUINT_TO_POINTER (GUICHE_TEST_VFS_WRITE), test_calls);
  g_test_add_data_func ("/faults/sync", GUINT_TO_POINTER (GUICHE_TEST_VFS_SYNC), test_calls);
  g_test_add_data_func ("/faults/read", GUINT_TO_POINTER (GUICHE_TEST_VFS_READ), test_calls);
  g_test_add_data_func ("/faults/open", GUINT_TO_POINTER (GUICHE_TEST_VFS_OPEN), test_calls);
  g_test_add_data_func ("/faults/any",
                        GUINT_TO_POINTER (GUICHE_TEST_VFS_WRITE | GUICHE_TEST_VFS_SYNC |
                                          GUICHE_TEST_VFS_READ | GUICHE_TEST_VFS_TRUNCATE |
                                          GUICHE_TEST_VFS_OPEN),
                        test_calls);
  g_test_add_func ("/faults/full-disk", test_full_disk);
  g_test_add_func ("/faults/batches", test_batches);
  g_test_add_func ("/faults/reopened", test_reopened);
  g_test_add_func ("/faults/damaged", test_damaged);
  return g_test_run ();
}
