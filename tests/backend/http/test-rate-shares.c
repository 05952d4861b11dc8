/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/rate-limits.h"
#include "support/redis.h"
#include "support/store.h"

#define N_NODES 3
#define STEP_US (20 * G_TIME_SPAN_MILLISECOND)
#define STEPS_A_SHARE 12 /* as often as by itself, or after an eighth of the bucket */

/**
 * Cluster:
 *
 * The limits of three nodes, in time that passes when it is told to.
 */
typedef struct {
  TestRedis *redis;
  GuicheClock *clock;
  GuicheBus *buses[N_NODES];
  GuicheLimits *nodes[N_NODES];
  guint n_marks;
} Cluster;

#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;                               \
    while (!(condition)) {                                                                         \
      g_assert_cmpint (g_get_monotonic_time (), <, wait_end);                                      \
      g_main_context_iteration (NULL, TRUE);                                                       \
    }                                                                                              \
  }                                                                                                \
  G_STMT_END

static Cluster *
cluster_new (void)
{
  Cluster *self = g_new0 (Cluster, 1);
  g_autoptr (GBytes) secret = g_bytes_new_static ("secret", 6);

  self->redis = test_redis_new (NULL);
  self->clock = guiche_clock_new_fixed (GUICHE_TEST_START_US);
  for (guint i = 0; i < N_NODES; i++) {
    self->buses[i] = guiche_bus_new (test_redis_url (self->redis), secret, NULL);
    self->nodes[i] = guiche_limits_new (TRUE);
    guiche_limits_set_bus (self->nodes[i], self->buses[i], self->clock);
    WAIT_UNTIL (guiche_bus_is_connected (self->buses[i]));
  }
  return self;
}

static void
cluster_free (Cluster *self)
{
  for (guint i = 0; i < N_NODES; i++) {
    guiche_limits_free (self->nodes[i]);
    guiche_bus_free (self->buses[i]);
  }
  guiche_clock_unref (self->clock);
  test_redis_free (self->redis);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cluster, cluster_free)

static void
on_mark (gboolean is_known, gint64 total, gpointer user_data)
{
  ((Cluster *) user_data)->n_marks++;
}

/* Everything that nodes have to say is said, in turns, and answered. */
static void
share (Cluster *self)
{
  for (guint i = 0; i < N_NODES; i++) {
    guint before = self->n_marks;

    guiche_limits_share (self->nodes[i]);
    if (guiche_bus_count (self->buses[i], "mark", 1, 1000, on_mark, self))
      WAIT_UNTIL (self->n_marks > before);
  }
}

/* How many of @tries_a_step at each of the first @n_nodes are let through in @seconds, of a bucket
 * for @burst. */
static guint
spray (Cluster *self,
       GuicheRateClass rate,
       guint burst,
       guint n_nodes,
       guint tries_a_step,
       guint seconds)
{
  guint steps_a_share = CLAMP (burst / 8 / tries_a_step, 1, STEPS_A_SHARE);
  const GuicheAddressKey key = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 7 } };
  guint n = 0;

  for (guint step = 0; step < seconds * (G_USEC_PER_SEC / STEP_US); step++) {
    for (guint i = 0; i < n_nodes * tries_a_step; i++)
      n += (guint) guiche_limits_take (self->nodes[i % n_nodes], NULL, &key, rate,
                                       guiche_clock_monotonic_us (self->clock), NULL);
    guiche_clock_advance (self->clock, STEP_US);
    if (step % steps_a_share == steps_a_share - 1)
      share (self);
  }
  return n;
}

