/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "base/json.h"
#include "support/store.h"
#include "support/vfs.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The store alone: what a message costs before any domain or socket. Everything runs on one core,
 * as the server does. */

#define IN_FLIGHT 64
#define WARM_UP_US (300 * 1000)
#define RUN_US (2 * G_USEC_PER_SEC)
#define MAX_SAMPLES 1000000

typedef struct {
  GuicheTestStore *test;
  GuicheWorkRun run;
  gint64 measure_from_us;
  gint64 end_us;
  guint n_in_flight;
  guint n_samples;
  guint32 *latencies_us; /* (owned) */
  guint n_done;
  gboolean is_over;
} Load;

typedef struct {
  Load *load;
  gint64 sent_us;
} Request;

static const char event_data[] =
    "{\"message\":{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"conversation_id\":"
    "\"01890a5d-ac96-774b-bcce-b302099a8058\",\"seq\":123,\"client_id\":"
    "\"01890a5d-ac96-774b-bcce-b302099a8059\",\"sender\":{\"kind\":\"customer\",\"id\":"
    "\"01890a5d-ac96-774b-bcce-b302099a8060\",\"name\":\"Maria da Silva\"},\"kind\":\"text\","
    "\"body\":\"Bom dia, minha internet caiu de novo\",\"attachments\":[],\"quote\":null,"
    "\"at\":1763622197000000,\"state\":1,\"edited_at\":null,\"deleted_at\":null,\"mentions\":[]}}";

static gboolean
emit_event (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_emit (tx, "message.created",
                         "s q:technical_normal v:01890a5d-ac96-774b-bcce-b302099a8058", NULL,
                         event_data, sizeof event_data - 1, error);
}

static gboolean
do_nothing (GuicheTx *tx, gpointer data, GError **error)
{
  return TRUE;
}

/* As a message does: a row with a unique key, a row that changes, an event. */
static gboolean
send_message (GuicheTx *tx, gpointer data, GError **error)
{
  static const char insert[] =
      "INSERT INTO bench_messages (id, sender, client_id, body) VALUES ($1, $2, $3, $4)";
  static const char update[] =
      "UPDATE bench_conversations SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq";
  GuicheId id = guiche_tx_new_id (tx);
  GuicheId client_id = guiche_tx_new_id (tx);
  GuicheStatement *statement = guiche_tx_prepare (tx, insert, error);

  guiche_statement_bind_id (statement, 1, &id);
  guiche_statement_bind_int (statement, 2, id.bytes[15] % 20);
  guiche_statement_bind_id (statement, 3, &client_id);
  guiche_statement_bind_text (statement, 4, "Bom dia, minha internet caiu de novo");
  if (!guiche_statement_run (statement, NULL, error))
    return FALSE;
  statement = guiche_tx_prepare (tx, update, error);
  guiche_statement_bind_int (statement, 1, id.bytes[15] % 20);
  return guiche_statement_run (statement, NULL, error) && emit_event (tx, NULL, error);
}

static gboolean
make_tables (GuicheTx *tx, gpointer data, GError **error)
{
  static const char *const scripts[] = {
    "CREATE TABLE bench_messages (id BLOB PRIMARY KEY, sender INTEGER, client_id BLOB, body TEXT) "
    "STRICT, WITHOUT ROWID",
    "CREATE UNIQUE INDEX bench_by_client ON bench_messages (client_id, sender)",
    "CREATE TABLE bench_conversations (id INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL) STRICT",
    "INSERT INTO bench_conversations WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM "
    "n WHERE i < 19) "
    "SELECT i, 0 FROM n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++) {
    GuicheStatement *statement = guiche_tx_prepare (tx, scripts[i], error);

    if (statement == NULL || !guiche_statement_run (statement, NULL, error))
      return FALSE;
  }

  return TRUE;
}

static const char *chosen; /* (nullable): only the loads whose name contains it */

static void send_request (Load *load);

static void
on_request_done (gpointer data, GError *error)
{
  Request *request = data;
  Load *load = request->load;
  gint64 now_us = g_get_monotonic_time ();

  g_assert_no_error (error);
  if (now_us > load->measure_from_us && load->n_samples < MAX_SAMPLES)
    load->latencies_us[load->n_samples++] = (guint32) (now_us - request->sent_us);
  g_free (request);
  load->n_in_flight--;
  load->n_done++;
  if (now_us < load->end_us)
    send_request (load);
  else if (load->n_in_flight == 0)
    load->is_over = TRUE;
}

static void
send_request (Load *load)
{
  Request *request = g_new (Request, 1);

  request->load = load;
  request->sent_us = g_get_monotonic_time ();
  load->n_in_flight++;
  guiche_tenant_write (load->test->tenant, NULL, load->run, on_request_done, request);
}

