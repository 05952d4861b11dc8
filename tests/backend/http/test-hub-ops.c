/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-harness.h"

#include <string.h>

#define CONVERSATION "01932f6a-0000-7000-8000-00000000c0de"

static const GuicheField note_fields[] = {
  { "body", GUICHE_TYPE_STRING, .is_required = TRUE, .minimum = 1, .maximum = 100 },
  { NULL },
};
static const GuicheSchema note_schema = { "Note", note_fields, FALSE };

/* (thread writer) */
static gboolean
save_note (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const char *body = json_object_get_string_member (guiche_request_body (request), "body");
  g_autofree char *data = g_strdup_printf ("{\"body\":\"%s\"}", body);

  g_assert_cmpstr (guiche_request_context (request), ==, "context");
  if (strcmp (body, "refuse") == 0) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONVERSATION_CLOSED, "closed");
    return FALSE;
  }
  guiche_json_writer_begin_object (guiche_reply_json (reply));
  guiche_json_writer_member_string (guiche_reply_json (reply), "body", body);
  guiche_json_writer_end_object (guiche_reply_json (reply));
  return guiche_tx_emit (tx, "note.saved", "*", NULL, data, strlen (data), error);
}

static const GuicheStreamOp ops[] = {
  { "note.save", GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, &note_schema, save_note, "Saves a note" },
  { NULL },
};

static void
expect (Client *client, const char *expected)
{
  g_autofree char *text = client_next (client);

  g_assert_cmpstr (text, ==, expected);
}

static Client *
client_ready (Harness *harness, guint user)
{
  Client *client = client_new (harness, user, -1);

  g_free (client_next_op (client, "ready"));
  if (user < 6)
    g_free (client_next_op (client, "presences"));
  return client;
}

static void
test_durable (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = NULL;
  g_autofree char *event = NULL;

  guiche_hub_add_ops (harness->hub, ops, (char *) "context");
  client = client_ready (harness, 0);
  client_send (client, "{\"op\":\"note.save\",\"ref\":\"r1\",\"body\":\"oi\"}");
  event = client_next (client);
  g_assert_true (g_str_has_prefix (event, "{\"seq\":1,"));
  expect (client, "{\"op\":\"ack\",\"ref\":\"r1\",\"body\":\"oi\"}");
  client_send (client, "{\"op\":\"note.save\",\"ref\":2,\"body\":\"refuse\"}");
  expect (client, "{\"op\":\"error\",\"ref\":2,\"error\":{\"code\":\"conversation-closed\","
                  "\"message\":\"closed\",\"details\":{}}}");
  g_assert_cmpint (guiche_test_number (harness->test, "SELECT COUNT(*) FROM events"), ==, 1);
}

