/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "base/json.h"
#include "support/desktop.h"
#include "support/populate.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* The desktop's figures: replay, opening, searching, memory. Prints one line each; a figure that
 * misses its bound fails. */

static gboolean has_failed;

static void
report (const char *what, double value, const char *unit, double bound)
{
  gboolean is_good = value <= bound;

  has_failed |= !is_good;
  g_print ("%-58s %10.2f %s (at most %g)%s\n", what, value, unit, bound, is_good ? "" : "  MISSED");
}

static double
ms_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

/* What this process has used of the processor: other work on the machine does not count. */
static double
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000.0 +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000.0;
}

static GuicheDesk *
open_populated (const char *profile_id, const GuichePopulate *options)
{
  g_autoptr (GuicheSession) session =
                 guiche_test_session_new ("http://127.0.0.1:9", "ana", profile_id);
  g_autofree char *directory =
      g_build_filename (g_get_user_data_dir (), "guiche", "profiles", profile_id, NULL);
  g_autoptr (GError) error = NULL;
  GuicheDesk *desk;

  if (options != NULL && !guiche_populate_cache (directory, options, &error))
    g_error ("%s", error->message);
  desk = guiche_desk_new (session, &error);
  g_assert_no_error (error);
  return desk;
}

/* Opening. */

static void
measure_opening (void)
{
  const GuichePopulate options = { .n_conversations = 2000, .n_messages = 50000, .n_long = 100000 };
  g_autoptr (GuicheDesk) first = open_populated ("opening", &options);
  g_autoptr (GuicheDesk) desk = NULL;
  g_autoptr (GuicheMessageList) list = NULL;
  GuicheConversation *conversation;
  gint64 start;
  double slowest = 0;
  guint n;

  g_clear_object (&first);
  start = g_get_monotonic_time ();
  desk = open_populated ("opening", NULL);
  report ("desk opened on a cache of 2,000 conversations", ms_since (start), "ms", 100);
  conversation = guiche_desk_find_conversation (desk, GUICHE_POPULATE_LONG_ID);
  start = g_get_monotonic_time ();
  list = guiche_message_list_new (desk, conversation);
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  /* What a list view looks at first: some screens at the end. */
  for (guint i = n - 200; i < n; i++) {
    g_autoptr (GuicheMessage) message = g_list_model_get_item (G_LIST_MODEL (list), i);
    g_assert_false (guiche_message_get_is_loading (message));
  }
  report ("100,000 messages opened at their end", ms_since (start), "ms", 120);
  for (guint i = 0; i < 20000; i++) {
    double before = cpu_ms ();
    g_autoptr (GuicheMessage) message = g_list_model_get_item (G_LIST_MODEL (list), n - 1 - i);
    slowest = MAX (slowest, cpu_ms () - before);
  }
  report ("slowest step of scrolling over 20,000 of them, processor", slowest, "ms", 16);
}

/* Memory. */

static double
read_pss_mb (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL);
  line = text != NULL ? strstr (text, "Pss:") : NULL;
  return line != NULL ? g_ascii_strtod (line + 4, NULL) / 1024.0 : -1;
}

static void
measure_memory (void)
{
  const GuichePopulate options = { .n_conversations = 400, .n_messages = 50000 };
  g_autoptr (GuicheDesk) desk = NULL;
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (g_object_unref);
  double before;

  g_clear_object (&desk);
  desk = open_populated ("memory", &options);
  g_clear_object (&desk);
  malloc_trim (0);
  before = read_pss_mb ();
  desk = open_populated ("memory", NULL);
  guiche_index_fill_sync (desk->index);
  /* An agent who has looked through ten conversations. */
  for (guint i = 0; i < 10; i++) {
    g_autoptr (GuicheConversation) conversation =
                   g_list_model_get_item (guiche_desk_get_view (desk, GUICHE_VIEW_ALL), i);
    GuicheMessageList *list = guiche_message_list_new (desk, conversation);
    g_ptr_array_add (lists, list);
    for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (list)); j++)
      g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), j));
  }
  report ("memory of the client and the models, 50,000 messages cached", read_pss_mb () - before,
          "MB", 25);
}

