/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "support/desktop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Nothing lost, nothing twice, nothing out of order, whatever dies: the server with SIGKILL, the
 * network, the desktop. */

static const char *self_path;

#define is_online(desk) (guiche_desk_get_state (desk) == GUICHE_DESK_ONLINE)

static guint
pending_of (GuicheDesk *desk)
{
  guint pending = 0;

  g_object_get (desk, "pending", &pending, NULL);
  return pending;
}

typedef struct {
  gboolean is_done;
  char *id;
  GError *error;
} Action;

static void
on_action (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Action *action = user_data;

  guiche_desk_action_finish (GUICHE_DESK (source), result, &action->id, &action->error);
  action->is_done = TRUE;
}

/* A direct conversation of both: (transfer full): its id. */
static char *
open_direct (GuicheDesk *desk, GuicheDesk *other)
{
  Action action = { 0 };

  guiche_test_wait_for (is_online (desk) && is_online (other), 30);
  guiche_desk_open_direct_async (desk, guiche_person_get_id (guiche_desk_get_me (other)), NULL,
                                 on_action, &action);
  guiche_test_wait_for (action.is_done, 10);
  g_assert_no_error (action.error);
  guiche_test_wait_for (guiche_desk_find_conversation (desk, action.id) != NULL, 10);
  guiche_test_wait_for (guiche_desk_find_conversation (other, action.id) != NULL, 10);
  return action.id;
}

static void
send_number (GuicheDesk *desk, const char *conversation_id, const char *who, guint number)
{
  g_autofree char *body = g_strdup_printf ("%s %u", who, number);
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheMessage) message =
                 guiche_desk_send (desk, guiche_desk_find_conversation (desk, conversation_id),
                                   &(GuicheOutgoing){ .body = body }, &error);

  g_assert_no_error (error);
}

/* Reads the whole conversation from the server: seq without a hole, and each sender's numbers 1..@n
 * in order, once. */
static void
assert_history (GuicheDesk *desk,
                const char *url,
                const char *conversation_id,
                const char *const *senders,
                guint n)
{
  g_autoptr (GHashTable) next = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 after = 0;
  gboolean has_more = TRUE;

  if (!guiche_session_is_fresh (desk->session))
    guiche_test_refresh_token (desk->session);
  while (has_more) {
    g_autofree char *path =
        g_strdup_printf ("/api/v1/conversations/%s/messages?after=%" G_GINT64_FORMAT
                         "&before=%" G_GINT64_FORMAT "&limit=100",
                         conversation_id, after, after + 101);
    g_autoptr (JsonNode) node = guiche_test_request (
        url, "GET", path, guiche_session_get_token (desk->session), NULL, NULL);
    JsonArray *items;
    g_assert_nonnull (node);
    items = json_object_get_array_member (json_node_get_object (node), "items");
    has_more = json_array_get_length (items) > 0;
    for (guint i = 0; i < json_array_get_length (items); i++) {
      JsonObject *message = json_array_get_object_element (items, i);
      g_auto (GStrv) words = g_strsplit (json_object_get_string_member (message, "body"), " ", 2);
      g_assert_cmpint (json_object_get_int_member (message, "seq"), ==, ++after);
      if (!g_strv_contains (senders, words[0]))
        continue;
      guint expected = GPOINTER_TO_UINT (g_hash_table_lookup (next, words[0])) + 1;
      g_assert_cmpstr (words[1], !=, NULL);
      g_assert_cmpuint ((guint) g_ascii_strtoull (words[1], NULL, 10), ==, expected);
      for (gsize j = 0; senders[j] != NULL; j++)
        if (g_str_equal (senders[j], words[0]))
          g_hash_table_insert (next, (gpointer) senders[j], GUINT_TO_POINTER (expected));
    }
  }
  for (gsize j = 0; senders[j] != NULL; j++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (next, senders[j])), ==, n);
}

