/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desktop.h"
#include "support/fake-server.h"

#include <string.h>

/* The stream and the outbox against a server with faults. */

#define CLOSE_TOKEN 4401
#define CLOSE_SNAPSHOT 4409

static GuicheDesk *
open_desk (GuicheFakeServer *server, const char *name)
{
  return guiche_test_desk_open (server->url, "ana", name);
}

static gboolean
is_online (GuicheDesk *desk)
{
  return guiche_desk_get_state (desk) == GUICHE_DESK_ONLINE;
}

static void
wait_for_stream (GuicheFakeServer *server, guint n)
{
  guiche_test_wait_for (server->n_streams >= n && server->stream != NULL, 40);
}

static const char *
last_received (GuicheFakeServer *server, const char *op)
{
  g_autofree char *start = g_strdup_printf ("{\"op\":\"%s\"", op);

  for (guint i = server->received->len; i-- > 0;)
    if (g_str_has_prefix (g_ptr_array_index (server->received, i), start))
      return g_ptr_array_index (server->received, i);
  return NULL;
}

static guint
count_received (GuicheFakeServer *server, const char *op)
{
  g_autofree char *start = g_strdup_printf ("{\"op\":\"%s\"", op);
  guint n = 0;

  for (guint i = 0; i < server->received->len; i++)
    n += g_str_has_prefix (g_ptr_array_index (server->received, i), start);
  return n;
}

static void
say_message (GuicheFakeServer *server, gint64 event_seq, gint64 seq)
{
  g_autofree char *client_id = g_uuid_string_random ();
  g_autofree char *message =
      guiche_fake_message_json (seq, client_id, "00000000-0000-7000-8000-0000000000b1", "oi");
  g_autofree char *event =
      g_strdup_printf ("{\"seq\":%" G_GINT64_FORMAT
                       ",\"at\":1,\"kind\":\"message.created\",\"data\":{\"message\":%s}}",
                       event_seq, message);

  guiche_fake_server_say (server, event);
}

static void
test_snapshot_then_stream (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "then-stream");
  GuicheConversation *conversation;

  wait_for_stream (server, 1);
  g_assert_cmpstr (server->since, ==, "10");
  g_assert_false (server->offers_extensions);
  say_message (server, 11, 1);
  g_assert_false (is_online (desk));
  guiche_fake_server_say (server, "{\"op\":\"ready\",\"seq\":11}");
  guiche_test_wait_for (is_online (desk), 10);
  conversation = guiche_desk_find_conversation (desk, GUICHE_FAKE_CONVERSATION);
  g_assert_cmpint (guiche_conversation_get_last_seq (conversation), ==, 1);
  guiche_test_wait_for (last_received (server, "seen") != NULL, 10);
  g_assert_cmpstr (last_received (server, "seen"), ==, "{\"op\":\"seen\",\"seq\":11}");
}

static void
test_comes_back (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "comes-back");

  wait_for_stream (server, 1);
  say_message (server, 11, 1);
  guiche_fake_server_say (server, "{\"op\":\"ready\",\"seq\":11}");
  guiche_test_wait_for (is_online (desk), 10);
  guiche_fake_server_close (server, 1001);
  guiche_test_wait_for (!is_online (desk), 10);
  wait_for_stream (server, 2);
  g_assert_cmpstr (server->since, ==, "11");
  g_assert_cmpuint (server->n_snapshots, ==, 1);
}

static void
test_snapshot_required (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "required");

  wait_for_stream (server, 1);
  guiche_fake_server_say (server, "{\"op\":\"snapshot_required\"}");
  wait_for_stream (server, 2);
  g_assert_cmpuint (server->n_snapshots, ==, 2);
  guiche_fake_server_close (server, CLOSE_SNAPSHOT);
  wait_for_stream (server, 3);
  g_assert_cmpuint (server->n_snapshots, ==, 3);
}

static void
test_token_expired (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "expired");

  wait_for_stream (server, 1);
  g_assert_cmpuint (server->n_refreshes, ==, 0);
  guiche_fake_server_close (server, CLOSE_TOKEN);
  wait_for_stream (server, 2);
  g_assert_cmpuint (server->n_refreshes, ==, 1);
}

static void
on_signed_out (GuicheDesk *desk, gboolean *is_signed_out)
{
  *is_signed_out = TRUE;
}