/* What was accepted is answered before the stream parts. */
static void
on_shut_down (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
test_durable_at_shutdown (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = NULL;
  g_autofree char *ack = NULL;
  gboolean is_done = FALSE;
  GuicheHubStats stats = { 0 };

  guiche_hub_add_ops (harness->hub, ops, (char *) "context");
  client = client_ready (harness, 0);
  client_send (client, "{\"op\":\"note.save\",\"ref\":1,\"body\":\"oi\"}");
  WAIT_UNTIL ((guiche_hub_get_stats (harness->hub, &stats), stats.ops_durable == 1));
  guiche_hub_shutdown (harness->hub, on_shut_down, &is_done);
  ack = client_next_op (client, "ack");
  client_expect_close (client, 1001);
  WAIT_UNTIL (is_done);
}

static void
test_refusals (void)
{
  static const struct {
    guint user;
    const char *text, *code;
  } cases[] = {
    { 0, "{\"op\":\"note.save\",\"ref\":\"x\"}", "invalid-request" },
    { 0, "{\"op\":\"note.save\",\"ref\":\"x\",\"body\":7}", "invalid-request" },
    { 6, "{\"op\":\"note.save\",\"ref\":\"x\",\"body\":\"a\"}", "forbidden" },
    { 6, "{\"op\":\"presence\",\"ref\":\"x\",\"status\":\"away\"}", "forbidden" },
    { 0, "{\"op\":\"presence\",\"ref\":\"x\",\"status\":\"asleep\"}", "invalid-request" },
    { 0, "{\"op\":\"no.such\",\"ref\":\"x\"}", "invalid-request" },
    { 0, "{\"ref\":\"x\"}", "invalid-request" },
    { 0, "{\"op\":[],\"ref\":\"x\"}", "invalid-request" },
    { 0, "{\"op\":\"seen\",\"ref\":\"x\",\"seq\":\"7\"}", "invalid-request" },
    { 0, "{\"op\":\"typing\",\"ref\":\"x\",\"conversation_id\":\"7\",\"is_typing\":true}",
      "invalid-request" },
    { 0, "[1]", "invalid-json" },
    { 0, "{\"op\":\"ping\",\"op\":\"ping\"}", "invalid-json" },
    { 0, "", "invalid-json" },
    { 0, "{\"op\":\"ping\",\"ref\":\"\\u0000\"}", "invalid-json" },
  };

  g_autoptr (Harness) harness = harness_new (FALSE);

  guiche_hub_add_ops (harness->hub, ops, (char *) "context");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Client) client = client_ready (harness, cases[i].user);
    g_autofree char *code = g_strdup_printf ("\"error\":{\"code\":\"%s\"", cases[i].code);
    g_autofree char *answer = NULL;

    client_send (client, cases[i].text);
    answer = client_next_op (client, "error");
    g_test_message ("%s", answer);
    g_assert_nonnull (strstr (answer, code));
    if (strcmp (cases[i].code, "invalid-json") != 0)
      g_assert_nonnull (strstr (answer, "\"ref\":\"x\""));
  }
}

static void
test_typing (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) agent = client_ready (harness, 0);
  g_autoptr (Client) colleague = client_ready (harness, 1);
  g_autoptr (Client) stranger = client_ready (harness, 5);
  g_autoptr (Client) visitor = client_ready (harness, 6);
  g_autofree char *seen_by_visitor = NULL;
  g_autofree char *seen_by_colleague = NULL;
  g_autofree char *seen_by_agent = NULL;

  client_send (agent,
               "{\"op\":\"typing\",\"conversation_id\":\"" CONVERSATION "\",\"is_typing\":true}");
  seen_by_visitor = client_next (visitor);
  g_assert_cmpstr (
      seen_by_visitor, ==,
      "{\"op\":\"typing\",\"conversation_id\":\"" CONVERSATION
      "\",\"user\":{\"kind\":\"agent\",\"id\":"
      "\"01020304-0506-7008-8000-000000000000\",\"name\":\"Pessoa 0\"},\"is_typing\":true}");
  seen_by_colleague = client_next_op (colleague, "typing");
  g_assert_cmpstr (seen_by_colleague, ==, seen_by_visitor);
  /* From now on the audience is known: no read. */
  client_send (visitor, "{\"op\":\"typing\",\"is_typing\":false}");
  seen_by_agent = client_next_op (agent, "typing");
  g_assert_nonnull (strstr (seen_by_agent, "\"kind\":\"customer\""));
  g_assert_cmpint (g_atomic_int_get (&harness->n_audience_lookups), ==, 1);
  /* Who may not see the conversation cannot be heard in it, and hears nothing. */
  client_send (stranger,
               "{\"op\":\"typing\",\"conversation_id\":\"" CONVERSATION "\",\"is_typing\":true}");
  client_send (stranger, "{\"op\":\"ping\",\"ref\":1}");
  g_free (client_next_op (stranger, "pong"));
  client_poll (visitor);
  g_assert_cmpuint (visitor->texts->len, ==, 0);
}

