/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl job, audit, events, tenant, config */
#include "config.h"

#include "base/error.h"
#include "base/settings.h"
#include "guichectl/command.h"
#include "guichectl/output.h"

#include <stdio.h>

static const GuichectlColumn job_columns[] = {
  { "ID", "id" },
  { "KIND", "kind" },
  { "STATE", "state" },
  { "ATTEMPTS", "attempts" },
  { "DUE", "due_at" },
  { "LAST ERROR", "last_error" },
  { NULL },
};

static const GuichectlColumn audit_columns[] = {
  { "SEQ", "seq" },
  { "AT", "at" },
  { "ROLE", "actor_role" },
  { "ACTOR", "actor_id" },
  { "ACTION", "action" },
  { "ON", "entity" },
  { NULL },
};

static const GuichectlColumn event_columns[] = {
  { "SEQ", "seq" },
  { "AT", "at" },
  { "KIND", "kind" },
  { NULL },
};

static const GuichectlColumn tenant_columns[] = { { "KEY", "key" }, { "NAME", "name" }, { NULL } };

static gboolean
job_list (GuichectlCall *call, GError **error)
{
  const char *state = call->options->state;
  g_autofree char *escaped = g_uri_escape_string (state != NULL ? state : "", NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/v1/jobs?state=%s&limit=%" G_GINT64_FORMAT, escaped,
                                           call->options->limit);
  g_autoptr (JsonNode) jobs = guichectl_call (call->connection, "GET", path, NULL, error);

  if (jobs == NULL)
    return FALSE;
  guichectl_print (jobs, call->options->as_json, "items", job_columns);
  return TRUE;
}

static gboolean
job_retry (GuichectlCall *call, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (call->arguments[0], NULL, FALSE);
  g_autofree char *path = g_strconcat ("/api/v1/jobs/", escaped, "/retry", NULL);
  g_autoptr (JsonNode) done = guichectl_call (call->connection, "POST", path, NULL, error);

  if (done == NULL)
    return FALSE;
  guichectl_print_done (call->options->as_json);
  return TRUE;
}

static gboolean
audit_list (GuichectlCall *call, GError **error)
{
  g_autofree char *path =
      g_strdup_printf ("/api/v1/audit?since=%" G_GINT64_FORMAT "&limit=%" G_GINT64_FORMAT,
                       call->options->since, call->options->limit);
  g_autoptr (JsonNode) page = guichectl_call (call->connection, "GET", path, NULL, error);

  if (page == NULL)
    return FALSE;
  guichectl_print (page, call->options->as_json, "items", audit_columns);
  return TRUE;
}

static gboolean
audit_verify (GuichectlCall *call, GError **error)
{
  g_autoptr (JsonNode) verified =
                 guichectl_call (call->connection, "GET", "/api/v1/audit/verify", NULL, error);

  if (verified == NULL)
    return FALSE;
  guichectl_print_object (verified, call->options->as_json);
  return TRUE;
}

static void
on_event (const char *json, gpointer user_data)
{
  printf ("%s\n", json);
  fflush (stdout);
}

static void
print_events (JsonArray *events)
{
  for (guint i = 0; i < json_array_get_length (events); i++) {
    g_autofree char *text = json_to_string (json_array_get_element (events, i), FALSE);

    on_event (text, NULL);
  }
}

/* All that is there, page by page; *@since moves on. */
static gboolean
print_missed (GuichectlCall *call, gint64 *since, GError **error)
{
  gboolean has_more = TRUE;

  while (has_more) {
    g_autofree char *path =
        g_strdup_printf ("/api/v1/sync?since=%" G_GINT64_FORMAT "&limit=500", *since);
    g_autoptr (JsonNode) page = guichectl_call (call->connection, "GET", path, NULL, error);
    JsonObject *object;

    if (page == NULL)
      return FALSE;
    object = json_node_get_object (page);
    if (call->options->as_json || call->options->follows)
      print_events (json_object_get_array_member (object, "events"));
    else
      guichectl_print (page, FALSE, "events", event_columns);
    *since = json_object_get_int_member (object, "next");
    has_more = json_object_get_boolean_member (object, "more");
  }
  return TRUE;
}

static gboolean
events (GuichectlCall *call, GError **error)
{
  gint64 since = call->options->since;

  if (!print_missed (call, &since, error))
    return FALSE;
  return !call->options->follows ||
         guichectl_follow (call->connection, since, on_event, NULL, error);
}

static void
add_tenant (JsonArray *items, const char *key, const char *name)
{
  JsonObject *tenant = json_object_new ();

  json_object_set_string_member (tenant, "key", key);
  if (name != NULL)
    json_object_set_string_member (tenant, "name", name);
  json_array_add_object_element (items, tenant);
}

/* With a server running only the directory can be looked at. */
static void
list_directory (GuichectlCall *call, JsonArray *items)
{
  g_autofree char *path =
      g_build_filename (guichectl_connection_data (call->connection), "tenants", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *key;

  while (directory != NULL && (key = g_dir_read_name (directory)) != NULL)
    add_tenant (items, key, NULL);
}

static gboolean
tenant_list (GuichectlCall *call, GError **error)
{
  GuicheStore *store = guichectl_connection_store (call->connection);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), json_object_new ());
  JsonArray *items = json_array_new ();

  json_object_unref (json_node_get_object (node));
  json_object_set_array_member (json_node_get_object (node), "items", items);
  if (store == NULL) {
    list_directory (call, items);
  } else {
    g_autoptr (GPtrArray) tenants = guiche_store_list_tenants (store);

    for (guint i = 0; i < tenants->len; i++)
      add_tenant (items, guiche_tenant_key (tenants->pdata[i]),
                  guiche_tenant_name (tenants->pdata[i]));
  }
  guichectl_print (node, call->options->as_json, "items", tenant_columns);
  return TRUE;
}

static gboolean
tenant_add (GuichectlCall *call, GError **error)
{
  GuicheStore *store = guichectl_connection_store (call->connection);

  if (store == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                         "a company is added while no server runs: stop guiched first");
    return FALSE;
  }
  if (guiche_store_create_tenant (store, call->arguments[0], call->arguments[1], error) == NULL)
    return FALSE;
  guichectl_print_done (call->options->as_json);
  return TRUE;
}

static gboolean
config_example (GuichectlCall *call, GError **error)
{
  g_autofree char *example = guiche_settings_example ();

  fputs (example, stdout);
  return TRUE;
}

const GuichectlCommand guichectl_store_commands[] = {
  { "job", "list", "", 0, 0, FALSE, job_list,
    "what the outside must be told; --state waiting|running|done|dead" },
  { "job", "retry", "ID", 1, 1, FALSE, job_retry, "try a dead one again now" },
  { "audit", "list", "", 0, 0, FALSE, audit_list, "who did what to what; --since SEQ" },
  { "audit", "verify", "", 0, 0, FALSE, audit_verify, "check the chain of the log" },
  { "events", NULL, "", 0, 0, FALSE, events, "what clients must see; --since SEQ, --follow" },
  { "tenant", "list", "", 0, 0, TRUE, tenant_list, "the companies" },
  { "tenant", "add", "KEY NAME", 2, 2, TRUE, tenant_add, "add one; while no server runs" },
  { "config", "example", "", 0, 0, TRUE, config_example,
    "guiched.conf with every key and what it does", TRUE },
  { NULL },
};