static void
test_signed_out_elsewhere (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "elsewhere");
  gboolean is_signed_out = FALSE;

  wait_for_stream (server, 1);
  g_signal_connect (desk, "signed-out", G_CALLBACK (on_signed_out), &is_signed_out);
  server->refresh_status = 401;
  guiche_fake_server_close (server, CLOSE_TOKEN);
  guiche_test_wait_for (is_signed_out, 10);
  g_assert_cmpint (guiche_desk_get_state (desk), ==, GUICHE_DESK_SIGNED_OUT);
}

static void
test_frame_too_large (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "large");
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, 'x');

  wait_for_stream (server, 1);
  guiche_fake_server_say (server, large);
  g_clear_object (&server->stream);
  wait_for_stream (server, 2);
}

static void
test_damaged_while_open (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "damaged");
  g_autoptr (GuicheMessage) message = NULL;
  g_autoptr (GError) error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT, "malformed");

  wait_for_stream (server, 1);
  say_message (server, 11, 1);
  guiche_fake_server_say (server, "{\"op\":\"ready\",\"seq\":11}");
  guiche_test_wait_for (is_online (desk), 10);
  message = guiche_desk_send (desk, guiche_desk_find_conversation (desk, GUICHE_FAKE_CONVERSATION),
                              &(GuicheOutgoing){ .body = "fica", .undo_ms = 10000 }, NULL);
  g_signal_emit_by_name (desk->sync, "failed", error);
  g_assert_true (guiche_cache_was_rebuilt (desk->cache));
  wait_for_stream (server, 2);
  g_assert_cmpuint (server->n_snapshots, ==, 2);
  g_assert_cmpstr (server->since, ==, "10");
  g_assert_nonnull (guiche_desk_find_conversation (desk, GUICHE_FAKE_CONVERSATION));
  g_assert_cmpuint (guiche_outbox_get_entries (desk->outbox)->len, ==, 1);
}

/* The outbox. */

static GuicheMessage *
send (GuicheDesk *desk, const char *body)
{
  g_autoptr (GError) error = NULL;
  GuicheMessage *message =
      guiche_desk_send (desk, guiche_desk_find_conversation (desk, GUICHE_FAKE_CONVERSATION),
                        &(GuicheOutgoing){ .body = body }, &error);

  g_assert_no_error (error);
  return message;
}

static void
acknowledge (GuicheFakeServer *server, GuicheMessage *message, gint64 seq)
{
  const char *client_id = guiche_message_get_row (message)->client_id;
  g_autofree char *json = guiche_fake_message_json (seq, client_id, GUICHE_FAKE_ME, "x");
  g_autofree char *ack =
      g_strdup_printf ("{\"op\":\"ack\",\"ref\":\"%s\",\"message\":%s}", client_id, json);

  guiche_fake_server_say (server, ack);
}

static void
go_online (GuicheFakeServer *server, GuicheDesk *desk, guint n)
{
  wait_for_stream (server, n);
  guiche_fake_server_say (server, "{\"op\":\"ready\",\"seq\":10}");
  guiche_test_wait_for (is_online (desk), 10);
}

static void
test_one_at_a_time_in_order (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "order");
  g_autoptr (GuicheMessage) one = NULL, other = NULL;

  go_online (server, desk, 1);
  one = send (desk, "um");
  other = send (desk, "dois");
  guiche_test_wait_for (count_received (server, "message.send") == 1, 10);
  g_assert_nonnull (strstr (last_received (server, "message.send"), "\"um\""));
  acknowledge (server, one, 1);
  guiche_test_wait_for (count_received (server, "message.send") == 2, 10);
  g_assert_nonnull (strstr (last_received (server, "message.send"), "\"dois\""));
  acknowledge (server, other, 2);
  guiche_test_wait_for (guiche_message_get_seq (other) == 2, 10);
}

