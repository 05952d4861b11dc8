/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"
#include "store/jobs.h"
#include "support/database.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define N_KILLS 20
#define N_THREADS 4
#define KILLED_STATUS 137
#define CHILD_DATABASE "GUICHE_TEST_CHILD_DATABASE"

/* The same program is the victim: `test-crash --child MODE DIRECTORY ARGUMENT`. */
static const char *own_path;

static GuicheTestStore *
open_existing (const char *directory, GuicheClock *clock)
{
  GuicheTestStore *self = g_new0 (GuicheTestStore, 1);

  self->directory = g_strdup (directory);
  self->database_url = g_strdup (g_getenv (CHILD_DATABASE));
  self->clock = clock;
  guiche_test_store_set (self, NULL);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  guiche_test_store_open (self);
  return self;
}

/* Leaves the directory to the parent. */
static void
close_existing (GuicheTestStore *self)
{
  guiche_test_store_close (self);
  g_ptr_array_unref (self->events);
  guiche_settings_unref (self->settings);
  guiche_clock_unref (self->clock);
  g_free (self->directory);
  g_free (self->database_url);
  g_free (self);
}

/* --- writers that are killed --------------------------------------------------------- */

typedef struct {
  GuicheTestStore *test;
  int number;
  const char *round;
} Writer;

static gpointer
writer_thread (gpointer data)
{
  Writer *self = data;

  for (int i = 0;; i++) {
    g_autofree char *name = g_strdup_printf ("%s-%d-%d", self->round, self->number, i);
    g_autofree char *line = g_strconcat (name, "\n", NULL);

    if (guiche_tenant_write_sync (self->test->tenant, NULL, ledger_write, name, NULL) &&
        write (STDOUT_FILENO, line, strlen (line)) < 0)
      return NULL;
  }
}

static int
write_until_killed (const char *directory, const char *round)
{
  GuicheTestStore *test = open_existing (directory, guiche_clock_new_system ());
  Writer writers[N_THREADS];

  for (int i = 0; i < N_THREADS; i++) {
    writers[i] = (Writer){ test, i, round };
    g_thread_unref (g_thread_new ("test", writer_thread, &writers[i]));
  }
  pause ();
  return 0;
}

static GSubprocess *
start_child (const char *mode,
             const GuicheTestStore *test,
             const char *argument,
             const char *failpoint)
{
  g_autoptr (GSubprocessLauncher) launcher =
                 g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *child;

  if (test->database_url != NULL)
    g_subprocess_launcher_setenv (launcher, CHILD_DATABASE, test->database_url, TRUE);
  if (failpoint != NULL)
    g_subprocess_launcher_setenv (launcher, "GUICHE_FAILPOINT", failpoint, TRUE);
  child = g_subprocess_launcher_spawn (launcher, &error, own_path, "--child", mode, test->directory,
                                       argument, NULL);
  g_assert_no_error (error);
  return child;
}

/* Kills after @n_acknowledged, and takes every acknowledgement that was given. */
static void
kill_after (GSubprocess *child, guint n_acknowledged, GPtrArray *acknowledged)
{
  g_autoptr (GDataInputStream) lines =
                 g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  char *line;

  for (guint n = 0; (line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL; n++) {
    g_ptr_array_add (acknowledged, line);
    if (n == n_acknowledged)
      g_subprocess_force_exit (child);
  }
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
}

static void
test_kills (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new_on_disk ();
  g_autoptr (GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);
  GRand *rand = g_rand_new_with_seed (11);

  guiche_test_store_close (test);
  for (int i = 0; i < N_KILLS; i++) {
    g_autofree char *round = g_strdup_printf ("%d", i);
    g_autoptr (GSubprocess) child = start_child ("write", test, round, NULL);

    kill_after (child, (guint) g_rand_int_range (rand, 0, 400), acknowledged);
  }
  guiche_test_store_open (test);
  g_test_message ("%u acknowledged, %" G_GINT64_FORMAT " kept", acknowledged->len,
                  ledger_audit (test, acknowledged));
  g_assert_cmpuint (acknowledged->len, >=, N_KILLS);
  g_rand_free (rand);
}

/* --- a job that is cut between any two steps ------------------------------------------ */

/* The outside world: told by appending to a file. The bank knows an id it has seen. */
static gboolean
tell_outside (GuicheTenant *tenant, const GuicheJob *job, gpointer *out_result, GError **error)
{
  g_autofree char *path = g_build_filename (guiche_tenant_directory (tenant), "outside", NULL);
  g_autofree char *id = guiche_id_dup_string (&job->id);
  g_autofree char *told = NULL;
  g_autofree char *line = g_strconcat (id, "\n", NULL);
  int descriptor;

  if (g_file_get_contents (path, &told, NULL, NULL) && strstr (told, id) != NULL)
    return TRUE;
  descriptor = open (path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  g_assert_cmpint (write (descriptor, line, strlen (line)), ==, (gssize) strlen (line));
  close (descriptor);
  return TRUE;
}

static gboolean
record_told (GuicheTx *tx, const GuicheJob *job, gpointer result, GError **error)
{
  return ledger_write (tx, (char *) "recorded", error);
}

static const GuicheJobKind outside_kind = { .kind = "test.outside",
                                            .perform = tell_outside,
                                            .record = record_told };

static gboolean
enqueue (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_enqueue (tx, "test.outside", "once", 0, "{}", error);
}

static int
run_jobs (const char *directory)
{
  GuicheTestStore *test = open_existing (directory, guiche_clock_new_fixed (GUICHE_TEST_START_US));
  guint n = 0;

  guiche_store_add_job_kind (test->store, &outside_kind);
  guiche_tenant_write_sync (test->tenant, NULL, enqueue, NULL, NULL);
  guiche_tenant_run_due_jobs (test->tenant, &n, NULL);
  close_existing (test);
  return 0;
}

static void
test_job_steps (void)
{
  static const char *const steps[] = { "batch-run", "batch-committed", "job-claimed",
                                       "job-performed", "job-recorded" };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
    g_autoptr (GPtrArray) none = g_ptr_array_new ();
    g_autofree char *path =
        g_build_filename (guiche_tenant_directory (test->tenant), "outside", NULL);
    g_autofree char *told = NULL;
    g_autoptr (GSubprocess) cut = NULL;
    g_autoptr (GSubprocess) whole = NULL;

    guiche_test_store_close (test);
    cut = start_child ("jobs", test, "", steps[i]);
    g_assert_true (g_subprocess_wait (cut, NULL, NULL));
    g_assert_cmpint (g_subprocess_get_exit_status (cut), ==, KILLED_STATUS);
    whole = start_child ("jobs", test, "", NULL);
    g_assert_true (g_subprocess_wait (whole, NULL, NULL));
    g_assert_cmpint (g_subprocess_get_exit_status (whole), ==, 0);

    guiche_test_store_open (test);
    g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM jobs WHERE state = 'done'"),
                     ==, 1);
    g_assert_cmpint (ledger_audit (test, none), ==, 1);
    g_assert_true (g_file_get_contents (path, &told, NULL, NULL));
    g_assert_cmpuint (strlen (told), ==, GUICHE_ID_STRING_LENGTH + 1);
  }
}

