/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation.h"
#include "desk/message.h"
#include "random-desk.h"
#include "reference-client.h"

#define STEPS 300
#define SEEDS 6
#define CLIENTS 4

/* --- the visitor: what their page shows is the public part of the conversation
 * ---------------------- */

typedef struct {
  const GuicheTestPerson *visitor;
  GuicheViewer *viewer;
  GHashTable *messages; /* seq → JSON text */
  char *state;
  char *queue;
} Page;

static gboolean
run_check_page (GuicheTx *tx, gpointer data, GError **error)
{
  Page *page = data;
  GuicheMessagePage all = { .limit = 100000, .is_public = TRUE };
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load (tx, &page->visitor->conversation_id, error);
  gboolean has_more = FALSE;
  g_autoptr (GPtrArray) messages = guiche_messages_read (tx, conversation, &all, &has_more, error);

  g_assert_cmpuint (messages->len, ==, g_hash_table_size (page->messages));
  g_assert_cmpstr (page->state, ==, guiche_conversation_state_name (conversation->record.state));
  g_assert_cmpstr (page->queue, ==, conversation->record.queue);
  for (guint i = 0; i < messages->len; i++) {
    GuicheMessageRecord *message = g_ptr_array_index (messages, i);
    g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

    message->state = GUICHE_DELIVERY_SENT;
    guiche_message_record_to_json (message, writer);
    g_assert_cmpint (message->kind, !=, GUICHE_MESSAGE_NOTE);
    g_assert_cmpstr (guiche_json_writer_peek (writer, NULL), ==,
                     g_hash_table_lookup (page->messages, GINT_TO_POINTER ((int) message->seq)));
  }
  return TRUE;
}

static void
apply_to_page (Page *page, const char *kind, JsonObject *data)
{
  if (g_str_equal (kind, "visit.updated")) {
    g_free (page->state);
    g_free (page->queue);
    page->state = g_strdup (json_object_get_string_member (data, "state"));
    page->queue = g_strdup (json_object_get_string_member_with_default (data, "queue", NULL));
  } else if (g_str_equal (kind, "message.created") || g_str_equal (kind, "message.updated")) {
    g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
    g_auto (GuicheMessageRecord) message = { 0 };

    g_assert_true (guiche_message_record_from_json (json_object_get_object_member (data, "message"),
                                                    &message, NULL));
    message.state = GUICHE_DELIVERY_SENT;
    guiche_message_record_to_json (&message, writer);
    g_hash_table_replace (page->messages, GINT_TO_POINTER ((int) message.seq),
                          guiche_json_writer_steal (writer, NULL));
  } else {
    g_assert_cmpstr (kind, ==, "message.delivery");
  }
}

static gboolean
run_replay_page (GuicheTx *tx, gpointer data, GError **error)
{
  Page *page = data;
  gint64 next = 0;
  gboolean has_more = FALSE;
  g_autoptr (GPtrArray) events =
                 guiche_events_read (tx, 0, 60000, page->viewer, &next, &has_more, error);

  g_assert_nonnull (events);
  for (guint i = 0; i < events->len; i++) {
    GuicheEvent *event = g_ptr_array_index (events, i);
    gsize length = 0;
    const char *wire = g_bytes_get_data (event->wire, &length);
    g_autoptr (JsonNode) node = guiche_json_parse_object (wire, length, length, error);

    g_assert_nonnull (node);
    apply_to_page (page, event->kind,
                   json_object_get_object_member (json_node_get_object (node), "data"));
  }
  return TRUE;
}

static void
check_visitor (GuicheTestDesk *desk, const GuicheTestPerson *visitor)
{
  g_autoptr (GuicheViewer) viewer = guiche_test_viewer (desk, visitor);
  g_autoptr (GHashTable) messages = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Page page = { .visitor = visitor, .viewer = viewer, .messages = messages };

  guiche_test_read (desk->store, NULL, run_replay_page, &page);
  guiche_test_read (desk->store, NULL, run_check_page, &page);
  g_free (page.state);
  g_free (page.queue);
}

/* --- everybody
 * --------------------------------------------------------------------------------------- */

