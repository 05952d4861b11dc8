/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-harness.h"
#include "support/redis.h"

#include <string.h>

#define CONVERSATION "01932f6a-0000-7000-8000-00000000c0de"
#define USER(n) "01020304-0506-7008-8000-00000000000" #n

/**
 * Nodes:
 *
 * Two hubs on one store with a bus each, and a third bus that says what a test wants it to.
 */
typedef struct {
  TestRedis *redis;
  Harness *first, *second;
  GuicheBus *buses[2];
  GuicheBus *third;
} Nodes;

static GuicheBus *
new_bus (TestRedis *redis)
{
  g_autoptr (GBytes) secret = g_bytes_new_static ("secret", 6);
  g_autoptr (GError) error = NULL;
  GuicheBus *bus = guiche_bus_new (test_redis_url (redis), secret, &error);

  g_assert_no_error (error);
  return bus;
}

static void
wait_connected (Nodes *self, gboolean is_connected)
{
  for (guint i = 0; i < 2; i++)
    WAIT_UNTIL (guiche_bus_is_connected (self->buses[i]) == is_connected);
  WAIT_UNTIL (guiche_bus_is_connected (self->third) == is_connected);
}

static Nodes *
nodes_new (void)
{
  Nodes *self = g_new0 (Nodes, 1);

  self->redis = test_redis_new (NULL);
  self->first = harness_new (FALSE);
  self->second = harness_new_beside (self->first);
  for (guint i = 0; i < 2; i++)
    self->buses[i] = new_bus (self->redis);
  self->third = new_bus (self->redis);
  guiche_hub_set_bus (self->first->hub, self->buses[0]);
  guiche_hub_set_bus (self->second->hub, self->buses[1]);
  wait_connected (self, TRUE);
  return self;
}

static void
nodes_free (Nodes *self)
{
  harness_free (self->second);
  harness_free (self->first);
  guiche_bus_free (self->third);
  for (guint i = 0; i < 2; i++)
    guiche_bus_free (self->buses[i]);
  test_redis_free (self->redis);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Nodes, nodes_free)

static guint64
n_received (Nodes *self, guint i)
{
  GuicheBusStats stats;

  guiche_bus_get_stats (self->buses[i], &stats);
  return stats.received;
}

/* Lets a second pass on both hubs, in which they hear each other. */
static void
pass_second (Nodes *self)
{
  guint64 before[] = { n_received (self, 0), n_received (self, 1) };
  gint64 now_us;

  guiche_clock_advance (self->first->test->clock, G_USEC_PER_SEC);
  now_us = guiche_clock_monotonic_us (self->first->test->clock);
  guiche_hub_timer_advance (self->first->hub, now_us);
  guiche_hub_timer_advance (self->second->hub, now_us);
  for (guint i = 0; i < 2; i++)
    WAIT_UNTIL (n_received (self, i) > before[i]);
}

static Client *
client_ready (Harness *harness, guint user)
{
  Client *client = client_new (harness, user, -1);

  g_free (client_next_op (client, "ready"));
  return client;
}

static gboolean
has_told (Client *client, const char *what)
{
  client_poll (client);
  for (guint i = 0; i < client->texts->len; i++) {
    if (strcmp (client->texts->pdata[i], what) != 0)
      continue;
    g_ptr_array_remove_index (client->texts, i);
    return TRUE;
  }
  return FALSE;
}

/* Among what is told; of different people in any order. */
static void
expect_presence (Client *client, const char *user, const char *status)
{
  g_autofree char *expected =
      g_strdup_printf ("{\"op\":\"presence\",\"user_id\":\"%s\",\"status\":\"%s\"}", user, status);

  WAIT_UNTIL (has_told (client, expected));
}

static GuicheHubPresence *
presence_at (Harness *harness, guint user)
{
  GuicheHubTenant *tenant = g_hash_table_lookup (harness->hub->tenants, harness->test->tenant);
  GuicheId id = harness_user_id (user);

  return tenant != NULL ? g_hash_table_lookup (tenant->presences, &id) : NULL;
}