/* --- a job that kills its program ------------------------------------------------------ */

static gboolean
kill_self (GuicheTenant *tenant, const GuicheJob *job, gpointer *out_result, GError **error)
{
  _exit (KILLED_STATUS);
}

static const GuicheJobKind poison_kind = { .kind = "test.outside",
                                           .perform = kill_self,
                                           .max_attempts = 3 };

static int
run_poison (const char *directory)
{
  GuicheTestStore *test = open_existing (directory, guiche_clock_new_fixed (GUICHE_TEST_START_US));

  guiche_store_add_job_kind (test->store, &poison_kind);
  guiche_tenant_write_sync (test->tenant, NULL, enqueue, NULL, NULL);
  guiche_tenant_run_due_jobs (test->tenant, NULL, NULL);
  close_existing (test);
  return 0;
}

static void
test_poison (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();

  guiche_test_store_close (test);
  for (int i = 0; i < 4; i++) {
    g_autoptr (GSubprocess) child = start_child ("poison", test, "", NULL);

    g_assert_true (g_subprocess_wait (child, NULL, NULL));
    g_assert_cmpint (g_subprocess_get_exit_status (child), ==, i < 3 ? KILLED_STATUS : 0);
  }
  guiche_test_store_open (test);
  g_assert_cmpint (guiche_test_number (test, "SELECT COUNT(*) FROM jobs WHERE state = 'dead'"), ==,
                   1);
}

/* --- a file system with no room left ---------------------------------------------------- */

static int
fill_limit (const char *directory)
{
  GuicheTestStore *test = open_existing (directory, guiche_clock_new_fixed (GUICHE_TEST_START_US));
  g_autoptr (GPtrArray) acknowledged = g_ptr_array_new_with_free_func (g_free);
  struct rlimit limit = { 300 * 1024, RLIM_INFINITY };
  struct rlimit no_limit = { RLIM_INFINITY, RLIM_INFINITY };
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  for (int i = 0; error == NULL && i < 10000; i++) {
    g_autofree char *name = g_strdup_printf ("n%d", i);

    if (guiche_tenant_write_sync (test->tenant, NULL, ledger_write, name, &error))
      g_ptr_array_add (acknowledged, g_steal_pointer (&name));
  }
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_STORAGE_FULL);
  ledger_audit (test, acknowledged);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &no_limit), ==, 0);
  guiche_test_write (test, NULL, ledger_write, (char *) "room again");
  g_ptr_array_add (acknowledged, g_strdup ("room again"));
  g_assert_cmpint (ledger_audit (test, acknowledged), ==, acknowledged->len);
  close_existing (test);
  return 0;
}

static void
test_no_room (void)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new ();
  g_autoptr (GSubprocess) child = NULL;

  guiche_test_store_close (test);
  child = start_child ("fill", test, "", NULL);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_if_exited (child) ? g_subprocess_get_exit_status (child) : -1,
                   ==, 0);
}

static int
run_child (const char *mode, const char *directory, const char *argument)
{
  if (strcmp (mode, "write") == 0)
    return write_until_killed (directory, argument);
  if (strcmp (mode, "jobs") == 0)
    return run_jobs (directory);
  if (strcmp (mode, "poison") == 0)
    return run_poison (directory);
  return fill_limit (directory);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--child") == 0) {
    ledger_silence ();
    return run_child (argv[2], argv[3], argv[4]);
  }

  own_path = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crash/kills", test_kills);
  g_test_add_func ("/crash/job-steps", test_job_steps);
  g_test_add_func ("/crash/poison", test_poison);
  if (!guiche_test_is_on_postgresql ())
    g_test_add_func ("/crash/no-room", test_no_room); /* the files are PostgreSQL's otherwise */
  return g_test_run ();
}
