/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl nodes */
#include "config.h"

#include "base/error.h"
#include "guichectl/command.h"
#include "guichectl/output.h"
#include "store/catch-up.h"
#include "store/node.h"

static const GuichectlColumn node_columns[] = {
  { "NAME", "name" },
  { "ADDRESS", "address" },
  { "VERSION", "version" },
  { "STARTED", "started_at" },
  { "ALIVE", "alive" },
  { "SILENT MS", "silent_ms" },
  { NULL },
};

static void
add_node (JsonArray *items, const GuicheNodeRow *row)
{
  JsonObject *node = json_object_new ();

  json_object_set_string_member (node, "name", row->name);
  json_object_set_string_member (node, "address", row->address);
  json_object_set_string_member (node, "version", row->version);
  json_object_set_int_member (node, "started_at", row->started_us);
  json_object_set_boolean_member (node, "alive", row->is_alive);
  json_object_set_int_member (node, "silent_ms", row->silent_us / 1000);
  json_array_add_object_element (items, node);
}

static gboolean
nodes (GuichectlCall *call, GError **error)
{
  GuicheStore *store = guichectl_connection_store (call->connection);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), json_object_new ());
  g_autoptr (GPtrArray) rows = NULL;
  JsonArray *items = json_array_new ();

  json_object_unref (json_node_get_object (node));
  json_object_set_array_member (json_node_get_object (node), "items", items);
  if (store == NULL || !guiche_store_is_shared (store)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                         "there is one server only: [store] url names no PostgreSQL");
    return FALSE;
  }
  rows = guiche_store_list_nodes (store, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    add_node (items, rows->pdata[i]);
  guichectl_print (node, call->options->as_json, "items", node_columns);
  return TRUE;
}

const GuichectlCommand guichectl_node_commands[] = {
  { "nodes", NULL, "", 0, 0, TRUE, nodes, "the servers of one PostgreSQL, and which of them live" },
  { NULL },
};
