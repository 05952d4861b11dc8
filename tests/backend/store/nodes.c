/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nodes.h"

#include "support/database.h"
#include "support/store.h"

Nodes *
nodes_new (void)
{
  Nodes *self = g_new0 (Nodes, 1);
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("guiche-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->url = guiche_test_database_new ();
  g_assert_nonnull (self->url);
  return self;
}

void
nodes_free (Nodes *self)
{
  guiche_test_database_free (self->url);
  guiche_test_remove_directory (self->directory);
  g_free (self->directory);
  g_free (self);
}

static void
on_events (GuicheTenant *tenant, GuicheEvent *const *events, gsize n_events, gpointer user_data)
{
  Node *self = user_data;

  for (gsize i = 0; i < n_events; i++)
    g_array_append_val (self->seqs, events[i]->seq);
}

Node *
node_open (Nodes *nodes, const char *name, const char *setting, GError **error)
{
  Node *self = g_new0 (Node, 1);
  g_autofree char *data = g_build_filename (nodes->directory, name, NULL);
  g_autofree char *keys = g_build_filename (nodes->directory, "keys", NULL);
  g_autofree char *files = g_build_filename (nodes->directory, "files", NULL);
  const char *const shared[][2] = { { "GUICHE_STORE_URL", nodes->url },
                                    { "GUICHE_NODE_NAME", name },
                                    { "GUICHE_NODE_KEYS", keys },
                                    { "GUICHE_FILES_DIRECTORY", files } };
  g_auto (GStrv) environment = g_strsplit (setting == NULL ? "" : setting, " ", -1);

  self->nodes = nodes;
  self->name = g_strdup (name);
  for (gsize i = 0; i < G_N_ELEMENTS (shared); i++)
    environment = g_environ_setenv (environment, shared[i][0], shared[i][1], FALSE);
  self->settings = guiche_settings_load (NULL, environment, error);
  self->seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (self->settings != NULL)
    self->store = guiche_store_open (data, self->settings, NULL, error);
  if (self->store == NULL) {
    node_free (self);
    return NULL;
  }

  guiche_store_set_listener (self->store, on_events, self);
  return self;
}

Node *
node_start (Nodes *nodes, const char *name, const char *setting)
{
  g_autoptr (GError) error = NULL;
  Node *self = node_open (nodes, name, setting, &error);

  g_assert_no_error (error);
  guiche_store_join (self->store, "1", NULL, NULL, &error);
  g_assert_no_error (error);
  self->tenant = guiche_store_find_tenant (self->store, "demo");
  if (self->tenant == NULL)
    self->tenant = guiche_store_create_tenant (self->store, "demo", "Empresa de Exemplo", &error);
  g_assert_no_error (error);
  return self;
}

void
node_free (Node *self)
{
  g_clear_pointer (&self->store, guiche_store_close);
  g_clear_pointer (&self->settings, guiche_settings_unref);
  g_array_unref (self->seqs);
  g_free (self->name);
  g_free (self);
}

static gboolean
emit (GuicheTx *tx, gpointer data, GError **error)
{
  return guiche_tx_emit (tx, "test.made", "*", NULL, "{}", 2, error);
}

void
node_emit (Node *self)
{
  g_autoptr (GError) error = NULL;

  guiche_tenant_write_sync (self->tenant, NULL, emit, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
nodes_wait (gboolean (*is_so) (gpointer data), gpointer data)
{
  gint64 until_us = g_get_monotonic_time () + NODES_DEADLINE_US;
  guint tick = g_timeout_add (5, on_tick, NULL);

  while (!is_so (data) && g_get_monotonic_time () < until_us)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  g_assert_true (is_so (data));
}

void
nodes_run (Nodes *self, const char *sql)
{
  guiche_test_database_run (self->url, sql);
}
