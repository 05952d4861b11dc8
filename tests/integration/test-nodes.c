/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desktop.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/* Desktops at a balancer in front of two nodes that are restarted or killed while people write:
 * nothing lost, nothing twice, and as long as a node says that it ends, nobody notices. */

#define is_online(desk) (guiche_desk_get_state (desk) == GUICHE_DESK_ONLINE)

static guint
pending_of (GuicheDesk *desk)
{
  guint pending = 0;

  g_object_get (desk, "pending", &pending, NULL);
  return pending;
}

/* One line to the support program, which answers when it has done it. (thread any) */
static void
command (const char *line)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (g_getenv ("GUICHE_TEST_NODES"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
                 g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                             strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  g_assert_cmpstr (answer, ==, "ok");
}

typedef struct {
  const char *const *lines;
  gint is_done; /* (atomic) */
} Commands;

static gpointer
run_commands (gpointer data)
{
  Commands *commands = data;

  for (const char *const *line = commands->lines; *line != NULL; line++)
    command (*line);
  g_atomic_int_set (&commands->is_done, TRUE);
  return NULL;
}

typedef struct {
  gboolean is_done;
  char *id;
} Opening;

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr (GError) error = NULL;

  guiche_desk_action_finish (GUICHE_DESK (source), result, &opening->id, &error);
  g_assert_no_error (error);
  opening->is_done = TRUE;
}

/* What a person could have seen of a desk's connection, and what happened to its stream. */
typedef struct {
  guint n_shown; /* times that it did not look online */
  guint n_moves; /* times that the stream went away */
  gint64 down_us;
  gint64 longest_us;
} Watch;

static void
on_desk_state (GuicheDesk *desk, GParamSpec *pspec, Watch *watch)
{
  watch->n_shown += !is_online (desk);
}

static void
on_stream_state (GuicheStream *stream, Watch *watch)
{
  GuicheStreamState state = guiche_stream_get_state (stream);

  if (state == GUICHE_STREAM_DOWN && watch->down_us == 0) {
    watch->n_moves++;
    watch->down_us = g_get_monotonic_time ();
  } else if (state == GUICHE_STREAM_LIVE && watch->down_us != 0) {
    watch->longest_us = MAX (watch->longest_us, g_get_monotonic_time () - watch->down_us);
    watch->down_us = 0;
  }
}

typedef struct {
  GuicheDesk *ana, *bruno;
  char *conversation_id;
  const char *name; /* of the test: how what is written in it begins */
  guint n_sent;
  Watch watch;
} Fixture;

static void
set_up (Fixture *fixture)
{
  const char *url = g_getenv ("GUICHE_TEST_URL");
  Opening opening = { 0 };

  g_autofree char *profile = g_strconcat ("bruno-", fixture->name, NULL);

  fixture->ana = guiche_test_desk_open (url, "ana", fixture->name);
  fixture->bruno = guiche_test_desk_open (url, "bruno", profile);
  guiche_test_wait_for (is_online (fixture->ana) && is_online (fixture->bruno), 30);
  guiche_desk_open_direct_async (fixture->ana,
                                 guiche_person_get_id (guiche_desk_get_me (fixture->bruno)), NULL,
                                 on_opened, &opening);
  guiche_test_wait_for (opening.is_done, 20);
  fixture->conversation_id = opening.id;
  guiche_test_wait_for (guiche_desk_find_conversation (fixture->ana, opening.id) != NULL &&
                            guiche_desk_find_conversation (fixture->bruno, opening.id) != NULL,
                        20);
  g_signal_connect (fixture->ana, "notify::state", G_CALLBACK (on_desk_state), &fixture->watch);
  g_signal_connect (guiche_sync_get_stream (fixture->ana->sync), "state-changed",
                    G_CALLBACK (on_stream_state), &fixture->watch);
}

static void
send_next (Fixture *fixture)
{
  g_autofree char *body = g_strdup_printf ("%s %u", fixture->name, ++fixture->n_sent);
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheMessage) message = guiche_desk_send (
      fixture->ana, guiche_desk_find_conversation (fixture->ana, fixture->conversation_id),
      &(GuicheOutgoing){ .body = body }, &error);

  g_assert_no_error (error);
}