static void
test_stored_but_not_answered (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "unanswered");
  g_autoptr (GuicheMessage) message = NULL;
  const char *client_id;

  go_online (server, desk, 1);
  message = send (desk, "chegou?");
  guiche_test_wait_for (count_received (server, "message.send") == 1, 10);
  guiche_fake_server_close (server, 1001);
  go_online (server, desk, 2);
  guiche_test_wait_for (count_received (server, "message.send") == 2, 10);
  client_id = guiche_message_get_row (message)->client_id;
  for (guint i = 0; i < server->received->len; i++)
    if (strstr (g_ptr_array_index (server->received, i), "message.send") != NULL)
      g_assert_nonnull (strstr (g_ptr_array_index (server->received, i), client_id));
  /* The event can tell as well as an answer. */
  g_autofree char *json = guiche_fake_message_json (1, client_id, GUICHE_FAKE_ME, "x");
  g_autofree char *event = g_strdup_printf (
      "{\"seq\":11,\"at\":1,\"kind\":\"message.created\",\"data\":{\"message\":%s}}", json);
  guiche_fake_server_say (server, event);
  guiche_test_wait_for (guiche_message_get_seq (message) == 1, 10);
  g_assert_cmpuint (guiche_outbox_get_entries (desk->outbox)->len, ==, 0);
}

static void
test_refused_does_not_hold_up (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "refused");
  g_autoptr (GuicheMessage) one = NULL, other = NULL;
  g_autofree char *error = NULL, *failure = NULL;

  go_online (server, desk, 1);
  one = send (desk, "um");
  other = send (desk, "dois");
  guiche_test_wait_for (count_received (server, "message.send") == 1, 10);
  error = g_strdup_printf ("{\"op\":\"error\",\"ref\":\"%s\",\"error\":{\"code\":\"conversation-"
                           "closed\",\"message\":\"closed\"}}",
                           guiche_message_get_row (one)->client_id);
  guiche_fake_server_say (server, error);
  guiche_test_wait_for (count_received (server, "message.send") == 2, 10);
  g_object_get (one, "failure", &failure, NULL);
  g_assert_cmpstr (failure, ==, "conversation-closed");
  acknowledge (server, other, 1);
  guiche_test_wait_for (guiche_message_get_seq (other) == 1, 10);
  guiche_desk_retry_send (desk, one);
  guiche_test_wait_for (count_received (server, "message.send") == 3, 10);
  acknowledge (server, one, 2);
  guiche_test_wait_for (guiche_message_get_seq (one) == 2, 10);
}

static void
test_later_is_not_now (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "later");
  g_autoptr (GuicheMessage) message = NULL;
  g_autofree char *error = NULL;

  go_online (server, desk, 1);
  message = send (desk, "espera");
  guiche_test_wait_for (count_received (server, "message.send") == 1, 10);
  error = g_strdup_printf ("{\"op\":\"error\",\"ref\":\"%s\",\"error\":{\"code\":\"unavailable\","
                           "\"message\":\"later\"}}",
                           guiche_message_get_row (message)->client_id);
  guiche_fake_server_say (server, error);
  /* Tried again by itself. */
  guiche_test_wait_for (count_received (server, "message.send") == 2, 10);
  acknowledge (server, message, 1);
  guiche_test_wait_for (guiche_message_get_seq (message) == 1, 10);
}

#define EARLY "00000000-0000-7000-8000-0000000000d1"
#define LATE "00000000-0000-7000-8000-0000000000d2"

static void
say_scheduled (GuicheFakeServer *server,
               gint64 seq,
               const char *id,
               const char *body,
               gint64 send_at)
{
  g_autofree char *event = g_strdup_printf (
      "{\"seq\":%" G_GINT64_FORMAT ",\"at\":1,\"kind\":\"scheduled.updated\",\"data\":{"
      "\"scheduled_message\":{\"id\":\"%s\",\"conversation_id\":\"" GUICHE_FAKE_CONVERSATION
      "\",\"client_id\":\"%s\",\"body\":\"%s\",\"send_at\":%" G_GINT64_FORMAT "}}}",
      seq, id, id, body, send_at);

  guiche_fake_server_say (server, event);
}

static void
on_action_done (GObject *desk, GAsyncResult *result, gpointer is_done)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (guiche_desk_action_finish (GUICHE_DESK (desk), result, NULL, &error));
  g_assert_no_error (error);
  *(gboolean *) is_done = TRUE;
}