/* A client that turns to three nodes at once gets about what one would give it. */
static void
test_spray (void)
{
  static const struct {
    GuicheRateClass rate;
    guint burst;
    guint tries_a_step;
    guint seconds;
    guint of_one; /* burst + seconds * per_second */
  } cases[] = {
    { GUICHE_RATE_SIGN_IN, 60, 1, 60, 60 + 60 },
    { GUICHE_RATE_VISITOR, 20, 1, 100, 20 + 20 },
    { GUICHE_RATE_HEAVY, 120, 2, 30, 120 + 300 },
    { GUICHE_RATE_WRITE, 400, 20, 10, 400 + 1200 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Cluster) one = cluster_new ();
    g_autoptr (Cluster) three = cluster_new ();
    guint n_one =
        spray (one, cases[i].rate, cases[i].burst, 1, cases[i].tries_a_step, cases[i].seconds);
    guint n_three = spray (three, cases[i].rate, cases[i].burst, N_NODES, cases[i].tries_a_step,
                           cases[i].seconds);

    g_test_message ("class %d: one node %u, three nodes %u", cases[i].rate, n_one, n_three);
    g_assert_cmpuint (n_one, >=, cases[i].of_one * 97 / 100);
    g_assert_cmpuint (n_one, <=, cases[i].of_one + 1);
    g_assert_cmpuint (n_three, >=, n_one * 8 / 10);
    g_assert_cmpuint (n_three, <=, n_one * 13 / 10);
  }
}

/* Who has used one node up does not find the next one fresh. */
static void
test_moves_on (void)
{
  g_autoptr (Cluster) cluster = cluster_new ();
  const GuicheAddressKey key = { { 1 } };
  guint n = 0;

  for (guint i = 0; i < N_NODES; i++) {
    for (guint tries = 0; tries < 200; tries++) {
      n += (guint) guiche_limits_take (cluster->nodes[i], NULL, &key, GUICHE_RATE_SIGN_IN,
                                       guiche_clock_monotonic_us (cluster->clock), NULL);
      if (tries % 4 == 3)
        share (cluster);
    }
  }
  g_test_message ("%u in all", n);
  g_assert_cmpuint (n, >=, 60);
  g_assert_cmpuint (n, <=, 85); /* of one: 60, and what a minute that has begun may have refilled */
}

/* Nobody else is charged for it. */
static void
test_others (void)
{
  g_autoptr (Cluster) cluster = cluster_new ();
  const GuicheAddressKey other = { { 2 } };

  spray (cluster, GUICHE_RATE_SIGN_IN, 60, N_NODES, 1, 5);
  for (guint i = 0; i < 60; i++)
    g_assert_true (guiche_limits_take (cluster->nodes[0], NULL, &other, GUICHE_RATE_SIGN_IN,
                                       guiche_clock_monotonic_us (cluster->clock), NULL));
}

/* Without Redis each node limits alone; flushed, what was counted so far is forgiven once. */
static void
test_redis_away (void)
{
  g_autoptr (Cluster) cluster = cluster_new ();
  guint n;

  test_redis_kill (cluster->redis);
  for (guint i = 0; i < N_NODES; i++)
    WAIT_UNTIL (!guiche_bus_is_connected (cluster->buses[i]));
  n = spray (cluster, GUICHE_RATE_SIGN_IN, 60, N_NODES, 1, 60);
  g_assert_cmpuint (n, >=, N_NODES * 119);
  g_assert_cmpuint (n, <=, N_NODES * 121);

  test_redis_start (cluster->redis);
  for (guint i = 0; i < N_NODES; i++)
    WAIT_UNTIL (guiche_bus_is_connected (cluster->buses[i]));
  n = spray (cluster, GUICHE_RATE_SIGN_IN, 60, N_NODES, 1, 60);
  g_test_message ("together again: %u in a minute", n);
  g_assert_cmpuint (n, <=, 90);
  g_free (test_redis_command (cluster->redis, "FLUSHALL"));
  n = spray (cluster, GUICHE_RATE_SIGN_IN, 60, N_NODES, 1, 60);
  g_test_message ("flushed: %u in a minute", n);
  g_assert_cmpuint (n, <=, 90);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/rate-shares/spray", test_spray);
  g_test_add_func ("/http/rate-shares/moves-on", test_moves_on);
  g_test_add_func ("/http/rate-shares/others", test_others);
  g_test_add_func ("/http/rate-shares/redis-away", test_redis_away);
  return g_test_run ();
}
