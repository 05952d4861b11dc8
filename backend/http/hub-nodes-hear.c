/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-nodes-private.h"

#include <string.h>

#define MAX_AUDIENCE 4096
#define MAX_NAME 256
#define MAX_VIEWERS 64

/* Messages come from nodes of this installation (the bus has checked that), perhaps of another
 * version: what is not understood is left. */

/* The company, if this node knows it by now. */
static GuicheHubTenant *
find_tenant (GuicheHubNodes *self, JsonObject *message)
{
  const char *key = NULL;
  GuicheTenant *tenant;

  if (!guiche_json_get_string (message, "tenant", TRUE, &key, NULL))
    return NULL;
  tenant = guiche_store_find_tenant (self->hub->store, key);
  return tenant != NULL ? guiche_hub_ensure_tenant (self->hub, tenant) : NULL;
}

static gboolean
get_short (JsonObject *message, const char *name, gsize most, const char **out)
{
  return guiche_json_get_string (message, name, TRUE, out, NULL) && strlen (*out) <= most;
}

static GuicheHubPresence *
learn (GuicheHubTenant *tenant, JsonObject *person)
{
  GuicheId user_id;
  const char *name = NULL, *status;
  gint64 at_us = 0;

  if (!guiche_json_get_id (person, "user_id", TRUE, &user_id, NULL) ||
      !guiche_json_get_string (person, "status", TRUE, &name, NULL) ||
      !guiche_json_get_int (person, "at", TRUE, &at_us, NULL))
    return NULL;
  status = guiche_hub_presence_status (name);
  return status != NULL ? guiche_hub_presence_learn (tenant, &user_id, status, at_us) : NULL;
}

static gboolean
hear_presence (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message)
{
  GuicheHubTenant *tenant = find_tenant (self, message);
  GuicheHubPresence *presence = tenant != NULL ? learn (tenant, message) : NULL;
  gboolean is_here = FALSE;

  if (presence == NULL || !guiche_json_get_bool (message, "is_here", TRUE, &is_here, NULL))
    return FALSE;
  guiche_hub_node_set_here (node, tenant, presence, is_here);
  return TRUE;
}

static gboolean
hear_part (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message)
{
  GuicheHubTenant *tenant = find_tenant (self, message);
  JsonArray *people = NULL;

  if (tenant == NULL || !guiche_json_get_array (message, "people", TRUE, &people, NULL))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (people); i++) {
    JsonNode *person = json_array_get_element (people, i);
    GuicheHubPresence *presence =
        JSON_NODE_HOLDS_OBJECT (person) ? learn (tenant, json_node_get_object (person)) : NULL;

    if (presence == NULL)
      return FALSE;
    guiche_hub_node_set_here (node, tenant, presence, TRUE);
  }
  return TRUE;
}

static gboolean
hear_viewing (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message)
{
  GuicheHubTenant *tenant = find_tenant (self, message);
  GuicheId conversation_id, users[MAX_VIEWERS];
  const char *audience = NULL;
  JsonArray *user_ids = NULL;
  guint n;

  if (tenant == NULL ||
      !guiche_json_get_id (message, "conversation_id", TRUE, &conversation_id, NULL) ||
      !get_short (message, "audience", MAX_AUDIENCE, &audience) ||
      !guiche_json_get_array (message, "user_ids", TRUE, &user_ids, NULL))
    return FALSE;
  n = MIN (json_array_get_length (user_ids), MAX_VIEWERS);
  for (guint i = 0; i < n; i++) {
    JsonNode *user_id = json_array_get_element (user_ids, i);

    if (!JSON_NODE_HOLDS_VALUE (user_id) || json_node_get_string (user_id) == NULL ||
        !guiche_id_parse (json_node_get_string (user_id), &users[i]))
      return FALSE;
  }
  guiche_hub_viewing_elsewhere (tenant, node, &conversation_id, audience, users, n);
  return TRUE;
}

static gboolean
hear_begin (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message)
{
  GHashTableIter iter;
  gpointer tenant;

  guiche_hub_node_begin (node);
  g_hash_table_iter_init (&iter, self->hub->tenants);
  while (g_hash_table_iter_next (&iter, NULL, &tenant))
    guiche_hub_viewing_forget_node (tenant, node);
  return TRUE;
}

static gboolean
hear_end (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message)
{
  guiche_hub_node_end (node, node->heard_us);
  return TRUE;
}

static void
hear_typing (GuicheHubNodes *self, JsonObject *message)
{
  GuicheHubTyping typing = { 0 };
  GuicheHubTenant *tenant = find_tenant (self, message);

  if (tenant == NULL || tenant->streams.length == 0 ||
      !guiche_json_get_id (message, "conversation_id", TRUE, &typing.conversation_id, NULL) ||
      !get_short (message, "audience", MAX_AUDIENCE, &typing.audience) ||
      !get_short (message, "kind", MAX_NAME, &typing.kind) ||
      !guiche_json_get_id (message, "id", TRUE, &typing.subject, NULL) ||
      !guiche_json_get_bool (message, "is_typing", TRUE, &typing.is_typing, NULL))
    return;
  if (json_object_has_member (message, "name") &&
      !get_short (message, "name", MAX_NAME, &typing.name))
    return;
  guiche_hub_send_typing (tenant, &typing, NULL);
}

static void
hear_ask (GuicheHubNodes *self, JsonObject *message)
{
  GuicheId wanted = *guiche_bus_origin (self->bus);

  if (!guiche_json_get_id (message, "node", FALSE, &wanted, NULL) ||
      !guiche_id_equal (&wanted, guiche_bus_origin (self->bus)))
    return;
  self->is_asked = TRUE;
  guiche_hub_nodes_tell (self, guiche_clock_monotonic_us (self->hub->clock));
}

static void
hear_alive (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message)
{
  gint64 n = 0;

  if (!guiche_json_get_int (message, "n", TRUE, &n, NULL) || (node->is_complete && n == node->n))
    return;
  guiche_hub_nodes_ask (self, &node->origin);
}

static const struct {
  const char *op;
  gboolean (*hear) (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message);
} numbered[] = {
  { "presence", hear_presence }, { "viewing", hear_viewing }, { "begin", hear_begin },
  { "part", hear_part },         { "end", hear_end },
};

/* A number left out, or something about a company that is not known yet: the second's `alive` will
 * show it, and everything is asked for. */
static void
hear_numbered (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message, guint row)
{
  gint64 n = 0;

  if (!guiche_json_get_int (message, "n", TRUE, &n, NULL))
    return;
  if (numbered[row].hear == hear_begin)
    node->is_complete = TRUE;
  else if (n != node->n + 1)
    node->is_complete = FALSE;
  node->n = n;
  if (!numbered[row].hear (self, node, message))
    node->is_complete = FALSE;
}

void
guiche_hub_nodes_hear (GuicheHubNodes *self, GuicheHubNode *node, JsonObject *message)
{
  const char *op = NULL;

  if (!guiche_json_get_string (message, "op", TRUE, &op, NULL))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (numbered); i++) {
    if (strcmp (op, numbered[i].op) == 0) {
      hear_numbered (self, node, message, i);
      return;
    }
  }
  if (strcmp (op, "alive") == 0)
    hear_alive (self, node, message);
  else if (strcmp (op, "ask") == 0)
    hear_ask (self, message);
  else if (strcmp (op, "typing") == 0)
    hear_typing (self, message);
}