typedef struct {
  GuicheTestServer *server;
  GuicheTestProxy *proxy;
  GuicheDesk *ana, *bruno;
  char *data, *conversation_id;
} Fixture;

static void
set_up (Fixture *fixture, const char *name)
{
  g_autofree char *url = NULL, *ana = g_strconcat (name, "-ana", NULL),
                  *bruno = g_strconcat (name, "-bruno", NULL);

  fixture->data = g_dir_make_tmp ("guiche-faults-XXXXXX", NULL);
  fixture->server = guiche_test_server_new (fixture->data);
  fixture->proxy = guiche_test_proxy_new (fixture->server->port);
  url = guiche_test_proxy_url (fixture->proxy);
  fixture->ana = guiche_test_desk_open (url, "ana", ana);
  fixture->bruno = guiche_test_desk_open (url, "bruno", bruno);
  fixture->conversation_id = open_direct (fixture->ana, fixture->bruno);
}

static void
finish (Fixture *fixture, guint n)
{
  const char *const senders[] = { "ana", "bruno", NULL };

  guiche_desk_retry_now (fixture->ana);
  guiche_desk_retry_now (fixture->bruno);
  guiche_test_wait_for (pending_of (fixture->ana) == 0 && pending_of (fixture->bruno) == 0, 60);
  guiche_test_wait_for (is_online (fixture->ana) && is_online (fixture->bruno), 40);
  assert_history (fixture->ana, fixture->server->url, fixture->conversation_id, senders, n);
  guiche_test_assert_equal_to_server (fixture->ana, fixture->server->url, "the faults");
  guiche_test_assert_equal_to_server (fixture->bruno, fixture->server->url, "the faults");
  g_clear_object (&fixture->ana);
  g_clear_object (&fixture->bruno);
  guiche_test_proxy_free (fixture->proxy);
  guiche_test_server_free (fixture->server);
  g_free (fixture->data);
  g_free (fixture->conversation_id);
}

static void
turn (guint ms)
{
  gint64 until = g_get_monotonic_time () + (gint64) ms * 1000;
  g_autoptr (GSource) tick = guiche_test_tick ();

  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (tick);
}

#define N_MESSAGES 150

static void
test_cut_network (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, "cut");
  for (guint i = 1; i <= N_MESSAGES; i++) {
    send_number (fixture.ana, fixture.conversation_id, "ana", i);
    send_number (fixture.bruno, fixture.conversation_id, "bruno", i);
    if (g_test_rand_int_range (0, 8) == 0)
      guiche_test_proxy_cut (fixture.proxy);
    if (i % 50 == 20)
      guiche_test_proxy_set_off (fixture.proxy, TRUE);
    if (i % 50 == 40)
      guiche_test_proxy_set_off (fixture.proxy, FALSE);
    turn ((guint) g_test_rand_int_range (1, 40));
    if (i % 25 == 0) {
      guiche_desk_retry_now (fixture.ana);
      guiche_desk_retry_now (fixture.bruno);
    }
  }
  finish (&fixture, N_MESSAGES);
}

static void
test_server_killed (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, "killed");
  for (guint i = 1; i <= N_MESSAGES; i++) {
    send_number (fixture.ana, fixture.conversation_id, "ana", i);
    send_number (fixture.bruno, fixture.conversation_id, "bruno", i);
    turn ((guint) g_test_rand_int_range (1, 25));
    if (i % 15 != 0)
      continue;
    guiche_test_server_kill (fixture.server);
    turn ((guint) g_test_rand_int_range (0, 100));
    guiche_test_server_start (fixture.server);
    guiche_desk_retry_now (fixture.ana);
    guiche_desk_retry_now (fixture.bruno);
  }
  finish (&fixture, N_MESSAGES);
}

/* The desktop killed: this program again, as a desktop that sends until somebody kills it. */