/* Writes on while another thread has @lines carried out. */
static void
write_during (Fixture *fixture, const char *const *lines)
{
  Commands commands = { lines, FALSE };
  GThread *thread = g_thread_new ("commands", run_commands, &commands);
  g_autoptr (GSource) tick = guiche_test_tick ();
  gint64 next_us = 0;

  while (!g_atomic_int_get (&commands.is_done)) {
    if (g_get_monotonic_time () >= next_us) {
      send_next (fixture);
      next_us = g_get_monotonic_time () + 50 * G_TIME_SPAN_MILLISECOND;
    }
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_destroy (tick);
  g_thread_join (thread);
  send_next (fixture);
}

/* What the other desktop holds: every number once, in order. */
static void
assert_received (Fixture *fixture)
{
  GuicheConversation *conversation =
      guiche_desk_find_conversation (fixture->bruno, fixture->conversation_id);
  g_autoptr (GPtrArray) rows = guiche_message_store_list (
      guiche_cache_reader (fixture->bruno->cache), fixture->conversation_id, 1,
      guiche_conversation_get_last_seq (conversation));
  gint64 before = 0;
  guint n = 0;

  for (guint i = 0; i < rows->len; i++) {
    const GuicheMessageRow *row = rows->pdata[i];
    g_auto (GStrv) words = g_strsplit (row->body, " ", 2);

    g_assert_true (i == 0 || row->seq == before + 1);
    before = row->seq;
    if (strcmp (words[0], fixture->name) == 0)
      g_assert_cmpuint ((guint) g_ascii_strtoull (words[1], NULL, 10), ==, ++n);
  }
  g_assert_cmpuint (n, ==, fixture->n_sent);
}

static gboolean
has_all (Fixture *fixture)
{
  return guiche_conversation_get_last_seq (
             guiche_desk_find_conversation (fixture->bruno, fixture->conversation_id)) ==
         guiche_conversation_get_last_seq (
             guiche_desk_find_conversation (fixture->ana, fixture->conversation_id));
}

static void
finish (Fixture *fixture)
{
  guiche_test_wait_for (pending_of (fixture->ana) == 0, 60);
  guiche_test_wait_for (is_online (fixture->ana) && is_online (fixture->bruno), 40);
  guiche_test_wait_for (has_all (fixture), 30);
  assert_received (fixture);
  guiche_test_assert_equal_to_server (fixture->ana, g_getenv ("GUICHE_TEST_URL"), "all faults");
  guiche_test_assert_equal_to_server (fixture->bruno, g_getenv ("GUICHE_TEST_URL"), "all faults");
  g_test_message ("%u messages; the stream moved %u times, %.0f ms at most", fixture->n_sent,
                  fixture->watch.n_moves, fixture->watch.longest_us / 1000.0);
  g_signal_handlers_disconnect_by_data (fixture->ana, &fixture->watch);
  g_signal_handlers_disconnect_by_data (guiche_sync_get_stream (fixture->ana->sync),
                                        &fixture->watch);
  g_clear_object (&fixture->ana);
  g_clear_object (&fixture->bruno);
  g_free (fixture->conversation_id);
}

static void
test_restarts (void)
{
  static const char *const lines[] = { "restart 0\n", "restart 1\n", NULL };
  Fixture fixture = { .name = "restarts" };

  set_up (&fixture);
  write_during (&fixture, lines);
  guiche_test_wait_for (pending_of (fixture.ana) == 0, 60);
  g_assert_cmpuint (fixture.watch.n_moves, >=, 1);
  if (fixture.watch.longest_us < G_USEC_PER_SEC) /* a machine that is too busy is noticed */
    g_assert_cmpuint (fixture.watch.n_shown, ==, 0);
  finish (&fixture);
}

static void
test_killed (void)
{
  static const char *const lines[] = { "kill 0\n", "start 0\n", "kill 1\n", "start 1\n", NULL };
  Fixture fixture = { .name = "killed" };

  set_up (&fixture);
  write_during (&fixture, lines);
  finish (&fixture);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/nodes/restarts", test_restarts);
  g_test_add_func ("/nodes/killed", test_killed);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