/* 0 for who is forgotten. */
static guint
n_nodes_of (Harness *harness, guint user)
{
  GuicheHubPresence *presence = presence_at (harness, user);

  return presence == NULL ? 0 : presence->n_nodes;
}

static guint
n_streams_of (Harness *harness, guint user)
{
  GuicheHubPresence *presence = presence_at (harness, user);

  return presence == NULL ? 0 : presence->n_streams;
}

static gboolean
is_here (Harness *harness, guint user)
{
  GuicheHubPresence *presence = presence_at (harness, user);

  return presence != NULL && presence->is_here;
}

static void
test_presence (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Client) watcher = client_ready (nodes->first, 0);
  g_autoptr (Client) one = client_ready (nodes->second, 4);
  g_autoptr (Client) two = NULL;
  g_autoptr (Client) late = NULL;
  g_autofree char *present = NULL;

  expect_presence (watcher, USER (4), "available");
  client_send (one, "{\"op\":\"presence\",\"status\":\"busy\"}");
  expect_presence (watcher, USER (4), "busy");

  /* Who comes later is told who is where; a second stream elsewhere says nothing new. */
  two = client_ready (nodes->first, 4);
  late = client_ready (nodes->first, 1);
  present = client_next_op (late, "presences");
  g_assert_nonnull (strstr (present, USER (4) "\",\"status\":\"busy\""));
  expect_presence (watcher, USER (1), "available");

  /* Here until the last stream has ended, wherever it is. */
  WAIT_UNTIL (n_nodes_of (nodes->second, 4) == 1);
  g_io_stream_close (one->stream, NULL, NULL);
  WAIT_UNTIL (n_nodes_of (nodes->first, 4) == 0);
  for (int i = 0; i < 8; i++)
    pass_second (nodes);
  g_assert_true (is_here (nodes->first, 4));
  g_assert_true (is_here (nodes->second, 4));
  client_send (two, "{\"op\":\"presence\",\"status\":\"away\"}");
  expect_presence (watcher, USER (4), "away");
  g_io_stream_close (two->stream, NULL, NULL);
  WAIT_UNTIL (n_nodes_of (nodes->second, 4) == 0);
  WAIT_UNTIL (n_streams_of (nodes->first, 4) == 0);
  for (int i = 0; i < 6; i++)
    pass_second (nodes);
  expect_presence (watcher, USER (4), "offline");
  g_assert_false (is_here (nodes->second, 4));
}

static void
test_typing (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Client) agent = client_ready (nodes->first, 0);
  g_autoptr (Client) visitor = client_ready (nodes->second, 6);
  g_autoptr (Client) stranger = client_ready (nodes->second, 5);
  g_autofree char *seen = NULL;
  g_autofree char *seen_by_agent = NULL;

  client_send (agent,
               "{\"op\":\"typing\",\"conversation_id\":\"" CONVERSATION "\",\"is_typing\":true}");
  seen = client_next_op (visitor, "typing");
  g_assert_cmpstr (seen, ==,
                   "{\"op\":\"typing\",\"conversation_id\":\"" CONVERSATION
                   "\",\"user\":{\"kind\":\"agent\",\"id\":\"" USER (
                       0) "\",\"name\":\"Pessoa 0\"},\"is_typing\":true}");
  client_send (visitor, "{\"op\":\"typing\",\"is_typing\":true}");
  seen_by_agent = client_next_op (agent, "typing");
  g_assert_nonnull (strstr (seen_by_agent, "\"kind\":\"customer\""));
  client_send (stranger, "{\"op\":\"ping\",\"ref\":1}");
  g_free (client_next_op (stranger, "presences"));
  for (guint i = 0; i < stranger->texts->len; i++)
    g_assert_null (strstr (stranger->texts->pdata[i], "typing"));
}