static guint
last_number (GuicheDesk *desk, const char *conversation_id)
{
  GuicheConversation *conversation = guiche_desk_find_conversation (desk, conversation_id);
  g_autoptr (GPtrArray) rows =
                 guiche_message_store_list (guiche_cache_reader (desk->cache), conversation_id, 1,
                                            guiche_conversation_get_last_seq (conversation));

  for (guint i = rows->len; i-- > 0;) {
    const GuicheMessageRow *row = g_ptr_array_index (rows, i);
    if (g_str_has_prefix (row->body, "ana "))
      return (guint) g_ascii_strtoull (row->body + 4, NULL, 10);
  }
  return 0;
}

static int
run_child (char **argv)
{
  const char *conversation_id = argv[4];
  g_autoptr (GuicheDesk) desk = guiche_test_desk_open (argv[2], "ana", argv[3]);
  guint n = (guint) g_ascii_strtoull (argv[5], NULL, 10), i;

  guiche_test_wait_for (is_online (desk), 30);
  guiche_test_wait_for (guiche_desk_find_conversation (desk, conversation_id) != NULL, 10);
  /* A message may have reached the disk without anybody having been told: the outbox and then the
   * history say where to go on. */
  guiche_test_wait_for (pending_of (desk) == 0, 30);
  for (i = last_number (desk, conversation_id) + 1; i <= n; i++) {
    send_number (desk, conversation_id, "ana", i);
    g_print ("%u\n", i);
    turn (3);
  }
  guiche_test_wait_for (pending_of (desk) == 0, 60);
  guiche_test_wait_for (is_online (desk), 30);
  g_print ("done\n");
  return 0;
}

/* Lets it send a while and kills it, at whatever it is doing. Returns whether it came to its end.
 */
static gboolean
send_and_die (const char *url, const char *conversation_id, guint n, guint after)
{
  g_autofree char *last = g_strdup_printf ("%u", n);
  g_autoptr (GSubprocessLauncher) launcher =
                 g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  gboolean is_done = FALSE;

  child = g_subprocess_launcher_spawn (launcher, &error, self_path, "--child", url, "dying",
                                       conversation_id, last, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  for (guint i = 0; i < after && !is_done; i++) {
    g_autofree char *line = g_data_input_stream_read_line_utf8 (output, NULL, NULL, NULL);
    g_assert_nonnull (line);
    is_done = g_str_equal (line, "done");
  }
  g_subprocess_send_signal (child, SIGKILL);
  g_subprocess_wait (child, NULL, NULL);
  return is_done;
}

static void
test_desktop_killed (void)
{
  const char *const senders[] = { "ana", NULL };
  g_autofree char *data = g_dir_make_tmp ("guiche-faults-XXXXXX", NULL);
  GuicheTestServer *server = guiche_test_server_new (data);
  g_autoptr (GuicheDesk) ana = guiche_test_desk_open (server->url, "ana", "watching-ana");
  g_autoptr (GuicheDesk) bruno = guiche_test_desk_open (server->url, "bruno", "watching-bruno");
  g_autofree char *conversation_id = open_direct (ana, bruno);

  for (guint i = 0; i < 8; i++)
    g_assert_false (
        send_and_die (server->url, conversation_id, 1000, (guint) g_test_rand_int_range (1, 15)));
  /* Numbers go on from what is in the history: at the end there are so many, whoever has died. */
  g_assert_true (send_and_die (server->url, conversation_id, 140, 1000));
  assert_history (bruno, server->url, conversation_id, senders, 140);
  guiche_test_assert_equal_to_server (ana, server->url, "the faults");
  guiche_test_assert_equal_to_server (bruno, server->url, "the faults");
  g_clear_object (&ana);
  g_clear_object (&bruno);
  guiche_test_server_free (server);
}

int
main (int argc, char **argv)
{
  int result;

  self_path = argv[0];
  if (argc == 6 && strcmp (argv[1], "--child") == 0)
    return run_child (argv);
  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/faults/cut-network", test_cut_network);
  g_test_add_func ("/faults/server-killed", test_server_killed);
  g_test_add_func ("/faults/desktop-killed", test_desktop_killed);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
