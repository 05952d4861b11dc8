/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nodes.h"
#include "store/event-private.h"
#include "store/wake-message.h"
#include "support/store.h"

#include <string.h>

/* What is said at one node is heard at another, as a bus would carry it. */
static void
carry (const guint8 *message, gsize length, gpointer user_data)
{
  Node *hearer = user_data;

  guiche_store_hear (hearer->store, message, length);
}

static void
connect_nodes (Node *sayer, Node *hearer)
{
  guiche_store_set_wake_func (sayer->store, carry, hearer);
  guiche_store_set_wakes_arrive (hearer->store, TRUE);
}

static void
on_followed (gpointer data, GError *error)
{
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

static void
follow (Node *node)
{
  gboolean is_followed = FALSE;

  guiche_tenant_follow (node->tenant, on_followed, &is_followed);
  nodes_wait (is_set, &is_followed);
}

typedef struct {
  Node *node;
  guint n;
} Count;

static gboolean
has_events (gpointer data)
{
  const Count *count = data;

  return count->node->seqs->len >= count->n;
}

/* All from 1 on, in order, each once. */
static void
assert_seqs (Node *node, guint n)
{
  Count count = { node, n };

  nodes_wait (has_events, &count);
  g_assert_cmpuint (node->seqs->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_array_index (node->seqs, gint64, i), ==, i + 1);
}

static void
test_told (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);
  GuicheWakeStats stats;

  connect_nodes (a, b);
  follow (b);
  for (guint i = 0; i < 5; i++)
    node_emit (a);
  assert_seqs (b, 5);
  node_emit (b);
  node_emit (a);
  assert_seqs (b, 7);
  guiche_store_get_wake_stats (a->store, &stats);
  g_assert_cmpuint (stats.told, ==, 6);
  guiche_store_get_wake_stats (b->store, &stats);
  g_assert_cmpuint (stats.heard, ==, 6);
  guiche_store_set_wake_func (a->store, NULL, NULL);
}

/* Nobody says anything: the database is asked. */
static void
test_asked (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);
  GuicheWakeStats stats;

  follow (b);
  node_emit (a);
  assert_seqs (b, 1);
  for (guint i = 0; i < 3; i++)
    node_emit (a);
  assert_seqs (b, 4);
  guiche_store_get_wake_stats (b->store, &stats);
  g_assert_cmpuint (stats.heard, ==, 0);
  g_assert_cmpuint (stats.found, >=, 1);
}

/* Some messages are lost: the next one that comes does not fit, and the table is read. */
static void
test_lost (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);

  follow (b);
  guiche_store_set_wakes_arrive (b->store, TRUE);
  node_emit (a);
  node_emit (a);
  connect_nodes (a, b);
  node_emit (a);
  assert_seqs (b, 3);
  guiche_store_set_wake_func (a->store, NULL, NULL);
}

static gboolean
knows (gpointer data)
{
  Node *node = data;
  g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (node->store);

  return tenants->len == 2;
}

/* A company made at one node is there at the others: at once for who asks for it. */
static void
test_new_company (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);
  g_autoptr (Node) c = node_start (nodes, "c", NULL);
  g_autoptr (GError) error = NULL;

  connect_nodes (a, c);
  g_assert_nonnull (guiche_store_create_tenant (a->store, "nova", "Nova", &error));
  g_assert_no_error (error);
  g_assert_nonnull (guiche_store_find_tenant (b->store, "nova"));
  nodes_wait (knows, c);
  g_assert_null (guiche_store_create_tenant (b->store, "nova", "Nova", &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT);
  guiche_store_set_wake_func (a->store, NULL, NULL);
}

static void
test_message (void)
{
  GuicheId entity = { { 9 } };
  g_autoptr (GPtrArray) events =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  GuicheCommit commit = { .events = events, .last_seq = 8, .job_due_us = 77 };
  g_autoptr (GBytes) message = NULL;
  g_auto (GuicheWakeMessage) decoded = { 0 };
  const GuicheEvent *event;
  const guint8 *data;
  gsize length;

  g_ptr_array_add (events, guiche_event_new (7, 70, "a.b", "*", NULL, "{}", 2));
  g_ptr_array_add (events, guiche_event_new (8, 80, "c.d", "u:x", &entity, "{\"n\":1}", 7));
  message = guiche_wake_message_encode ("demo", &commit);
  data = g_bytes_get_data (message, &length);
  g_assert_true (guiche_wake_message_decode (&decoded, data, length));
  g_assert_cmpstr (decoded.tenant, ==, "demo");
  g_assert_cmpint (decoded.last_seq, ==, 8);
  g_assert_cmpint (decoded.job_due_us, ==, 77);
  g_assert_cmpuint (decoded.events->len, ==, 2);
  event = decoded.events->pdata[1];
  g_assert_cmpstr (event->audience, ==, "u:x");
  g_assert_true (guiche_id_equal (&event->entity, &entity));
  g_assert_true (g_bytes_equal (event->wire, ((GuicheEvent *) events->pdata[1])->wire));
}

/* Nothing that is not a message is taken for one, and none of it is read beyond its end. */
static void
test_malformed (void)
{
  g_autoptr (GPtrArray) events =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  GuicheCommit commit = { .events = events, .last_seq = 7, .job_due_us = 0 };
  g_autoptr (GBytes) message = NULL;
  const guint8 *data;
  gsize length;

  g_ptr_array_add (events, guiche_event_new (7, 70, "a.b", "*", NULL, "{}", 2));
  message = guiche_wake_message_encode ("demo", &commit);
  data = g_bytes_get_data (message, &length);
  for (gsize i = 0; i < 20000; i++) {
    g_autofree guint8 *bytes = g_memdup2 (data, length);
    gsize kept = (gsize) g_test_rand_int_range (0, (gint32) length + 1);
    g_auto (GuicheWakeMessage) decoded = { 0 };

    if (length > 0)
      bytes[g_test_rand_int_range (0, (gint32) length)] ^= (guint8) g_test_rand_int ();
    guiche_wake_message_decode (&decoded, bytes, i % 2 == 0 ? length : kept);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node-wakes/told", test_told);
  g_test_add_func ("/node-wakes/asked", test_asked);
  g_test_add_func ("/node-wakes/lost", test_lost);
  g_test_add_func ("/node-wakes/new-company", test_new_company);
  g_test_add_func ("/node-wakes/message", test_message);
  g_test_add_func ("/node-wakes/malformed", test_malformed);
  return g_test_run ();
}
