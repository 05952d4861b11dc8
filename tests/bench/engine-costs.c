/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/database.h"
#include "support/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What an engine costs beside messages: an empty transaction, reading events again, and companies
 * that nobody uses. Run once on each (with-postgresql). */

#define N_TRANSACTIONS 2000
#define N_EVENTS 20000
#define EVENTS_A_REQUEST 100
#define N_COMPANIES 200
#define PAGE 500

static const char event_data[] =
    "{\"message\":{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"conversation_id\":"
    "\"01890a5d-ac96-774b-bcce-b302099a8058\",\"seq\":123,\"sender\":{\"kind\":\"customer\","
    "\"name\":\"Maria da Silva\"},\"kind\":\"text\",\"body\":\"Bom dia, minha internet caiu de "
    "novo\","
    "\"attachments\":[],\"quote\":null,\"at\":1763622197000000,\"state\":1}}";

static gboolean
run_nothing (GuicheTx *tx, gpointer data, GError **error)
{
  return TRUE;
}

static gboolean
run_event (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_emit (tx, "message.created", "s", NULL, event_data, sizeof event_data - 1,
                         error);
}

static gboolean
run_events (GuicheTx *tx, gpointer data, GError **error)
{
  guiche_tx_expect_success (tx);
  for (int i = 0; i < EVENTS_A_REQUEST; i++) {
    if (!run_event (tx, NULL, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  gint64 since;
  guint n_read;
  gboolean has_more;
} Replay;

static gboolean
run_page (GuicheTx *tx, gpointer data, GError **error)
{
  Replay *self = data;
  gint64 next;
  g_autoptr (GPtrArray) events =
                 guiche_events_read (tx, self->since, PAGE, NULL, &next, &self->has_more, error);

  if (events == NULL)
    return FALSE;
  self->since = next;
  self->n_read += events->len;
  return TRUE;
}

static int
compare (const void *a, const void *b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static void
measure_transactions (GuicheTestStore *test, const char *name, GuicheWorkRun run)
{
  g_autofree gint64 *took_us = g_new (gint64, N_TRANSACTIONS);

  for (guint i = 0; i < N_TRANSACTIONS; i++) {
    gint64 started_us = g_get_monotonic_time ();

    guiche_test_write (test, NULL, run, NULL);
    took_us[i] = g_get_monotonic_time () - started_us;
  }
  qsort (took_us, N_TRANSACTIONS, sizeof *took_us, compare);
  g_print ("%s: p50 %.2f ms, p99 %.2f ms\n", name, (double) took_us[N_TRANSACTIONS / 2] / 1000.0,
           (double) took_us[N_TRANSACTIONS * 99 / 100] / 1000.0);
}

static void
measure_replay (GuicheTestStore *test)
{
  Replay replay = { .has_more = TRUE };
  gint64 started_us;

  for (guint i = 0; i < N_EVENTS / EVENTS_A_REQUEST; i++)
    guiche_test_write (test, NULL, run_events, NULL);
  started_us = g_get_monotonic_time ();
  while (replay.has_more && replay.n_read < N_EVENTS)
    guiche_test_read (test, NULL, run_page, &replay);
  g_print ("replay of %u events, %d a page: %.0f ms\n", replay.n_read, PAGE,
           (double) (g_get_monotonic_time () - started_us) / 1000.0);
}

static gint64
resident_kib (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  return g_ascii_strtoll (strchr (text, ' '), NULL, 10) * (gint64) sysconf (_SC_PAGESIZE) / 1024;
}

/* Each is written once and left alone for as long as it takes to rest. */
static void
measure_companies (GuicheTestStore *test)
{
  gint64 before_kib = resident_kib ();
  gint64 started_us = g_get_monotonic_time ();
  gint64 made_us;

  for (guint i = 0; i < N_COMPANIES; i++) {
    g_autofree char *key = g_strdup_printf ("company-%u", i);
    g_autoptr (GError) error = NULL;
    GuicheTenant *tenant = guiche_store_create_tenant (test->store, key, key, &error);

    g_assert_no_error (error);
    guiche_tenant_write_sync (tenant, NULL, run_event, NULL, &error);
    g_assert_no_error (error);
  }
  made_us = g_get_monotonic_time () - started_us;
  g_usleep (8 * G_USEC_PER_SEC);
  g_print ("%u companies: %.1f ms each to make, %" G_GINT64_FORMAT " KiB each at rest", N_COMPANIES,
           (double) made_us / 1000.0 / N_COMPANIES, (resident_kib () - before_kib) / N_COMPANIES);
  if (test->database_url != NULL)
    g_print (", %" G_GINT64_FORMAT " connections together",
             guiche_test_number (test, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = "
                                       "current_database()"));
  g_print ("\n");
}

int
main (int argc, char **argv)
{
  g_autoptr (GuicheTestStore) test = guiche_test_store_new_on_disk ();

  g_print ("%s\n", test->database_url == NULL ? "SQLite" : "PostgreSQL");
  measure_transactions (test, "an empty transaction, begin to commit", run_nothing);
  measure_transactions (test, "one event, begin to commit", run_event);
  measure_replay (test);
  measure_companies (test);
  return 0;
}
