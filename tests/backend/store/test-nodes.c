/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nodes.h"
#include "store/node-store.h"
#include "support/database.h"
#include "support/store.h"

#include <glib/gstdio.h>
#include <string.h>

static const GuicheNodeRow *
find_row (GPtrArray *rows, const char *name)
{
  for (guint i = 0; i < rows->len; i++) {
    if (strcmp (((GuicheNodeRow *) rows->pdata[i])->name, name) == 0)
      return rows->pdata[i];
  }
  return NULL;
}

static GPtrArray *
list (Node *node)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = guiche_store_list_nodes (node->store, &error);

  g_assert_no_error (error);
  return rows;
}

/* Whether @data, a Node, sees `b` with the address it has given. */
static gboolean
sees_address (gpointer data)
{
  g_autoptr (GPtrArray) rows = list (data);
  const GuicheNodeRow *row = find_row (rows, "b");

  return row != NULL && strcmp (row->address, "http://b.example") == 0;
}

static void
test_list (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  Node *b = node_start (nodes, "b", NULL);
  g_autoptr (GPtrArray) both = NULL;
  g_autoptr (GPtrArray) one = NULL;

  guiche_store_set_node_address (b->store, "http://b.example");
  nodes_wait (sees_address, a);
  both = list (a);
  g_assert_cmpuint (both->len, ==, 2);
  g_assert_true (find_row (both, "a")->is_self);
  g_assert_false (find_row (both, "b")->is_self);
  g_assert_true (find_row (both, "b")->is_alive);
  g_assert_cmpstr (find_row (both, "b")->version, ==, "1");

  node_free (b);
  one = list (a);
  g_assert_cmpuint (one->len, ==, 1);
}

static void
test_same_name (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Node) twin = node_open (nodes, "twin", "GUICHE_NODE_NAME=a", &error);

  g_assert_no_error (error);
  g_assert_false (guiche_store_join (twin->store, "1", NULL, NULL, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "called a runs already"));
}

/* Whose process was killed is entered again by the next of its name, once it is certain. */
static void
test_killed (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Node) a = node_open (nodes, "a", NULL, &error);

  g_assert_no_error (error);
  nodes_run (nodes, "INSERT INTO control.nodes (name, boot, version, address, started_at, "
                    "heartbeat_at) VALUES ('a', 'killed', '1', '', 1, "
                    "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) - 3000000)");
  guiche_store_join (a->store, "1", NULL, NULL, &error);
  g_assert_no_error (error);
}

