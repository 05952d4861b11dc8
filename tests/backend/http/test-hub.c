/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-harness.h"

#include <string.h>

static gint64
seq_of (const char *event)
{
  g_assert_true (g_str_has_prefix (event, "{\"seq\":"));
  return g_ascii_strtoll (event + strlen ("{\"seq\":"), NULL, 10);
}

/* The next event; colleagues coming and going are not what is tested here. */
static char *
next_event (Client *client)
{
  for (;;) {
    char *text = client_next (client);

    if (!g_str_has_prefix (text, "{\"op\":\"presence"))
      return text;
    g_free (text);
  }
}

static void
expect_event (Client *client, gint64 seq, const char *kind)
{
  g_autofree char *text = next_event (client);
  g_autofree char *part = g_strdup_printf ("\"kind\":\"%s\"", kind);

  g_assert_cmpint (seq_of (text), ==, seq);
  g_assert_nonnull (strstr (text, part));
}

static void
ready (Client *client, gint64 seq)
{
  client_expect_ready (client, seq);
  g_free (client_next_op (client, "presences"));
}

static void
test_live (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) agent = client_new (harness, 0, 0);
  g_autoptr (Client) supervisor = client_new (harness, 4, 0);
  g_autoptr (Client) other = client_new (harness, 5, 0);
  g_autoptr (Client) visitor = client_new (harness, 6, 0);

  ready (agent, 0);
  ready (supervisor, 0);
  ready (other, 0);
  client_expect_ready (visitor, 0);
  harness_emit (harness, "one", "s q:financial", "{}");
  harness_emit (harness, "two", "*", "{}");
  harness_emit (harness, "three", "q:commercial v:01932f6a-0000-7000-8000-00000000c0de", "{}");
  expect_event (agent, 1, "one");
  expect_event (agent, 2, "two");
  expect_event (supervisor, 1, "one");
  expect_event (supervisor, 2, "two");
  expect_event (supervisor, 3, "three");
  expect_event (other, 2, "two");
  expect_event (other, 3, "three");
  expect_event (visitor, 3, "three");
  client_poll (visitor);
  g_assert_cmpuint (visitor->texts->len, ==, 0);
}

static void
test_replay (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = NULL;

  harness_emit_many (harness, "*", 1, 600);
  harness_emit_many (harness, "q:commercial", 601, 100);
  client = client_new (harness, 0, 10);
  for (gint64 seq = 11; seq <= 600; seq++)
    expect_event (client, seq, "test.made");
  ready (client, 700);
  harness_emit_many (harness, "*", 701, 1);
  expect_event (client, 701, "test.made");
}

/* Who was away for a moment misses nothing, whether the hub remembers it or only the table. */
static void
test_replay_from_memory (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);

  harness_emit_many (harness, "*", 1, 10);
  for (gint64 last = 10; last < 400; last += 40) {
    g_autoptr (Client) client = client_new (harness, 0, last);
    g_autoptr (Client) back = NULL;
    g_autoptr (Client) late = NULL;

    ready (client, last);
    harness_emit_many (harness, "*", (guint) last, 20);
    harness_emit_many (harness, "q:commercial", (guint) last + 20, 10);
    harness_emit_many (harness, "*", (guint) last + 30, 10);
    back = client_new (harness, 1, last + 5);
    for (gint64 seq = last + 6; seq <= last + 40; seq++)
      if (seq <= last + 20 || seq > last + 30)
        expect_event (back, seq, "test.made");
    client_expect_ready (back, last + 40);
    late = client_new (harness, 2, -1);
    client_expect_ready (late, last + 40);
    /* All go: what is published then is read from the table by who comes next. */
    g_io_stream_close (client->stream, NULL, NULL);
    g_io_stream_close (back->stream, NULL, NULL);
    g_io_stream_close (late->stream, NULL, NULL);
    WAIT_UNTIL (harness->hub->n_streams == 0);
    if (last % 80 == 10)
      continue;
    harness_emit_many (harness, "*", (guint) last + 40, 40);
    last += 40;
  }
}

