/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backend/bus/peer.h"
#include "base/error.h"
#include "bus/bus-url.h"
#include "bus/bus.h"
#include "support/redis.h"

#include <glib/gstdio.h>
#include <hiredis.h>

/* Two processes of an installation as far as the bus can tell: two buses, one secret. */

static void
test_without_url (void)
{
  g_autoptr (Peer) peer = peer_new ("", "secret");

  g_assert_false (guiche_bus_has_url (peer->bus));
  g_assert_false (guiche_bus_is_connected (peer->bus));
  g_assert_false (guiche_bus_publish (peer->bus, "wake", "x", 1));
  g_assert_false (guiche_bus_count (peer->bus, "c", 1, 1000, peer_on_count, peer));
  g_assert_false (guiche_bus_put (peer->bus, "k", "x", 1, 1000));
  guiche_bus_unsubscribe (peer->bus, guiche_bus_subscribe (peer->bus, "a*", peer_on_message, peer));
}

static void
test_urls (void)
{
  static const struct {
    const char *url;
    const char *user, *password;
    guint database;
    gboolean is_good;
  } cases[] = {
    { "redis://127.0.0.1", NULL, NULL, 0, TRUE },
    { "redis://:secret@redis.example:6380/3", NULL, "secret", 3, TRUE },
    { "redis://guiche:s%40c@[::1]:6379/", "guiche", "s@c", 0, TRUE },
    { "unix:///run/redis/redis.sock", NULL, NULL, 0, TRUE },
    { "unix://u:p@/run/redis.sock?db=2", "u", "p", 2, TRUE },
    { "redis:///1", NULL, NULL, 0, FALSE },
    { "redis://host/one", NULL, NULL, 0, FALSE },
    { "redis://host/0?db=1", NULL, NULL, 0, FALSE },
    { "http://host", NULL, NULL, 0, FALSE },
    { "unix://relative/path", NULL, NULL, 0, FALSE },
    { "host:6379", NULL, NULL, 0, FALSE },
    { "redis://host:99999", NULL, NULL, 0, FALSE },
    { "unix:///s?x=2", NULL, NULL, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    GuicheBusUrl url;
    gboolean is_good = guiche_bus_url_parse (&url, cases[i].url, &error);

    if (is_good != cases[i].is_good)
      g_error ("%s", cases[i].url);
    if (!is_good) {
      g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST);
      continue;
    }
    g_assert_cmpstr (url.user, ==, cases[i].user);
    g_assert_cmpstr (url.password, ==, cases[i].password);
    g_assert_cmpuint (url.database, ==, cases[i].database);
    guiche_bus_url_clear (&url);
  }
}

static void
test_publish (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  g_autoptr (Peer) one = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) two = peer_new (test_redis_url (redis), "secret");
  GuicheBusSubscription *exact = guiche_bus_subscribe (two->bus, "wake", peer_on_message, two);

  guiche_bus_subscribe (two->bus, "tenant:[a]*", peer_on_message, two);
  guiche_bus_subscribe (one->bus, "wake", peer_on_message, one);
  peer_wait_connected (one, TRUE);
  peer_wait_connected (two, TRUE);
  g_assert_true (guiche_bus_publish (one->bus, "wake", "hello\0there", 11));
  g_assert_true (guiche_bus_publish (one->bus, "tenant:a", "no", 2));
  g_assert_true (guiche_bus_publish (one->bus, "tenant:[a]", "yes", 3));
  g_assert_true (guiche_bus_publish (one->bus, "tenant:[a]b", "", 0));
  peer_wait_heard (two, 3);
  g_assert_cmpuint (two->last->len, ==, 0);
  g_assert_cmpstr (two->heard->str, ==, "wake=hello|tenant:[a]=yes|tenant:[a]b=|");
  g_assert_true (guiche_id_equal (&two->last_origin, guiche_bus_origin (one->bus)));
  g_assert_cmpuint (one->n_heard, ==, 0); /* not what it said itself */

  guiche_bus_unsubscribe (two->bus, exact);
  guiche_bus_publish (one->bus, "wake", "unheard", 7);
  guiche_bus_publish (one->bus, "tenant:[a]", "heard", 5);
  peer_wait_heard (two, 4);
  g_assert_true (g_str_has_suffix (two->heard->str, "b=|tenant:[a]=heard|"));
}

static void
test_counters (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  g_autoptr (Peer) one = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) two = peer_new (test_redis_url (redis), "secret");

  peer_wait_connected (one, TRUE);
  peer_wait_connected (two, TRUE);
  for (int i = 0; i < 100; i++) {
    g_assert_true (guiche_bus_count (one->bus, "rate:a", 2, 60000, peer_on_count, one));
    g_assert_true (guiche_bus_count (two->bus, "rate:a", 1, 60000, peer_on_count, two));
  }
  peer_wait_counted (one, 100);
  peer_wait_counted (two, 100);
  g_assert_cmpint (MAX (one->total, two->total), ==, 300);

  do { /* a counter is forgotten by itself */
    guint n = one->n_counted;

    g_assert_true (guiche_bus_count (one->bus, "brief", 1, 1, peer_on_count, one));
    peer_wait_counted (one, n + 1);
  } while (one->n_counted < 105 || one->total != 1);
}