/* Searching. */

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GListModel) hits = guiche_desk_search_finish (GUICHE_DESK (source), result, NULL);

  *(int *) user_data = hits != NULL ? (int) g_list_model_get_n_items (hits) : -1;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static void
measure_searching (void)
{
  static const char *const queries[] = { "n",
                                         "na",
                                         "nao",
                                         "nao fu",
                                         "internet",
                                         "inter",
                                         "i",
                                         "a",
                                         "o cabo",
                                         "boleto mes",
                                         "caminhao",
                                         "pagamento c",
                                         "maria",
                                         "maria da s",
                                         "819000",
                                         "5838",
                                         "C-001",
                                         "obrigada",
                                         "velocidade contratada",
                                         "s",
                                         "se",
                                         "sem sinal",
                                         "inexistente",
                                         "technico",
                                         "pi",
                                         "pix chave",
                                         "fibra",
                                         "amanha 8h",
                                         "de",
                                         "da um" };
  const GuichePopulate options = { .n_conversations = 20000,
                                   .n_messages = 1000000,
                                   .n_customers = 20000 };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GuicheDesk) desk = open_populated ("searching", &options);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  g_print ("# a cache of 1,000,000 messages made in %.1f s", ms_since (start) / 1000);
  start = g_get_monotonic_time ();
  guiche_index_fill_sync (desk->index);
  g_print (", its index filled in %.1f s\n", ms_since (start) / 1000);
  for (guint round = 0; round < 5; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (queries); i++) {
      int n_hits = -2;
      double ms, cpu = cpu_ms ();
      start = g_get_monotonic_time ();
      guiche_desk_search_async (desk, queries[i], NULL, on_searched, &n_hits);
      while (n_hits == -2)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (n_hits, >=, 0);
      ms = ms_since (start);
      if (round == 0)
        g_print ("#   %-24s %3d hits %7.2f ms, %7.2f of them on the processor\n", queries[i],
                 n_hits, ms, cpu_ms () - cpu);
      g_array_append_val (times, ms);
    }
  g_array_sort (times, compare_doubles);
  report ("search over 1,000,000 messages, median", g_array_index (times, double, times->len / 2),
          "ms", 50);
  report ("search over 1,000,000 messages, p95",
          g_array_index (times, double, times->len * 95 / 100), "ms", 50);
}

/* Replay. */

#define N_REPLAYED 20000

typedef struct {
  SoupWebsocketConnection *connection;
  guint n_acknowledged;
  gboolean is_ready;
} Writer;

static void
on_writer_message (SoupWebsocketConnection *connection, int type, GBytes *bytes, Writer *writer)
{
  const char *text = g_bytes_get_data (bytes, NULL);
  gsize length = g_bytes_get_size (bytes);

  if (g_strstr_len (text, (gssize) MIN (length, 40), "\"op\":\"ack\"") != NULL)
    writer->n_acknowledged++;
  else if (g_strstr_len (text, (gssize) MIN (length, 40), "\"op\":\"ready\"") != NULL)
    writer->is_ready = TRUE;
  else if (g_str_has_prefix (text, "{\"seq\":")) {
    gint64 seq = g_ascii_strtoll (text + 7, NULL, 10);
    if (seq % 200 == 0) {
      g_autofree char *seen =
          g_strdup_printf ("{\"op\":\"seen\",\"seq\":%" G_GINT64_FORMAT "}", seq);
      soup_websocket_connection_send_text (connection, seen);
    }
  }
}

static void
on_writer_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Writer *writer = user_data;

  writer->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, NULL);
  g_assert_nonnull (writer->connection);
  soup_websocket_connection_set_max_incoming_payload_size (writer->connection, 1 << 20);
  g_signal_connect (writer->connection, "message", G_CALLBACK (on_writer_message), writer);
}