/* A reader may see a commit before the hub hears of it: what was read is not sent again. */
static void
test_read_ahead (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) first = client_new (harness, 1, 0);
  g_autoptr (Client) client = NULL;

  ready (first, 0);
  harness_emit_many (harness, "*", 1, 5);
  harness_hold (harness);
  harness_emit_many (harness, "*", 6, 5);
  client = client_new (harness, 0, 2);
  for (gint64 seq = 3; seq <= 5; seq++)
    expect_event (client, seq, "test.made");
  client_expect_ready (client, 5);
  g_free (client_next_op (client, "presences"));
  g_clear_pointer (&client, client_free);
  /* Too far back for the hub's memory: this one reads the table, and sees all ten. */
  guiche_hub_tenant_forget_recent (
      g_hash_table_lookup (harness->hub->tenants, harness->test->tenant));
  client = client_new (harness, 0, 2);
  for (gint64 seq = 3; seq <= 10; seq++)
    expect_event (client, seq, "test.made");
  client_expect_ready (client, 10);
  g_free (client_next_op (client, "presences"));
  harness_release (harness);
  harness_emit_many (harness, "*", 11, 1);
  expect_event (client, 11, "test.made");
  for (gint64 seq = 1; seq <= 11; seq++)
    expect_event (first, seq, "test.made");
}

/* Events keep coming while a client reads what it has missed: none is lost, none twice. */
static void
test_replay_meets_live (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) first = client_new (harness, 1, -1);
  gint64 seq = 0;

  ready (first, 0);
  for (guint round = 0; round < 20; round++) {
    g_autoptr (Client) client = NULL;
    gint64 next = seq + 1;

    client = client_new (harness, 0, seq);
    for (guint i = 0; i < 30; i++, seq++) {
      harness_emit_many (harness, "*", (guint) seq, 1);
      for (guint turns = 0; turns < round; turns++)
        harness_turn ();
    }
    while (next <= seq) {
      g_autofree char *text = client_next (client);

      if (g_str_has_prefix (text, "{\"op\""))
        continue;
      g_assert_cmpint (seq_of (text), ==, next);
      next++;
    }
    client_poll (client);
    for (guint i = 0; i < client->texts->len; i++)
      g_assert_true (g_str_has_prefix (client->texts->pdata[i], "{\"op\""));
  }
}

/* Unacknowledged, a stream pauses at 4,096 events; acknowledged, it goes on from the table. */
static void
test_window (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = client_new (harness, 0, 0);
  GuicheHubStats stats;
  gint64 seen = 0;

  ready (client, 0);
  for (guint i = 0; i < 12; i++)
    harness_emit_many (harness, "*", i * 500, 500);
  guiche_hub_get_stats (harness->hub, &stats);
  g_assert_cmpuint (stats.streams_replaying, ==, 1);
  WAIT_UNTIL ((client_poll (client), client->texts->len >= 3000));
  while (seen < 6000) {
    g_autofree char *text = next_event (client);
    g_autofree char *seen_text = NULL;

    g_assert_cmpint (seq_of (text), ==, seen + 1);
    seen++;
    if (seen % 256 != 0)
      continue;
    seen_text = g_strdup_printf ("{\"op\":\"seen\",\"seq\":%" G_GINT64_FORMAT "}", seen);
    client_send (client, seen_text);
  }
  harness_emit_many (harness, "*", 6001, 1);
  expect_event (client, 6001, "test.made");
}

static void
test_snapshot_required (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = client_new (harness, 0, 77);
  g_autofree char *text = client_next (client);

  g_assert_cmpstr (text, ==, "{\"op\":\"snapshot_required\"}");
  client_expect_close (client, 4409);
}