static void
expect_viewing (Client *client, const char *user_ids)
{
  g_autofree char *expected = g_strdup_printf (
      "{\"op\":\"viewing\",\"conversation_id\":\"" CONVERSATION "\",\"user_ids\":[%s]}", user_ids);
  char *text;

  for (text = client_next_op (client, "viewing"); strcmp (text, expected) != 0;
       text = client_next_op (client, "viewing"))
    g_free (text);
  g_free (text);
}

static void
test_viewing (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Client) one = client_ready (nodes->first, 0);
  g_autoptr (Client) two = client_ready (nodes->second, 1);

  client_send (one, "{\"op\":\"viewing\",\"conversation_id\":\"" CONVERSATION "\"}");
  expect_viewing (two, "\"" USER (0) "\"");
  client_send (two, "{\"op\":\"viewing\",\"conversation_id\":\"" CONVERSATION "\"}");
  expect_viewing (one, "\"" USER (0) "\",\"" USER (1) "\"");
  client_send (one, "{\"op\":\"viewing\",\"conversation_id\":null}");
  expect_viewing (two, "\"" USER (1) "\"");
  g_io_stream_close (two->stream, NULL, NULL);
  expect_viewing (one, "");
}

static void
say (Nodes *nodes, const char *text)
{
  g_assert_true (guiche_bus_publish (nodes->third, "hub", text, strlen (text)));
}

/* A node that is heard no more takes its people with it. */
static void
test_dead_node (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Client) watcher = client_ready (nodes->first, 0);

  say (nodes, "{\"op\":\"begin\",\"n\":7}");
  say (nodes,
       "{\"op\":\"part\",\"n\":8,\"tenant\":\"demo\",\"people\":["
       "{\"user_id\":\"" USER (1) "\",\"status\":\"available\",\"at\":0},"
                                  "{\"user_id\":\"" USER (5) "\",\"status\":\"busy\",\"at\":5}]}");
  say (nodes,
       "{\"op\":\"viewing\",\"n\":9,\"tenant\":\"demo\",\"conversation_id\":"
       "\"" CONVERSATION "\",\"audience\":\"s q:financial\",\"user_ids\":[\"" USER (1) "\"]}");
  say (nodes, "{\"op\":\"end\",\"n\":10}");
  expect_presence (watcher, USER (1), "available");
  expect_presence (watcher, USER (5), "busy");
  expect_viewing (watcher, "\"" USER (1) "\"");
  for (int i = 0; i < 2; i++)
    pass_second (nodes);
  g_assert_true (is_here (nodes->first, 1));
  pass_second (nodes);
  expect_viewing (watcher, "");
  for (int i = 0; i < 3; i++)
    pass_second (nodes);
  WAIT_UNTIL (!is_here (nodes->first, 1) && !is_here (nodes->first, 5));
  WAIT_UNTIL (!is_here (nodes->second, 1) && !is_here (nodes->second, 5));
}

static guint n_asked;

static void
on_hub_message (GuicheBus *bus,
                const GuicheId *origin,
                const char *channel,
                const guint8 *data,
                gsize length,
                gpointer user_data)
{
  g_autofree char *text = g_strndup ((const char *) data, length);

  n_asked += strstr (text, "\"op\":\"ask\",\"node\"") != NULL;
}