static void
test_values (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  g_autoptr (Peer) one = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) other = peer_new (test_redis_url (redis), "another installation");
  static const char large[GUICHE_BUS_MAX_BYTES + 1];

  peer_wait_connected (one, TRUE);
  peer_wait_connected (other, TRUE);
  g_assert_true (guiche_bus_put (one->bus, "k", "value", 5, 60000));
  g_assert_cmpstr (peer_get (one, "k"), ==, "value");
  g_assert_null (peer_get (one, "none"));
  g_assert_null (peer_get (other, "k"));
  g_free (test_redis_command (redis, "FLUSHALL"));
  g_assert_null (peer_get (one, "k"));
  g_assert_false (guiche_bus_put (one->bus, "k", large, sizeof large, 1000));
}

static void
publish_raw (redisContext *context, const char *channel, const char *data, gsize length)
{
  redisReply *reply = redisCommand (context, "PUBLISH %s %b", channel, data, (size_t) length);

  g_assert_nonnull (reply);
  g_assert_cmpint (reply->integer, ==, 1);
  freeReplyObject (reply);
}

/* Everybody who reaches Redis may write; only the installation's nodes are believed. */
static void
test_strangers (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  g_autoptr (Peer) one = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) two = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) other = peer_new (test_redis_url (redis), "another installation");
  g_autofree char *huge = g_malloc0 (64 * GUICHE_BUS_MAX_BYTES);
  g_autofree char *channel = NULL;
  redisContext *context;

  guiche_bus_subscribe (one->bus, "wake", peer_on_message, one);
  peer_wait_connected (one, TRUE);
  peer_wait_connected (two, TRUE);
  peer_wait_connected (other, TRUE);
  guiche_bus_publish (other->bus, "wake", "other", 5);
  channel = test_redis_command (redis, "PUBSUB CHANNELS");
  context = redisConnect ("127.0.0.1", (int) test_redis_port (redis));
  publish_raw (context, channel, huge, 0);
  publish_raw (context, channel, huge, 31);
  publish_raw (context, channel, huge, 100);
  publish_raw (context, channel, huge, 2 * GUICHE_BUS_MAX_BYTES);
  peer_wait_refused (one, 4);
  guiche_bus_publish (two->bus, "wake", "good", 4);
  peer_wait_heard (one, 1);
  g_assert_cmpstr (one->heard->str, ==, "wake=good|");
  g_assert_true (guiche_bus_is_connected (one->bus));

  /* What is much larger than any message ends the connection rather than filling memory. */
  publish_raw (context, channel, huge, 64 * GUICHE_BUS_MAX_BYTES);
  redisFree (context);
  peer_wait_losses (one, 1);
  peer_wait_connected (one, TRUE);
}

static void
test_too_large (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  g_autoptr (Peer) one = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) two = peer_new (test_redis_url (redis), "secret");
  static const char large[GUICHE_BUS_MAX_BYTES + 1];

  guiche_bus_subscribe (two->bus, "wake", peer_on_message, two);
  peer_wait_connected (one, TRUE);
  peer_wait_connected (two, TRUE);
  g_assert_false (guiche_bus_publish (one->bus, "wake", large, GUICHE_BUS_MAX_BYTES + 1));
  g_assert_true (guiche_bus_publish (one->bus, "wake", large, GUICHE_BUS_MAX_BYTES));
  peer_wait_heard (two, 1);
  g_assert_cmpuint (two->last->len, ==, GUICHE_BUS_MAX_BYTES);
}

static void
test_killed (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  g_autoptr (Peer) one = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) two = peer_new (test_redis_url (redis), "secret");

  guiche_bus_subscribe (two->bus, "wake", peer_on_message, two);
  for (guint round = 1; round <= 3; round++) {
    peer_wait_connected (one, TRUE);
    peer_wait_connected (two, TRUE);
    guiche_bus_publish (one->bus, "wake", "x", 1);
    peer_wait_heard (two, round);
    g_assert_true (guiche_bus_count (one->bus, "c", 1, 1000, peer_on_count, one));
    test_redis_kill (redis);
    peer_wait_counted (one, round); /* as unknown: but it is answered */
    peer_wait_connected (one, FALSE);
    peer_wait_connected (two, FALSE);
    g_assert_false (guiche_bus_publish (one->bus, "wake", "y", 1));
    test_redis_start (redis);
  }
}

