/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-hub"

#include "http/hub-nodes-private.h"
#include "store/catch-up.h"
#include "store/node.h"

/* While there is no bus, who is where is read from the database: every node writes its people there
 * as they come and go. A row's status is what they chose and when, `busy 1763622197000000`, because
 * the newest choice counts and not the newest row. */

#define READ_US (2 * G_USEC_PER_SEC)
#define TRUST_US                                                                                   \
  (3 * G_USEC_PER_SEC) /* so long after the bus is back every node has told its people */

void
guiche_hub_nodes_write (GuicheHubNodes *self,
                        GuicheHubTenant *tenant,
                        const GuicheHubPresence *presence)
{
  g_autofree char *status = NULL;

  if (!guiche_store_is_shared (self->hub->store))
    return;
  if (presence->n_streams > 0)
    status = g_strdup_printf ("%s %" G_GINT64_FORMAT, presence->status, presence->status_us);
  guiche_store_set_presence (self->hub->store, guiche_tenant_key (tenant->tenant),
                             &presence->user_id, status);
}

static void
take_row (GuicheHubNodes *self, const GuichePresenceRow *row)
{
  GuicheTenant *tenant = guiche_store_find_tenant (self->hub->store, row->tenant);
  g_auto (GStrv) words = g_strsplit (row->status, " ", 2);
  const char *status = words[0] != NULL ? guiche_hub_presence_status (words[0]) : NULL;
  GuicheHubTenant *entry;
  gint64 status_us = 0;

  if (tenant == NULL || status == NULL || words[1] == NULL ||
      !g_ascii_string_to_signed (words[1], 10, 0, G_MAXINT64, &status_us, NULL))
    return;
  entry = guiche_hub_ensure_tenant (self->hub, tenant);
  guiche_hub_node_set_here (self->table, entry,
                            guiche_hub_presence_learn (entry, &row->user_id, status, status_us),
                            TRUE);
}

/* (thread main) */
static void
on_rows (GPtrArray *rows, gpointer user_data)
{
  g_autofree GuicheHubNodes **reading = user_data;
  GuicheHubNodes *self = *reading;
  gint64 now_us;

  if (self != NULL)
    self->reading = NULL;
  if (self == NULL || rows == NULL || guiche_bus_is_connected (self->bus))
    return;
  now_us = guiche_clock_monotonic_us (self->hub->clock);
  if (self->table == NULL)
    self->table = guiche_hub_node_new (&GUICHE_ID_NONE);
  self->table->heard_us = now_us;
  guiche_hub_node_begin (self->table);
  for (guint i = 0; i < rows->len; i++)
    take_row (self, rows->pdata[i]);
  guiche_hub_node_end (self->table, now_us);
  /* What the bus said last is older. */
  guiche_hub_nodes_forget (self, G_MAXINT64);
}

static void
read_rows (GuicheHubNodes *self, gint64 now_us)
{
  if (self->reading != NULL || now_us - self->read_us < READ_US)
    return;
  self->reading = g_new (GuicheHubNodes *, 1);
  *self->reading = self;
  self->read_us = now_us;
  guiche_store_read_presence (self->hub->store, on_rows, self->reading);
}

void
guiche_hub_nodes_advance_table (GuicheHubNodes *self, gint64 now_us)
{
  if (!guiche_bus_is_connected (self->bus)) {
    if (guiche_store_is_shared (self->hub->store))
      read_rows (self, now_us);
  } else if (self->table != NULL && now_us - self->connected_us >= TRUST_US) {
    self->table->heard_us = now_us;
    g_clear_pointer (&self->table, guiche_hub_node_free);
  }
}