/* The audience comes from the events that went by. */
static void
test_typing_learns (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) agent = client_ready (harness, 0);
  g_autoptr (Client) visitor = client_ready (harness, 6);
  GuicheEvent event = { .seq = 1,
                        .kind = (char *) "message.created",
                        .audience = (char *) "s q:financial" };
  GuicheHubTenant *tenant = g_hash_table_lookup (harness->hub->tenants, harness->test->tenant);

  event.entity = harness->conversation;
  guiche_hub_learn_audience (tenant, &event);
  client_send (agent,
               "{\"op\":\"typing\",\"conversation_id\":\"" CONVERSATION "\",\"is_typing\":true}");
  g_free (client_next_op (visitor, "typing"));
  g_assert_cmpint (g_atomic_int_get (&harness->n_audience_lookups), ==, 0);
}

static void
test_viewing (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) one = client_ready (harness, 0);
  g_autoptr (Client) two = client_ready (harness, 1);
  g_autofree char *text = NULL;

  client_send (one, "{\"op\":\"viewing\",\"conversation_id\":\"" CONVERSATION "\"}");
  text = client_next_op (two, "viewing");
  g_assert_cmpstr (text, ==,
                   "{\"op\":\"viewing\",\"conversation_id\":\"" CONVERSATION
                   "\",\"user_ids\":[\"01020304-0506-7008-8000-000000000000\"]}");
  client_send (two, "{\"op\":\"viewing\",\"conversation_id\":\"" CONVERSATION "\"}");
  g_free (client_next_op (one, "viewing"));
  g_free (text);
  text = client_next_op (one, "viewing");
  g_assert_nonnull (strstr (text, "000000000000\",\"01020304-0506-7008-8000-000000000001\"]"));
  g_free (client_next_op (two, "viewing"));
  /* Who leaves is no longer listed. */
  g_io_stream_close (one->stream, NULL, NULL);
  g_free (text);
  text = client_next_op (two, "viewing");
  g_assert_nonnull (strstr (text, "\"user_ids\":[\"01020304-0506-7008-8000-000000000001\"]"));
  client_send (two, "{\"op\":\"viewing\",\"conversation_id\":null}");
}

static void
test_presence (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) one = client_ready (harness, 0);
  g_autoptr (Client) two = client_ready (harness, 4);
  g_autofree char *arrived = client_next_op (one, "presence");
  g_autofree char *busy = NULL;
  g_autofree char *gone = NULL;

  g_assert_cmpstr (arrived, ==,
                   "{\"op\":\"presence\",\"user_id\":\"01020304-0506-7008-8000-000000000004\","
                   "\"status\":\"available\"}");
  client_send (two, "{\"op\":\"presence\",\"status\":\"busy\"}");
  busy = client_next_op (one, "presence");
  g_assert_nonnull (strstr (busy, "000000000004\",\"status\":\"busy\""));
  g_io_stream_close (two->stream, NULL, NULL);
  WAIT_UNTIL (harness->hub->n_streams == 1);
  guiche_hub_timer_advance (harness->hub,
                            guiche_clock_monotonic_us (harness->test->clock) + 6 * G_USEC_PER_SEC);
  gone = client_next_op (one, "presence");
  g_assert_nonnull (strstr (gone, "000000000004\",\"status\":\"offline\""));
}

static void
test_rates (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = client_ready (harness, 0);
  g_autofree char *refused = NULL;

  for (guint i = 0; i < 150; i++)
    client_send (client, "{\"op\":\"ping\",\"ref\":1}");
  refused = client_next_op (client, "error");
  g_assert_nonnull (strstr (refused, "\"code\":\"rate-limited\""));
  for (guint i = 0; i < 400; i++)
    client_send (client, "{\"op\":\"ping\",\"ref\":1}");
  client_expect_close (client, 1008);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-ops/durable", test_durable);
  g_test_add_func ("/hub-ops/durable-at-shutdown", test_durable_at_shutdown);
  g_test_add_func ("/hub-ops/refusals", test_refusals);
  g_test_add_func ("/hub-ops/typing", test_typing);
  g_test_add_func ("/hub-ops/typing-learns", test_typing_learns);
  g_test_add_func ("/hub-ops/viewing", test_viewing);
  g_test_add_func ("/hub-ops/presence", test_presence);
  g_test_add_func ("/hub-ops/rates", test_rates);
  return g_test_run ();
}