/* It was this node itself: nobody waits. */
static void
test_killed_here (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Node) a = node_open (nodes, "a", NULL, &error);
  g_autofree char *path = g_build_filename (nodes->directory, "a", "node.boot", NULL);

  g_assert_no_error (error);
  nodes_run (nodes, "INSERT INTO control.nodes (name, boot, version, address, started_at, "
                    "heartbeat_at) VALUES ('a', 'killed', '1', '', 1, 9000000000000000000)");
  g_assert_true (g_file_set_contents (path, "killed", -1, NULL));
  guiche_store_join (a->store, "1", NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Who has not been heard for so long is no longer listed; its people go with it. */
static void
test_forget (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autoptr (GuicheDbLocation) location =
                 guiche_db_location_new_postgresql (nodes->url, "control", NULL);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheDb) db = guiche_db_open (location, GUICHE_DB_WRITER, &error);

  g_assert_no_error (error);
  nodes_run (nodes, "INSERT INTO control.nodes (name, boot, version, address, started_at, "
                    "heartbeat_at) VALUES ('b', 'killed', '1', '', 1, 5), ('c', 'killed', '1', '', "
                    "1, 10)");
  nodes_run (nodes, "INSERT INTO control.presence (tenant, user_id, node, status, changed_at) "
                    "VALUES ('demo', '\\x01', 'b', 'busy', 1)");
  g_assert_true (guiche_node_store_forget (db, 10, &error));
  rows = list (a);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_null (find_row (rows, "b"));
  g_assert_false (find_row (rows, "c")->is_alive);
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

static void
on_lost (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* It was away for too long, and another has its name: it is told to end. */
static void
test_lost (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (Node) a = node_open (nodes, "a", NULL, &error);
  gboolean is_lost = FALSE;

  g_assert_no_error (error);
  g_test_expect_message ("guiche-store", G_LOG_LEVEL_CRITICAL, "another server is called a now");
  guiche_store_join (a->store, "1", on_lost, &is_lost, &error);
  g_assert_no_error (error);
  nodes_run (nodes, "UPDATE control.nodes SET boot = 'another', heartbeat_at = heartbeat_at + "
                    "60000000");
  nodes_wait (is_set, &is_lost);
  g_test_assert_expected_messages ();
}

#define CHORE "test.chore"

static gboolean
one_holds (gpointer data)
{
  Node **both = data;

  return guiche_store_holds_lease (both[0]->store, CHORE, NULL) ||
         guiche_store_holds_lease (both[1]->store, CHORE, NULL);
}

static gboolean
second_holds (gpointer data)
{
  return guiche_store_holds_lease (((Node **) data)[1]->store, CHORE, NULL);
}

/* One has it; when that ends the other takes over at once, with a greater token. */
static void
test_lease (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  Node *a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);
  Node *both[] = { a, b };
  gint64 first = 0, second = 0;

  guiche_store_want_lease (a->store, CHORE);
  nodes_wait (one_holds, both);
  g_assert_true (guiche_store_holds_lease (a->store, CHORE, &first));
  guiche_store_want_lease (b->store, CHORE);
  g_assert_false (guiche_store_holds_lease (b->store, CHORE, NULL));
  node_free (a);
  nodes_wait (second_holds, both);
  g_assert_true (guiche_store_holds_lease (b->store, CHORE, &second));
  g_assert_cmpint (second, >, first);
}

typedef struct {
  Node *node;
  GPtrArray *rows;
  gboolean is_asking;
  guint n_expected;
  const char *first_status; /* (nullable) */
} Asking;

static void
on_presence (GPtrArray *rows, gpointer user_data)
{
  Asking *self = user_data;

  self->is_asking = FALSE;
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  if (rows != NULL)
    self->rows = g_ptr_array_ref (rows);
}

static gboolean
is_expected (const Asking *self)
{
  if (self->rows == NULL || self->rows->len != self->n_expected)
    return FALSE;
  return self->first_status == NULL ||
         strcmp (((GuichePresenceRow *) self->rows->pdata[0])->status, self->first_status) == 0;
}

static gboolean
are_there (gpointer data)
{
  Asking *self = data;

  if (is_expected (self))
    return TRUE;
  if (!self->is_asking)
    guiche_store_read_presence (self->node->store, on_presence, self);
  self->is_asking = TRUE;
  return FALSE;
}

/* Who is at a node is seen at the others, as long as it lives. */
static void
test_presence (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  Node *a = node_start (nodes, "a", NULL);
  g_autoptr (Node) b = node_start (nodes, "b", NULL);
  GuicheId user = { { 1 } }, other = { { 2 } };
  Asking asking = { .node = b, .n_expected = 2, .first_status = "busy" };
  const GuichePresenceRow *row;

  guiche_store_set_presence (a->store, "demo", &user, "available");
  guiche_store_set_presence (a->store, "demo", &other, "away");
  guiche_store_set_presence (a->store, "demo", &user, "busy");
  guiche_store_set_presence (b->store, "demo", &user, "available");
  nodes_wait (are_there, &asking);
  row = asking.rows->pdata[0];
  g_assert_cmpstr (row->tenant, ==, "demo");
  g_assert_cmpstr (row->node, ==, "a");
  g_assert_true (guiche_id_equal (&row->user_id, &user));

  guiche_store_set_presence (a->store, "demo", &user, NULL);
  asking.n_expected = 1;
  asking.first_status = NULL;
  nodes_wait (are_there, &asking);
  node_free (a);
  asking.n_expected = 0;
  nodes_wait (are_there, &asking);
  g_clear_pointer (&asking.rows, g_ptr_array_unref);
}

/* The first server's keys are the installation's: others are refused, and none is made. */
static void
test_keys (void)
{
  g_autoptr (Nodes) nodes = nodes_new ();
  g_autoptr (Node) a = node_start (nodes, "a", NULL);
  g_autofree char *own = g_build_filename (nodes->directory, "own", NULL);
  g_autofree char *setting = g_strconcat ("GUICHE_NODE_KEYS=", own, NULL);
  g_autofree char *path = g_build_filename (own, "audit.key", NULL);
  g_autofree char *wrong = g_strnfill (32, 'x');
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) other = NULL;

  g_assert_null (node_open (nodes, "b", setting, &missing));
  g_assert_error (missing, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (missing->message, "audit.key is missing"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_assert_true (g_file_set_contents (path, wrong, 32, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_null (node_open (nodes, "b", setting, &other));
  g_assert_error (other, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (other->message, "is not the installation's"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nodes/list", test_list);
  g_test_add_func ("/nodes/same-name", test_same_name);
  g_test_add_func ("/nodes/killed", test_killed);
  g_test_add_func ("/nodes/killed-here", test_killed_here);
  g_test_add_func ("/nodes/forget", test_forget);
  g_test_add_func ("/nodes/lost", test_lost);
  g_test_add_func ("/nodes/lease", test_lease);
  g_test_add_func ("/nodes/presence", test_presence);
  g_test_add_func ("/nodes/keys", test_keys);
  return g_test_run ();
}
