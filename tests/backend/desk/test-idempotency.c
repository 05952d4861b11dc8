/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/message.h"
#include "support/desk.h"

#include <string.h>

#define CLIENT "01980000-0000-7000-8000-0000000000aa"

static GuicheTestPerson
open_one (GuicheTestDesk *desk)
{
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "technical_normal");
  g_autofree char *accept = guiche_test_path (&visitor.conversation_id, "/accept");

  guiche_test_expect (desk, &desk->ana, 200, "POST", accept, "{}");
  return visitor;
}

static void
test_repeat (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *close = guiche_test_path (&visitor.conversation_id, "/close");
  g_autofree char *id = NULL;
  guint n_events;
  JsonObject *answer;

  answer = guiche_test_expect (desk, &desk->ana, 201, "POST", path,
                               "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
  id = g_strdup (json_object_get_string_member (answer, "id"));
  g_assert_cmpint (json_object_get_int_member (answer, "seq"), ==, 3);
  n_events = guiche_test_store_pump (desk->store);

  answer = guiche_test_expect (desk, &desk->ana, 200, "POST", path,
                               "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
  g_assert_cmpstr (json_object_get_string_member (answer, "id"), ==, id);
  g_assert_cmpint (json_object_get_int_member (answer, "seq"), ==, 3);
  g_assert_cmpuint (guiche_test_store_pump (desk->store), ==, n_events);

  /* After a restart, and after the conversation was closed. */
  guiche_test_store_reopen (desk->store);
  guiche_test_expect (desk, &desk->ana, 200, "POST", close, "{\"reason\":\"resolvido\"}");
  answer = guiche_test_expect (desk, &desk->ana, 200, "POST", path,
                               "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
  g_assert_cmpstr (json_object_get_string_member (answer, "id"), ==, id);

  /* Another sender's client_id is their own. */
  guiche_test_expect (desk, &desk->sofia, 409, "POST", path,
                      "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
}

static void
test_repeat_elsewhere (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson one = open_one (desk), other = open_one (desk);
  g_autofree char *first = guiche_test_path (&one.conversation_id, "/messages");
  g_autofree char *second = guiche_test_path (&other.conversation_id, "/messages");

  guiche_test_expect (desk, &desk->ana, 201, "POST", first,
                      "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
  g_assert_cmpstr (guiche_test_error_code (
                       guiche_test_expect (desk, &desk->ana, 409, "POST", second,
                                           "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}")),
                   ==, "conflict");
}

/* The answer was lost, and then the sender lost sight of the conversation: what was sent is still
 * theirs. */
static void
test_repeat_unseen (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autofree char *path = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *transfer = guiche_test_path (&visitor.conversation_id, "/transfer");
  g_autofree char *id = NULL;
  JsonObject *answer;
  guint n_events;

  answer = guiche_test_expect (desk, &desk->ana, 201, "POST", path,
                               "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
  id = g_strdup (json_object_get_string_member (answer, "id"));
  guiche_test_expect (desk, &desk->ana, 200, "POST", transfer, "{\"queue\":\"commercial\"}");
  n_events = guiche_test_store_pump (desk->store);
  answer = guiche_test_expect (desk, &desk->ana, 200, "POST", path,
                               "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
  g_assert_cmpstr (json_object_get_string_member (answer, "id"), ==, id);
  g_assert_cmpuint (guiche_test_store_pump (desk->store), ==, n_events);

  /* Nothing new, and nothing of others. */
  guiche_test_expect (
      desk, &desk->ana, 404, "POST", path,
      "{\"client_id\":\"01980000-0000-7000-8000-0000000000ab\",\"body\":\"bom dia\"}");
  guiche_test_expect (desk, &desk->bruno, 404, "POST", path,
                      "{\"client_id\":\"" CLIENT "\",\"body\":\"bom dia\"}");
}

/* Queued together, they share one transaction. */
typedef struct {
  GuicheId conversation_id;
  GuicheId client_id;
  GuicheActor actor;
  GuicheMessageResult result;
  char *json;
  gboolean fails_after;
  guint *n_done;
} Queued;

static gboolean
run_queued (GuicheTx *tx, gpointer data, GError **error)
{
  Queued *queued = data;
  GuicheMessageRequest request = { .client_id = queued->client_id, .body = "ao mesmo tempo" };

  if (!guiche_message_send (tx, &queued->conversation_id, &request, &queued->result, error))
    return FALSE;
  g_free (queued->json);
  queued->json = g_strndup (queued->result.json, queued->result.json_length);
  if (!queued->fails_after)
    return TRUE;
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT, "on purpose");
  return FALSE;
}

static void
on_queued (gpointer data, GError *error)
{
  Queued *queued = data;

  g_assert_true ((error != NULL) == queued->fails_after);
  (*queued->n_done)++;
}

/* Holds the writer until the rest is queued; a batch may be run again. */
static gboolean
run_hold (GuicheTx *tx, gpointer data, GError **error)
{
  GAsyncQueue *gate = data;
  gpointer token = g_async_queue_timeout_pop (gate, 60 * G_USEC_PER_SEC);

  g_assert_nonnull (token);
  g_async_queue_push (gate, token);
  return TRUE;
}

static void
on_held (gpointer data, GError *error)
{
}

static void
run_together (GuicheTestDesk *desk, Queued *queued, guint n_queued)
{
  g_autoptr (GAsyncQueue) gate = g_async_queue_new ();
  guint n_done = 0;

  guiche_tenant_write (desk->store->tenant, NULL, run_hold, on_held, gate);
  for (guint i = 0; i < n_queued; i++) {
    queued[i].n_done = &n_done;
    guiche_tenant_write (desk->store->tenant, &queued[i].actor, run_queued, on_queued, &queued[i]);
  }
  g_async_queue_push (gate, gate);
  while (n_done < n_queued)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_repeat_in_batch (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autoptr (GuicheViewer) viewer = guiche_test_viewer (desk, &desk->ana);
  Queued queued[2] = { 0 };

  for (int i = 0; i < 2; i++) {
    queued[i].conversation_id = visitor.conversation_id;
    queued[i].actor =
        (GuicheActor){ .role = GUICHE_ROLE_AGENT, .id = desk->ana.id, .viewer = viewer };
    g_assert_true (guiche_id_parse (CLIENT, &queued[i].client_id));
  }
  run_together (desk, queued, 2);
  g_assert_false (queued[0].result.is_repeat);
  g_assert_true (queued[1].result.is_repeat);
  g_assert_cmpstr (queued[0].json, ==, queued[1].json);
  g_free (queued[0].json);
  g_free (queued[1].json);
}

/* One that fails after its message leaves no hole and no trace, whatever was remembered. */
static void
test_failure_in_batch (void)
{
  enum {
    N = 20
  };

  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor = open_one (desk);
  g_autoptr (GuicheViewer) viewer = guiche_test_viewer (desk, &desk->ana);
  Queued queued[N] = { 0 };
  gint64 expected = 2;

  for (int i = 0; i < N; i++) {
    g_autofree char *client_id = guiche_test_client_id (desk);

    queued[i].conversation_id = visitor.conversation_id;
    queued[i].actor =
        (GuicheActor){ .role = GUICHE_ROLE_AGENT, .id = desk->ana.id, .viewer = viewer };
    queued[i].fails_after = i % 3 == 1;
    g_assert_true (guiche_id_parse (client_id, &queued[i].client_id));
  }
  run_together (desk, queued, N);
  for (int i = 0; i < N; i++) {
    if (!queued[i].fails_after)
      g_assert_cmpint (queued[i].result.seq, ==, ++expected);
    g_free (queued[i].json);
  }
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages"), ==, expected);
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT MAX(seq) FROM messages"), ==, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/messages/repeat", test_repeat);
  g_test_add_func ("/desk/messages/repeat-elsewhere", test_repeat_elsewhere);
  g_test_add_func ("/desk/messages/repeat-unseen", test_repeat_unseen);
  g_test_add_func ("/desk/messages/repeat-in-batch", test_repeat_in_batch);
  g_test_add_func ("/desk/messages/failure-in-batch", test_failure_in_batch);
  return g_test_run ();
}
