/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "desk/customer.h"
#include "desk/message-store.h"
#include "desk/message.h"
#include "people/access.h"
#include "people/user.h"
#include "store/store.h"
#include "support/database.h"
#include "support/store.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* guiche_message_send() through the real store: senders in several conversations, a fixed number of
 * messages in flight, each answered after the commit that made it durable. Prints messages/s and
 * microseconds of the writer's processor time for each. */

#define CONVERSATIONS 16
#define BODY "Bom dia! Já verifiquei aqui e o sinal da sua fibra está normal, vou reiniciar a ONU."

typedef struct {
  GuicheTenant *tenant;
  GMainLoop *loop;
  GuicheActor actor;
  GuicheId conversations[CONVERSATIONS];
  GuicheIdSource *ids;
  guint64 n_sent, n_done, n_wanted;
  guint32 *latencies_us; /* (owned): one a message */
  gint64 writer_cpu_us;
  GuicheWorkRun run;
} Bench;

typedef struct {
  Bench *bench;
  GuicheId conversation_id;
  GuicheId client_id;
  GuicheJsonWriter *reply;
  gint64 sent_us;
} Send;

static gint64
thread_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
run_nothing (GuicheTx *tx, gpointer data, GError **error)
{
  return TRUE;
}

static gboolean
run_access (GuicheTx *tx, gpointer data, GError **error)
{
  Send *send = data;
  g_auto (GuicheSender) sender = { 0 };
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, &send->conversation_id, error);

  return conversation != NULL &&
         guiche_sender_from_actor (tx, conversation->record.title, &sender, error);
}

static void
fill (GuicheTx *tx, const Send *send, GuicheMessageRecord *record)
{
  *record = (GuicheMessageRecord){ .id = guiche_tx_new_id (tx),
                                   .conversation_id = send->conversation_id,
                                   .client_id = send->client_id,
                                   .sender_id = send->bench->actor.id,
                                   .sender_name = (char *) "Sofia Almeida",
                                   .body = (char *) BODY,
                                   .at = guiche_tx_now_us (tx),
                                   .state = GUICHE_DELIVERY_SENT };
}

static gboolean
run_json (GuicheTx *tx, gpointer data, GError **error)
{
  Send *send = data;
  GuicheMessageRecord record;
  GuicheConversationRecord patch = { .state = GUICHE_CONVERSATION_OPEN };

  fill (tx, send, &record);
  guiche_json_writer_begin_array (send->reply);
  guiche_message_record_to_json (&record, send->reply);
  guiche_conversation_record_patch_to_json (&patch, send->reply);
  guiche_json_writer_end_array (send->reply);
  return TRUE;
}

/* The message's row with its idempotency index. */
static gboolean
run_row (GuicheTx *tx, gpointer data, GError **error)
{
  Send *send = data;
  GuicheMessageRecord record;
  gboolean is_new = FALSE;
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load (tx, &send->conversation_id, error);

  if (conversation == NULL)
    return FALSE;
  fill (tx, send, &record);
  guiche_tx_expect_success (tx);
  record.seq = ++conversation->record.last_seq;
  return guiche_message_store_insert (tx, conversation, &record, &is_new, error);
}

static gboolean
run_event (GuicheTx *tx, gpointer data, GError **error)
{
  Send *send = data;
  g_autofree char *json = g_strdup_printf ("{\"message\":\"%0700d\"}", 7);

  guiche_tx_expect_success (tx);
  return guiche_tx_emit (tx, "message.created", "s q:technical_normal v:01980000",
                         &send->conversation_id, json, strlen (json), error);
}

static gboolean
run_send (GuicheTx *tx, gpointer data, GError **error)
{
  Send *send = data;
  GuicheMessageRequest request = { .client_id = send->client_id, .body = BODY };
  GuicheMessageResult result;

  if (!guiche_message_send (tx, &send->conversation_id, &request, &result, error))
    return FALSE;
  guiche_json_writer_raw (send->reply, result.json, (gssize) result.json_length);
  return TRUE;
}

static void send_one (Bench *bench);

static void
on_sent (gpointer data, GError *error)
{
  Send *send = data;
  Bench *bench = send->bench;
  gint64 sent_us = send->sent_us;

  if (error != NULL)
    g_error ("%s", error->message);
  guiche_json_writer_free (send->reply);
  g_free (send);
  bench->latencies_us[bench->n_done++] = (guint32) (g_get_monotonic_time () - sent_us);
  if (bench->n_sent < bench->n_wanted)
    send_one (bench);
  else if (bench->n_done == bench->n_wanted)
    g_main_loop_quit (bench->loop);
}

static void
send_one (Bench *bench)
{
  Send *send = g_new (Send, 1);

  *send = (Send){ bench, bench->conversations[bench->n_sent % CONVERSATIONS],
                  guiche_id_source_next (bench->ids), guiche_json_writer_new (),
                  g_get_monotonic_time () };
  bench->n_sent++;
  guiche_tenant_write (bench->tenant, &bench->actor, bench->run, on_sent, send);
}