static int
compare (const void *a, const void *b)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;

  return left < right ? -1 : left > right;
}

static gint64
cpu_time_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
measure (const char *name, GuicheWorkRun run, guint in_flight, guint sync_delay_us)
{
  g_autoptr (GuicheTestStore) test = NULL;
  Load load = { .run = run };
  gint64 cpu_us;

  if (chosen != NULL && strstr (name, chosen) == NULL)
    return;

  load.test = test = guiche_test_store_new_on_disk ();

  guiche_store_set_listener (test->store, NULL, NULL);
  guiche_test_write (test, NULL, make_tables, NULL);
  guiche_test_vfs_set_sync_delay (sync_delay_us);
  load.latencies_us = g_new (guint32, MAX_SAMPLES);
  load.measure_from_us = g_get_monotonic_time () + WARM_UP_US;
  load.end_us = load.measure_from_us + RUN_US;
  cpu_us = cpu_time_us ();
  for (guint i = 0; i < in_flight; i++)
    send_request (&load);
  while (!load.is_over)
    g_main_context_iteration (NULL, TRUE);
  cpu_us = cpu_time_us () - cpu_us;
  guiche_test_vfs_set_sync_delay (0);

  qsort (load.latencies_us, load.n_samples, sizeof *load.latencies_us, compare);
  g_print ("%-34s %8.0f/s  p50 %6.2f ms  p99 %6.2f ms  max %6.2f ms  CPU %5.2f us each\n", name,
           load.n_samples / (RUN_US / (double) G_USEC_PER_SEC),
           load.latencies_us[load.n_samples / 2] / 1000.0,
           load.latencies_us[load.n_samples / 100 * 99] / 1000.0,
           load.latencies_us[load.n_samples - 1] / 1000.0, (double) cpu_us / load.n_done);
  g_free (load.latencies_us);
}

static void
measure_json (void)
{
  const guint n = 300000;
  gint64 started_us = g_get_monotonic_time ();
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  GuicheId id = { { 1, 2, 3 } };

  for (guint i = 0; i < n; i++)
    g_assert_true (
        guiche_json_check (event_data, sizeof event_data - 1, GUICHE_JSON_MAX_BYTES, NULL));
  g_print ("%-34s %8.0f ns\n", "door, check, 460 bytes",
           (double) (g_get_monotonic_time () - started_us) * 1000 / n);

  started_us = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++) {
    static const char body[] =
        "{\"client_id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"body\":\"Bom dia, tudo bem?\"}";
    g_autoptr (JsonNode) node =
                   guiche_json_parse_object (body, sizeof body - 1, GUICHE_JSON_MAX_BYTES, NULL);
    const char *text = NULL;

    g_assert_true (guiche_json_get_string (json_node_get_object (node), "body", TRUE, &text, NULL));
    g_assert_true (guiche_json_get_id (json_node_get_object (node), "client_id", TRUE, &id, NULL));
  }
  g_print ("%-34s %8.0f ns\n", "door, parse, two members",
           (double) (g_get_monotonic_time () - started_us) * 1000 / n);

  started_us = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++) {
    guiche_json_writer_reset (writer);
    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_id (writer, "id", &id);
    guiche_json_writer_member_id (writer, "conversation_id", &id);
    guiche_json_writer_member_int (writer, "seq", i);
    guiche_json_writer_member_id (writer, "client_id", &id);
    guiche_json_writer_member_string (writer, "kind", "text");
    guiche_json_writer_member_string (writer, "body",
                                      "Bom dia, minha internet caiu de novo \"hoje\"");
    guiche_json_writer_member_int (writer, "at", 1763622197000000);
    guiche_json_writer_member_int (writer, "state", 1);
    guiche_json_writer_end_object (writer);
  }
  g_print ("%-34s %8.0f ns\n", "writer, message of 8 members",
           (double) (g_get_monotonic_time () - started_us) * 1000 / n);
}

int
main (int argc, char **argv)
{
  cpu_set_t one;

  CPU_ZERO (&one);
  CPU_SET (0, &one);
  sched_setaffinity (0, sizeof one, &one);
  guiche_test_vfs_install ();
  chosen = argc > 1 ? argv[1] : NULL;
  if (chosen == NULL)
    measure_json ();
  measure ("nothing, 64 in flight", do_nothing, IN_FLIGHT, 0);
  measure ("one event, 64 in flight", emit_event, IN_FLIGHT, 0);
  measure ("like a message, 64 in flight", send_message, IN_FLIGHT, 0);
  measure ("like a message, 1 in flight", send_message, 1, 0);
  measure ("like a message, 64, fsync + 2 ms", send_message, IN_FLIGHT, 2000);
  return 0;
}