/* What was missed is asked for, and what is no longer told is gone. */
static void
test_missed (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();

  n_asked = 0;
  guiche_bus_subscribe (nodes->third, "hub", on_hub_message, NULL);
  say (nodes, "{\"op\":\"begin\",\"n\":1}");
  say (nodes, "{\"op\":\"part\",\"n\":2,\"tenant\":\"demo\",\"people\":["
              "{\"user_id\":\"" USER (1) "\",\"status\":\"busy\",\"at\":5}]}");
  say (nodes, "{\"op\":\"end\",\"n\":3}");
  say (nodes, "{\"op\":\"alive\",\"n\":3}");
  WAIT_UNTIL (is_here (nodes->first, 1) && is_here (nodes->second, 1));
  g_assert_cmpuint (n_asked, ==, 0);
  say (nodes, "{\"op\":\"presence\",\"n\":5,\"tenant\":\"demo\",\"user_id\":\"" USER (
                  2) "\",\"status\":\"available\",\"at\":0,\"is_here\":true}");
  say (nodes, "{\"op\":\"alive\",\"n\":5}");
  while (n_asked < 2) {
    say (nodes, "{\"op\":\"alive\",\"n\":5}");
    harness_turn ();
  }
  say (nodes, "{\"op\":\"begin\",\"n\":6}");
  say (nodes, "{\"op\":\"part\",\"n\":7,\"tenant\":\"demo\",\"people\":["
              "{\"user_id\":\"" USER (2) "\",\"status\":\"away\",\"at\":6}]}");
  say (nodes, "{\"op\":\"end\",\"n\":8}");
  WAIT_UNTIL (n_nodes_of (nodes->first, 1) == 0);
  g_assert_cmpuint (n_nodes_of (nodes->first, 2), ==, 1);
  g_assert_cmpstr (presence_at (nodes->first, 2)->status, ==, "away");
}

/* What others cannot understand does no harm. */
static void
test_nonsense (void)
{
  static const char *const texts[] = {
    "",
    "[]",
    "{}",
    "{\"op\":7}",
    "{\"op\":\"dance\",\"n\":1}",
    "{\"op\":\"presence\"}",
    "{\"op\":\"presence\",\"n\":1,\"tenant\":\"none\"}",
    "{\"op\":\"presence\",\"n\":2,\"tenant\":\"demo\",\"user_id\":\"x\"}",
    "{\"op\":\"part\",\"n\":3,\"tenant\":\"demo\",\"people\":[1,{}]}",
    "{\"op\":\"viewing\",\"n\":4,\"tenant\":\"demo\",\"conversation_id\":\"" CONVERSATION
    "\",\"audience\":\"*\",\"user_ids\":[null,3]}",
    "{\"op\":\"typing\",\"tenant\":\"demo\"}",
    "{\"op\":\"ask\",\"node\":3}",
    "{\"op\":\"alive\",\"n\":\"many\"}",
    "{\"op\":\"presence\",\"n\":6,\"tenant\":\"demo\",\"user_id\":\"" USER (
        1) "\",\"status\":\"available\",\"at\":0,\"is_here\":true}",
  };
  g_autoptr (Nodes) nodes = nodes_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    say (nodes, texts[i]);
  WAIT_UNTIL (is_here (nodes->first, 1));
}

/* Away and back: what happened meanwhile is told. */
static void
test_redis_restarts (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Client) watcher = client_ready (nodes->first, 0);
  g_autoptr (Client) one = client_ready (nodes->second, 4);
  g_autoptr (Client) two = NULL;

  expect_presence (watcher, USER (4), "available");
  test_redis_kill (nodes->redis);
  wait_connected (nodes, FALSE);
  two = client_ready (nodes->second, 1);
  client_send (one, "{\"op\":\"presence\",\"status\":\"away\"}");
  g_io_stream_close (one->stream, NULL, NULL);
  WAIT_UNTIL (n_streams_of (nodes->second, 4) == 0);
  g_assert_true (is_here (nodes->first, 4));
  test_redis_start (nodes->redis);
  wait_connected (nodes, TRUE);
  while (!is_here (nodes->first, 1) || n_nodes_of (nodes->first, 4) > 0)
    pass_second (nodes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-nodes/presence", test_presence);
  g_test_add_func ("/hub-nodes/typing", test_typing);
  g_test_add_func ("/hub-nodes/viewing", test_viewing);
  g_test_add_func ("/hub-nodes/dead-node", test_dead_node);
  g_test_add_func ("/hub-nodes/missed", test_missed);
  g_test_add_func ("/hub-nodes/nonsense", test_nonsense);
  g_test_add_func ("/hub-nodes/redis-restarts", test_redis_restarts);
  return g_test_run ();
}