static gboolean
run_prepare (GuicheTx *tx, gpointer data, GError **error)
{
  Bench *bench = data;
  GuicheUserChange change = GUICHE_USER_CHANGE_NOTHING;
  g_autoptr (GuicheUser) user = NULL;

  change.login = "sofia";
  change.name = "Sofia Almeida";
  change.role = GUICHE_ROLE_SUPERVISOR;
  change.password_hash = "none";
  user = guiche_user_create (tx, &change, error);
  if (user == NULL)
    return FALSE;
  bench->actor.role = GUICHE_ROLE_SUPERVISOR;
  bench->actor.id = user->id;
  for (int i = 0; i < CONVERSATIONS; i++) {
    g_auto (GuicheCustomerRecord) customer = { 0 };
    GuicheCustomerChange name = { .name = "Maria da Silva" };
    GuicheConversationOpening opening = { .channel = "webchat", .queue = "technical_normal" };
    g_autoptr (GuicheConversation) conversation = NULL;

    if (!guiche_customer_create (tx, &name, TRUE, &customer, error))
      return FALSE;
    opening.customer_id = customer.id;
    conversation = guiche_conversation_open (tx, &opening, NULL, error);
    if (conversation == NULL)
      return FALSE;
    bench->conversations[i] = conversation->record.id;
  }
  return TRUE;
}

static gboolean
run_load_viewer (GuicheTx *tx, gpointer data, GError **error)
{
  Bench *bench = data;

  bench->actor.viewer = guiche_access_load_viewer (tx, &bench->actor.id, error);
  return bench->actor.viewer != NULL;
}

static gboolean
run_cpu (GuicheTx *tx, gpointer data, GError **error)
{
  ((Bench *) data)->writer_cpu_us = thread_cpu_us ();
  return TRUE;
}

static void
on_events (GuicheTenant *tenant, GuicheEvent *const *events, gsize n_events, gpointer user_data)
{
}

static int
compare (const void *a, const void *b)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;

  return left < right ? -1 : left > right;
}

static void
measure (Bench *bench, const char *name, GuicheWorkRun run, guint in_flight, guint64 n_messages)
{
  GuicheTenantStats before, after;
  gint64 started, elapsed, cpu;

  bench->n_sent = bench->n_done = 0;
  bench->n_wanted = n_messages;
  bench->run = run;
  guiche_tenant_write_sync (bench->tenant, NULL, run_cpu, bench, NULL);
  cpu = bench->writer_cpu_us;
  guiche_tenant_get_stats (bench->tenant, &before);
  started = g_get_monotonic_time ();
  for (guint i = 0; i < in_flight; i++)
    send_one (bench);
  g_main_loop_run (bench->loop);
  elapsed = g_get_monotonic_time () - started;
  guiche_tenant_get_stats (bench->tenant, &after);
  guiche_tenant_write_sync (bench->tenant, NULL, run_cpu, bench, NULL);
  qsort (bench->latencies_us, n_messages, sizeof *bench->latencies_us, compare);
  g_print (
      "%-14s %4u in flight: %8.0f/s, p50 %6.2f ms, p99 %6.2f ms, %6.2f us of the writer, %5.1f "
      "a commit",
      name, in_flight, (double) n_messages * G_USEC_PER_SEC / (double) elapsed,
      bench->latencies_us[n_messages / 2] / 1000.0,
      bench->latencies_us[n_messages * 99 / 100] / 1000.0,
      (double) (bench->writer_cpu_us - cpu) / (double) n_messages,
      (double) n_messages / (double) (after.commits - before.commits));
  if (after.round_trips > before.round_trips)
    g_print (", %.2f round trips each",
             (double) (after.round_trips - before.round_trips) / (double) n_messages);
  g_print ("\n");
}

int
main (int argc, char **argv)
{
  guint64 n_messages = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 50000;
  g_autofree char *directory = g_dir_make_tmp ("guiche-bench-XXXXXX", NULL);
  g_autoptr (GuicheSettings) settings = NULL;
  g_autoptr (GuicheClock) clock = guiche_clock_new_system ();
  g_autoptr (GError) error = NULL;
  g_autofree char *database = guiche_test_database_new ();
  g_autofree char *url = g_strconcat ("GUICHE_STORE_URL=", database, NULL);
  char *environment[] = { url, NULL };
  Bench bench = { .loop = g_main_loop_new (NULL, FALSE), .ids = guiche_id_source_new (clock, 0) };
  GuicheStore *store;

  settings = guiche_settings_load (NULL, environment, &error);
  store = settings == NULL ? NULL : guiche_store_open (directory, settings, NULL, &error);
  bench.tenant =
      store == NULL ? NULL : guiche_store_create_tenant (store, "bench", "Bench", &error);
  if (bench.tenant == NULL ||
      !guiche_tenant_write_sync (bench.tenant, NULL, run_prepare, &bench, &error) ||
      !guiche_tenant_read_sync (bench.tenant, NULL, run_load_viewer, &bench, &error))
    g_error ("%s", error->message);
  guiche_store_set_listener (store, on_events, NULL);
  bench.latencies_us = g_new (guint32, n_messages);
  measure (&bench, "warming up", run_send, 64, n_messages / 10);
  measure (&bench, "message.send", run_send, 1, n_messages / 250);
  measure (&bench, "message.send", run_send, 16, n_messages / 5);
  measure (&bench, "message.send", run_send, 64, n_messages);
  measure (&bench, "message.send", run_send, 256, n_messages);
  measure (&bench, "- nothing", run_nothing, 64, n_messages);
  measure (&bench, "- access", run_access, 64, n_messages);
  measure (&bench, "- JSON", run_json, 64, n_messages);
  measure (&bench, "- event row", run_event, 64, n_messages);
  measure (&bench, "- message row", run_row, 64, n_messages);
  guiche_viewer_unref (bench.actor.viewer);
  guiche_store_close (store);
  guiche_id_source_free (bench.ids);
  g_main_loop_unref (bench.loop);
  g_free (bench.latencies_us);
  guiche_test_database_free (g_steal_pointer (&database));
  guiche_test_remove_directory (directory);
  return 0;
}