/* What one may see changes: nothing that came after the change is seen with the old eyes. */
static void
test_access_changed (void)
{
  static const char *const commercial[] = { "commercial", NULL };
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = client_new (harness, 0, 0);
  GuicheId user = harness_user_id (0);
  char id[GUICHE_ID_STRING_LENGTH + 1];
  g_autofree char *audience = NULL;

  ready (client, 0);
  guiche_id_to_string (&user, id);
  audience = g_strconcat ("u:", id, NULL);
  harness_emit (harness, "before", "q:financial", "{}");
  harness_set_viewer (0, guiche_viewer_new (GUICHE_ROLE_AGENT, &user, NULL, commercial, NULL, 0));
  harness_emit (harness, "access.changed", audience, "{}");
  harness_emit (harness, "hidden", "q:financial", "{}");
  harness_emit (harness, "shown", "q:commercial", "{}");
  expect_event (client, 1, "before");
  expect_event (client, 2, "access.changed");
  expect_event (client, 4, "shown");
  harness_revoke (0);
  harness_emit (harness, "access.changed", audience, "{}");
  expect_event (client, 5, "access.changed");
  client_expect_close (client, 4401);
}

static void
test_sessions (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) revoked = client_new (harness, 0, 0);
  g_autoptr (Client) kept = client_new (harness, 1, 0);
  gint64 now_us = guiche_clock_monotonic_us (harness->test->clock);

  ready (revoked, 0);
  ready (kept, 0);
  harness_revoke (0);
  for (guint second = 1; second <= 5; second++) {
    guiche_hub_timer_advance (harness->hub, now_us + second * G_USEC_PER_SEC);
    WAIT_UNTIL (
        !((GuicheHubTenant *) g_hash_table_lookup (harness->hub->tenants, harness->test->tenant))
             ->is_checking_sessions);
  }
  client_expect_close (revoked, 4401);
  /* The token's hour is over. */
  guiche_clock_advance (harness->test->clock, G_GINT64_CONSTANT (3601) * G_USEC_PER_SEC);
  now_us = guiche_clock_monotonic_us (harness->test->clock);
  client_send_frame (kept, GUICHE_WEBSOCKET_PONG, TRUE, "", 0);
  WAIT_UNTIL ((guiche_hub_timer_advance (harness->hub, now_us += G_USEC_PER_SEC),
               client_send_frame (kept, GUICHE_WEBSOCKET_PONG, TRUE, "", 0), client_poll (kept),
               kept->close_code != 0));
  g_assert_cmpuint (kept->close_code, ==, 4401);
}

static void
test_ping (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) alive = client_new (harness, 0, 0);
  g_autoptr (Client) silent = client_new (harness, 1, 0);
  gint64 start_us = guiche_clock_monotonic_us (harness->test->clock);
  GuicheHubStats stats;

  ready (alive, 0);
  ready (silent, 0);
  for (guint second = 1; second < 100; second++) {
    guiche_clock_advance (harness->test->clock, G_USEC_PER_SEC);
    guiche_hub_timer_advance (harness->hub, start_us + second * G_USEC_PER_SEC);
    if (second == 31 || second == 62 || second == 93)
      WAIT_UNTIL ((client_poll (alive), alive->n_pings >= second / 31));
    if (second % 31 != 0)
      continue;
    client_send_frame (alive, GUICHE_WEBSOCKET_PONG, TRUE, "", 0);
    client_send_frame (alive, GUICHE_WEBSOCKET_PING, TRUE, "x", 1);
    WAIT_UNTIL ((client_poll (alive), alive->n_pongs == second / 31));
  }
  client_poll (silent);
  WAIT_UNTIL ((client_poll (silent), silent->is_at_end));
  g_assert_false (alive->is_at_end);
  guiche_hub_get_stats (harness->hub, &stats);
  g_assert_cmpuint (stats.closed_dead, ==, 1);
}