/* In the order of their times; one that was changed is there once; one that is canceled goes. */
static void
test_scheduled (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "scheduled");
  GListModel *scheduled = guiche_desk_get_scheduled (desk);
  g_autoptr (GuicheScheduledMessage) early = NULL, late = NULL;
  gboolean is_done = FALSE;

  go_online (server, desk, 1);
  say_scheduled (server, 12, LATE, "tarde", 9);
  say_scheduled (server, 13, LATE, "mais tarde", 9);
  say_scheduled (server, 14, EARLY, "cedo", 7);
  guiche_test_wait_for (g_list_model_get_n_items (scheduled) == 2, 10);
  early = g_list_model_get_item (scheduled, 0);
  late = g_list_model_get_item (scheduled, 1);
  g_assert_cmpstr (guiche_scheduled_message_get_body (early), ==, "cedo");
  g_assert_cmpint (guiche_scheduled_message_get_send_at (early), ==, 7);
  g_assert_cmpstr (guiche_scheduled_message_get_conversation_id (early), ==,
                   GUICHE_FAKE_CONVERSATION);
  g_assert_cmpstr (guiche_scheduled_message_get_body (late), ==, "mais tarde");
  guiche_desk_cancel_scheduled_async (desk, early, NULL, on_action_done, &is_done);
  guiche_test_wait_for (is_done, 10);
  g_assert_cmpstr (server->deleted, ==, "/api/v1/scheduled/" EARLY);
  guiche_fake_server_say (server,
                          "{\"seq\":15,\"at\":1,\"kind\":\"scheduled.removed\",\"data\":{\"id\":"
                          "\"" EARLY "\",\"conversation_id\":\"" GUICHE_FAKE_CONVERSATION "\"}}");
  guiche_test_wait_for (g_list_model_get_n_items (scheduled) == 1, 10);
}

/* Once per conversation and batch; what was told before, and what the company writes, is not. */
static void
test_tells_what_arrived (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheDesk) desk = open_desk (server, "delivered");
  g_autofree char *own = guiche_fake_message_json (4, EARLY, GUICHE_FAKE_ME, "oi");
  g_autofree char *event = g_strdup_printf (
      "{\"seq\":14,\"at\":1,\"kind\":\"message.created\",\"data\":{\"message\":%s}}", own);

  wait_for_stream (server, 1);
  say_message (server, 11, 1);
  say_message (server, 12, 2);
  guiche_fake_server_say (server, "{\"op\":\"ready\",\"seq\":12}");
  guiche_test_wait_for (last_received (server, "delivered") != NULL, 10);
  g_assert_cmpstr (last_received (server, "delivered"), ==,
                   "{\"op\":\"delivered\",\"conversation_id\":\"" GUICHE_FAKE_CONVERSATION
                   "\",\"seq\":2}");
  g_assert_cmpuint (count_received (server, "delivered"), ==, 1);
  say_message (server, 13, 3);
  guiche_test_wait_for (count_received (server, "delivered") == 2, 10);
  g_assert_true (g_str_has_suffix (last_received (server, "delivered"), "\"seq\":3}"));
  guiche_fake_server_say (server, event);
  guiche_test_wait_for (
      g_strcmp0 (last_received (server, "seen"), "{\"op\":\"seen\",\"seq\":14}") == 0, 10);
  g_assert_cmpuint (count_received (server, "delivered"), ==, 2);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/client/sync/snapshot-then-stream", test_snapshot_then_stream);
  g_test_add_func ("/client/sync/comes-back", test_comes_back);
  g_test_add_func ("/client/sync/snapshot-required", test_snapshot_required);
  g_test_add_func ("/client/sync/token-expired", test_token_expired);
  g_test_add_func ("/client/sync/signed-out-elsewhere", test_signed_out_elsewhere);
  g_test_add_func ("/client/sync/frame-too-large", test_frame_too_large);
  g_test_add_func ("/client/sync/damaged-while-open", test_damaged_while_open);
  g_test_add_func ("/client/sync/scheduled", test_scheduled);
  g_test_add_func ("/client/sync/tells-what-arrived", test_tells_what_arrived);
  g_test_add_func ("/client/outbox/one-at-a-time-in-order", test_one_at_a_time_in_order);
  g_test_add_func ("/client/outbox/stored-but-not-answered", test_stored_but_not_answered);
  g_test_add_func ("/client/outbox/refused-does-not-hold-up", test_refused_does_not_hold_up);
  g_test_add_func ("/client/outbox/later-is-not-now", test_later_is_not_now);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
