/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-nodes-private.h"

#define DEAD_US (3 * G_USEC_PER_SEC)
#define STALLED_US (2 * G_USEC_PER_SEC) /* this node was busy: who knows who said what */
#define MAX_NODES 256

static GuicheHubNode *
find_node (GuicheHubNodes *self, const GuicheId *origin)
{
  GuicheHubNode *node = g_hash_table_lookup (self->nodes, origin);

  if (node != NULL || g_hash_table_size (self->nodes) >= MAX_NODES)
    return node;
  node = guiche_hub_node_new (origin);
  g_hash_table_insert (self->nodes, &node->origin, node);
  return node;
}

static void
on_message (GuicheBus *bus,
            const GuicheId *origin,
            const char *channel,
            const guint8 *data,
            gsize length,
            gpointer user_data)
{
  GuicheHubNodes *self = user_data;
  g_autoptr (JsonNode) message =
                 guiche_json_parse_object ((const char *) data, length, GUICHE_BUS_MAX_BYTES, NULL);
  GuicheHubNode *node = message != NULL ? find_node (self, origin) : NULL;

  if (node == NULL)
    return;
  node->heard_us = guiche_clock_monotonic_us (self->hub->clock);
  guiche_hub_nodes_hear (self, node, json_node_get_object (message));
}

/* What was said meanwhile was missed on both sides. */
static void
on_state (GuicheBus *bus, gboolean is_connected, gpointer user_data)
{
  GuicheHubNodes *self = user_data;
  gint64 now_us = guiche_clock_monotonic_us (self->hub->clock);
  GHashTableIter iter;
  gpointer value;

  if (!is_connected)
    return;
  self->connected_us = now_us;
  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    ((GuicheHubNode *) value)->is_complete = FALSE;
    ((GuicheHubNode *) value)->heard_us = now_us;
  }
  guiche_hub_nodes_ask (self, NULL);
  self->is_asked = TRUE;
  self->told_us = 0;
  guiche_hub_nodes_tell (self, now_us);
}

GuicheHubNodes *
guiche_hub_nodes_new (GuicheHub *hub, GuicheBus *bus)
{
  GuicheHubNodes *self = g_new0 (GuicheHubNodes, 1);

  self->hub = hub;
  self->bus = bus;
  self->nodes = g_hash_table_new_full (guiche_id_hash, guiche_id_equal, NULL,
                                       (GDestroyNotify) guiche_hub_node_free);
  self->untold = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_hub_tenant_unref);
  self->subscription = guiche_bus_subscribe (bus, GUICHE_HUB_CHANNEL, on_message, self);
  guiche_bus_watch (bus, on_state, self);
  if (guiche_bus_is_connected (bus))
    on_state (bus, TRUE, self);
  return self;
}

void
guiche_hub_nodes_free (GuicheHubNodes *self)
{
  guiche_bus_unwatch (self->bus, on_state, self);
  guiche_bus_unsubscribe (self->bus, self->subscription);
  if (self->reading != NULL)
    *self->reading = NULL;
  g_clear_pointer (&self->table, guiche_hub_node_free);
  g_hash_table_unref (self->nodes);
  g_ptr_array_unref (self->untold);
  g_free (self);
}

static void
forget_viewings (GuicheHub *hub, GuicheHubNode *node)
{
  GHashTableIter iter;
  gpointer tenant;

  g_hash_table_iter_init (&iter, hub->tenants);
  while (g_hash_table_iter_next (&iter, NULL, &tenant))
    guiche_hub_viewing_forget_node (tenant, node);
}

void
guiche_hub_nodes_forget (GuicheHubNodes *self, gint64 since_us)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    GuicheHubNode *node = value;

    if (node->heard_us > since_us)
      continue;
    forget_viewings (self->hub, node);
    g_hash_table_iter_remove (&iter);
  }
}

static void
believe_all (GuicheHubNodes *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((GuicheHubNode *) value)->heard_us = now_us;
}

void
guiche_hub_nodes_advance (GuicheHubNodes *self, gint64 now_us)
{
  if (self == NULL)
    return;
  if (guiche_bus_is_connected (self->bus)) {
    guiche_hub_nodes_say_alive (self);
    if (now_us - self->advanced_us > STALLED_US)
      believe_all (self, now_us);
    guiche_hub_nodes_forget (self, now_us - DEAD_US);
    guiche_hub_nodes_tell (self, now_us);
  }
  guiche_hub_nodes_advance_table (self, now_us);
  self->advanced_us = now_us;
}