/* Fills the window and lets @n_seconds pass; answers pings all the time. */
static void
overwhelm (Harness *harness, Client *client, gboolean is_reading, guint n_seconds)
{
  gint64 now_us = guiche_clock_monotonic_us (harness->test->clock);
  GuicheHubStats stats;

  for (guint i = 0; i < 10; i++)
    harness_emit_many (harness, "*", i * 500, 500);
  WAIT_UNTIL ((guiche_hub_get_stats (harness->hub, &stats), stats.streams_replaying == 1));
  for (guint second = 1; second <= n_seconds; second++) {
    guiche_clock_advance (harness->test->clock, G_USEC_PER_SEC);
    guiche_hub_timer_advance (harness->hub, now_us + second * G_USEC_PER_SEC);
    client_send_frame (client, GUICHE_WEBSOCKET_PONG, TRUE, "", 0);
    for (guint turn = 0; turn < 5; turn++)
      harness_turn ();
    if (is_reading)
      client_poll (client);
  }
}

/* Who acknowledges nothing for a minute while the window is full is told to replay. */
static void
test_never_acknowledges (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = client_new (harness, 0, 0);
  GuicheHubStats stats;

  ready (client, 0);
  overwhelm (harness, client, TRUE, 63);
  client_expect_close (client, 4408);
  guiche_hub_get_stats (harness->hub, &stats);
  g_assert_cmpuint (stats.closed_slow, ==, 1);
}

/* Who does not even read is dropped. */
static void
test_never_reads (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) client = NULL;
  GuicheHubStats stats;

  client = client_new (harness, 0, 0);
  ready (client, 0);
  overwhelm (harness, client, FALSE, 70);
  guiche_hub_get_stats (harness->hub, &stats);
  g_assert_cmpuint (stats.closed_slow, ==, 1);
  g_assert_cmpuint (stats.streams, ==, 0);
  g_assert_cmpuint (stats.queued_bytes, <, 1024 * 1024);
}

static void
test_user_cap (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);

  for (guint i = 0; i < 17; i++) {
    g_ptr_array_add (clients, client_new (harness, 0, 0));
    ready (clients->pdata[i], 0);
  }
  client_expect_close (clients->pdata[0], 4429);
  client_poll (clients->pdata[1]);
  g_assert_cmpuint (((Client *) clients->pdata[1])->close_code, ==, 0);
}

static void
on_shut_down (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
test_shutdown (void)
{
  g_autoptr (Harness) harness = harness_new (FALSE);
  g_autoptr (Client) polite = client_new (harness, 0, 0);
  g_autoptr (Client) rude = client_new (harness, 1, 0);
  gboolean is_done = FALSE;

  ready (polite, 0);
  ready (rude, 0);
  guiche_hub_shutdown (harness->hub, on_shut_down, &is_done);
  client_expect_close (polite, 1001);
  client_send_frame (polite, GUICHE_WEBSOCKET_CLOSE, TRUE, "\x03\xe9", 2);
  WAIT_UNTIL ((client_poll (polite), polite->is_at_end));
  WAIT_UNTIL (is_done);
  client_expect_close (rude, 1001);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/live", test_live);
  g_test_add_func ("/hub/replay", test_replay);
  g_test_add_func ("/hub/replay-from-memory", test_replay_from_memory);
  g_test_add_func ("/hub/read-ahead", test_read_ahead);
  g_test_add_func ("/hub/replay-meets-live", test_replay_meets_live);
  g_test_add_func ("/hub/window", test_window);
  g_test_add_func ("/hub/snapshot-required", test_snapshot_required);
  g_test_add_func ("/hub/access-changed", test_access_changed);
  g_test_add_func ("/hub/sessions", test_sessions);
  g_test_add_func ("/hub/ping", test_ping);
  g_test_add_func ("/hub/never-acknowledges", test_never_acknowledges);
  g_test_add_func ("/hub/never-reads", test_never_reads);
  g_test_add_func ("/hub/user-cap", test_user_cap);
  g_test_add_func ("/hub/shutdown", test_shutdown);
  return g_test_run ();
}