/* Bruno writes so much to ana, over one stream, as fast as the server takes it. */
static void
write_many (GuicheDesk *bruno, const char *url, const char *conversation_id)
{
  g_autoptr (SoupSession) soup = soup_session_new ();
  g_autofree char *uri = g_strdup_printf ("%s/api/v1/stream?since=%" G_GINT64_FORMAT, url,
                                          guiche_cache_get_seq (bruno->cache));
  g_autofree char *bearer =
      g_strconcat ("Bearer ", guiche_session_get_token (bruno->session), NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GuicheIdSource) ids = guiche_id_source_new (bruno->clock, 7);
  Writer writer = { 0 };

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                bearer);
  soup_message_disable_feature (message, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  soup_session_websocket_connect_async (soup, message, NULL, NULL, 0, NULL, on_writer_connected,
                                        &writer);
  guiche_test_wait_for (writer.is_ready, 20);
  for (guint i = 0; i < N_REPLAYED; i++) {
    GuicheId id = guiche_id_source_next (ids);
    g_autofree char *client_id = guiche_id_dup_string (&id);
    g_autofree char *op =
        g_strdup_printf ("{\"op\":\"message.send\",\"ref\":\"r\",\"conversation_id\":\"%s\","
                         "\"client_id\":\"%s\",\"body\":\"%s\"}",
                         conversation_id, client_id, guiche_populate_sentence (i));
    soup_websocket_connection_send_text (writer.connection, op);
    if (i % 64 == 63)
      guiche_test_wait_for (writer.n_acknowledged + 256 > i, 60);
  }
  guiche_test_wait_for (writer.n_acknowledged == N_REPLAYED, 60);
  g_signal_handlers_disconnect_by_data (writer.connection, &writer);
  soup_websocket_connection_close (writer.connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  g_object_unref (writer.connection);
}

static void
on_action (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guiche_desk_action_finish (GUICHE_DESK (source), result, user_data, NULL);
}

static void
measure_replay (void)
{
  g_autofree char *data = g_dir_make_tmp ("guiche-bench-XXXXXX", NULL);
  GuicheTestServer *server = guiche_test_server_new (data);
  g_autoptr (GuicheDesk) ana = guiche_test_desk_open (server->url, "ana", "replay-ana");
  g_autoptr (GuicheDesk) bruno = guiche_test_desk_open (server->url, "bruno", "replay-bruno");
  g_autoptr (GuicheSession) session = NULL;
  g_autofree char *conversation_id = NULL, *differences = NULL;
  gint64 start;

  guiche_test_wait_for (guiche_desk_get_state (ana) == GUICHE_DESK_ONLINE, 20);
  guiche_test_wait_for (guiche_desk_get_state (bruno) == GUICHE_DESK_ONLINE, 20);
  guiche_desk_open_direct_async (ana, guiche_person_get_id (guiche_desk_get_me (bruno)), NULL,
                                 on_action, &conversation_id);
  guiche_test_wait_for (conversation_id != NULL, 10);
  guiche_test_wait_for (guiche_desk_find_conversation (ana, conversation_id) != NULL, 10);
  session = g_object_ref (ana->session);
  g_clear_object (&ana);
  write_many (bruno, server->url, conversation_id);
  g_clear_object (&bruno);
  ana = guiche_desk_new (session, NULL);
  g_assert_nonnull (ana);
  start = g_get_monotonic_time ();
  guiche_desk_connect (ana);
  guiche_test_wait_for (guiche_desk_get_state (ana) == GUICHE_DESK_ONLINE, 60);
  report ("20,000 missed events replayed into the cache", ms_since (start), "ms", 2000);
  g_assert_cmpint (
      guiche_conversation_get_last_seq (guiche_desk_find_conversation (ana, conversation_id)), >=,
      N_REPLAYED);
  differences = guiche_test_compare_with_server (ana, server->url);
  g_assert_cmpstr (differences, ==, "");
  g_clear_object (&ana);
  g_clear_object (&session);
  guiche_test_server_free (server);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/desktop/memory", measure_memory);
  g_test_add_func ("/desktop/opening", measure_opening);
  g_test_add_func ("/desktop/replay", measure_replay);
  g_test_add_func ("/desktop/search", measure_searching);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return has_failed ? EXIT_FAILURE : result;
}