/* A stopped Redis takes connections and says nothing: nobody waits, nothing piles up. */
static void
test_stopped (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  g_autoptr (Peer) one = peer_new (test_redis_url (redis), "secret");
  g_autoptr (Peer) two = peer_new (test_redis_url (redis), "secret");
  static const char large[GUICHE_BUS_MAX_BYTES];
  GuicheBusStats stats;
  guint n_taken = 0;

  guiche_bus_subscribe (two->bus, "wake", peer_on_message, two);
  peer_wait_connected (one, TRUE);
  peer_wait_connected (two, TRUE);
  test_redis_pause (redis);
  while (guiche_bus_is_connected (one->bus)) {
    for (int i = 0; i < 10; i++)
      n_taken += (guint) guiche_bus_publish (one->bus, "wake", large, sizeof large);
    g_main_context_iteration (NULL, TRUE);
  }
  guiche_bus_get_stats (one->bus, &stats);
  g_assert_cmpuint (stats.dropped, >, 0);
  g_assert_cmpuint (n_taken, <, 1000); /* what the kernel's buffers and ours hold */
  peer_wait_connected (two, FALSE);
  test_redis_resume (redis);
  peer_wait_connected (one, TRUE);
  peer_wait_connected (two, TRUE);
  guiche_bus_publish (one->bus, "wake", "after", 5);
  while (!g_str_has_suffix (two->heard->str, "wake=after|"))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_passwords (void)
{
  g_autoptr (TestRedis) redis = test_redis_new (NULL);
  guint port = test_redis_port (redis);
  g_autofree char *plain = g_strdup_printf ("redis://:right@127.0.0.1:%u", port);
  g_autofree char *user = g_strdup_printf ("redis://guiche:secret@127.0.0.1:%u/2", port);
  g_autofree char *wrong = g_strdup_printf ("redis://:wrong@127.0.0.1:%u", port);
  g_autoptr (Peer) one = NULL;
  g_autoptr (Peer) two = NULL;
  g_autoptr (Peer) three = NULL;

  g_free (test_redis_command (redis,
                              "ACL SETUSER guiche on >secret +@pubsub +@connection +incrby +pexpire"
                              " +set +get ~guiche:* &*"));
  g_free (test_redis_command (redis, "CONFIG SET requirepass right"));
  one = peer_new (plain, "secret");
  two = peer_new (user, "secret");
  three = peer_new (wrong, "secret");
  guiche_bus_subscribe (two->bus, "wake*", peer_on_message, two);
  peer_wait_connected (one, TRUE);
  peer_wait_connected (two, TRUE);
  guiche_bus_publish (one->bus, "wake", "x", 1);
  peer_wait_heard (two, 1);
  g_assert_true (guiche_bus_count (two->bus, "c", 7, 1000, peer_on_count, two));
  peer_wait_counted (two, 1);
  g_assert_cmpint (two->total, ==, 7);
  g_assert_false (guiche_bus_is_connected (three->bus));
}

static void
test_unix_socket (void)
{
  g_autofree char *name = g_strdup_printf ("guiche-bus-%u.sock", g_random_int ());
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autofree char *options = g_strdup_printf ("--unixsocket %s", path);
  g_autofree char *url = g_strdup_printf ("unix://%s?db=1", path);
  g_autoptr (TestRedis) redis = test_redis_new (options);
  g_autoptr (Peer) one = peer_new (url, "secret");

  peer_wait_connected (one, TRUE);
  g_assert_true (guiche_bus_put (one->bus, "k", "v", 1, 60000));
  g_assert_cmpstr (peer_get (one, "k"), ==, "v");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* What a stranger at Redis' address may answer: none of it ends the process or is believed. */
static void
test_nonsense (void)
{
  static const char *const answers[] = {
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    "+OK\r\n+PONG\r\n:1\r\n:2\r\n:3\r\n",
    "+OK\r\n+PONG\r\n*1000000000\r\n",
    "+OK\r\n+PONG\r\n$-5\r\n",
    "+OK\r\n+PONG\r\n*3\r\n$7\r\nmessage\r\n:1\r\n:2\r\n",
    "+OK\r\n+PONG\r\n*2\r\n$7\r\nmessage\r\n$1\r\nx\r\n",
    "+OK\r\n+PONG\r\n*3\r\n$8\r\npmessage\r\n$1\r\nx\r\n$1\r\ny\r\n",
    "+OK\r\n+PONG\r\n*0\r\n",
    "+OK\r\n+PONG\r\n*-1\r\n",
    "-ERR no\r\n-ERR no\r\n",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (Stranger) stranger = stranger_new (answers[i]);
    g_autofree char *url = g_strdup_printf ("redis://127.0.0.1:%u", stranger->port);
    g_autoptr (Peer) one = peer_new (url, "secret");

    guiche_bus_subscribe (one->bus, "wake", peer_on_message, one);
    stranger_wait_left (stranger, 2);
    g_assert_cmpuint (one->n_heard, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus/without-url", test_without_url);
  g_test_add_func ("/bus/urls", test_urls);
  g_test_add_func ("/bus/publish", test_publish);
  g_test_add_func ("/bus/counters", test_counters);
  g_test_add_func ("/bus/values", test_values);
  g_test_add_func ("/bus/strangers", test_strangers);
  g_test_add_func ("/bus/too-large", test_too_large);
  g_test_add_func ("/bus/killed", test_killed);
  g_test_add_func ("/bus/stopped", test_stopped);
  g_test_add_func ("/bus/passwords", test_passwords);
  g_test_add_func ("/bus/unix-socket", test_unix_socket);
  g_test_add_func ("/bus/nonsense", test_nonsense);
  return g_test_run ();
}