/* Seqs of each conversation are 1 to n without holes. */
static void
check_seqs (GuicheTestDesk *desk)
{
  g_assert_cmpint (
      guiche_test_number (
          desk->store,
          "SELECT COUNT(*) FROM (SELECT conversation FROM messages GROUP BY conversation "
          "HAVING COUNT(*) <> MAX(seq) OR MIN(seq) <> 1) AS broken"),
      ==, 0);
}

static void
test_random (gconstpointer data)
{
  guint32 seed = GPOINTER_TO_UINT (data);
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  const GuicheTestPerson *people[CLIENTS] = { &desk->ana, &desk->bruno, &desk->carla,
                                              &desk->sofia };
  ReferenceClient *clients[CLIENTS];
  RandomDesk random;

  random_desk_init (&random, desk, seed);
  for (int i = 0; i < CLIENTS; i++)
    clients[i] = reference_client_new (desk, people[i]);
  for (int step = 0; step < STEPS; step++) {
    const char *name = random_desk_step (&random);
    g_autofree char *when = g_strdup_printf ("seed %u, step %d (%s)", seed, step, name);

    for (int i = 0; i < CLIENTS; i++) {
      if (g_rand_int_range (random.random, 0, 3) != 0)
        continue;
      reference_client_sync (clients[i], g_rand_boolean (random.random));
      reference_client_check (clients[i], when);
    }
  }
  for (guint i = 0; i < random.n_visitors; i++)
    check_visitor (desk, &random.visitors[i]);
  check_seqs (desk);
  g_test_message ("%u done, %u refused", random.n_done, random.n_refused);
  g_assert_cmpuint (random.n_done, >, STEPS / 4);
  for (int i = 0; i < CLIENTS; i++)
    reference_client_free (clients[i]);
  random_desk_clear (&random);
}

static void
test_unread (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  const GuicheId *id = &visitor.conversation_id;
  ReferenceClient *ana = reference_client_new (desk, &desk->ana);
  g_autofree char *read = guiche_test_path (id, "/read");

  g_assert_cmpuint (reference_client_count_unread (ana, id), ==, 1);
  guiche_test_write_as_visitor (desk, &visitor, "oi");
  guiche_test_write_as_visitor (desk, &visitor, "alguém?");
  reference_client_sync (ana, FALSE);
  g_assert_cmpuint (reference_client_count_unread (ana, id), ==, 3);
  guiche_test_expect (desk, &desk->ana, 200, "POST", read, "{\"seq\":2}");
  guiche_test_expect (desk, &desk->ana, 200, "POST", read, "{\"seq\":1}");
  reference_client_sync (ana, FALSE);
  g_assert_cmpuint (reference_client_count_unread (ana, id), ==, 1);
  reference_client_check (ana, "after reading");
  reference_client_free (ana);
}

/* What was read before closing is not unread when it opens again. */
static void
test_unread_after_reopening (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  const GuicheId *id = &visitor.conversation_id;
  g_autofree char *read = guiche_test_path (id, "/read");
  g_autofree char *close = guiche_test_path (id, "/close");
  ReferenceClient *ana;

  guiche_test_write_as_visitor (desk, &visitor, "oi");
  guiche_test_expect (desk, &desk->ana, 200, "POST", read, "{\"seq\":2}");
  guiche_test_expect (desk, &desk->ana, 200, "POST", close, "{\"reason\":\"resolvido\"}");
  ana = reference_client_new (desk, &desk->ana);
  guiche_test_write_as_visitor (desk, &visitor, "voltei");
  reference_client_sync (ana, FALSE);
  g_assert_cmpuint (reference_client_count_unread (ana, id), ==, 3);
  reference_client_check (ana, "after reopening");
  reference_client_free (ana);
}

int
main (int argc, char **argv)
{
  const char *only = g_getenv ("GUICHE_TEST_SEED");

  g_test_init (&argc, &argv, NULL);
  for (guint32 seed = 1; seed <= SEEDS; seed++) {
    guint32 chosen = only != NULL ? (guint32) g_ascii_strtoull (only, NULL, 10) : seed;
    g_autofree char *path = g_strdup_printf ("/desk/event-is-state/%u", seed);

    g_test_add_data_func (path, GUINT_TO_POINTER (chosen), test_random);
  }
  g_test_add_func ("/desk/unread/marks", test_unread);
  g_test_add_func ("/desk/unread/after-reopening", test_unread_after_reopening);
  return g_test_run ();
}
