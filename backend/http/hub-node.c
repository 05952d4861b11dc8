/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-node.h"

typedef struct {
  GuicheHubTenant *tenant; /* (owned) */
  gboolean is_doubtful;    /* not named again yet */
} Person;

static void
person_free (gpointer data)
{
  guiche_hub_tenant_unref (((Person *) data)->tenant);
  g_free (data);
}

GuicheHubNode *
guiche_hub_node_new (const GuicheId *origin)
{
  GuicheHubNode *self = g_new0 (GuicheHubNode, 1);

  self->origin = *origin;
  self->people = g_hash_table_new_full (NULL, NULL, NULL, person_free);
  return self;
}

void
guiche_hub_node_free (GuicheHubNode *self)
{
  guiche_hub_node_begin (self);
  guiche_hub_node_end (self, self->heard_us);
  g_hash_table_unref (self->people);
  g_free (self);
}

void
guiche_hub_node_set_here (GuicheHubNode *self,
                          GuicheHubTenant *tenant,
                          GuicheHubPresence *presence,
                          gboolean is_here)
{
  Person *person = g_hash_table_lookup (self->people, presence);

  if (!is_here) {
    if (person != NULL)
      guiche_hub_presence_remove_node (presence, self->heard_us);
    g_hash_table_remove (self->people, presence);
    return;
  }
  if (person == NULL) {
    person = g_new0 (Person, 1);
    person->tenant = guiche_hub_tenant_ref (tenant);
    g_hash_table_insert (self->people, presence, person);
    guiche_hub_presence_add_node (tenant, presence);
  }
  person->is_doubtful = FALSE;
}

void
guiche_hub_node_begin (GuicheHubNode *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((Person *) value)->is_doubtful = TRUE;
}

void
guiche_hub_node_end (GuicheHubNode *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer presence, value;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, &presence, &value)) {
    if (!((Person *) value)->is_doubtful)
      continue;
    guiche_hub_presence_remove_node (presence, now_us);
    g_hash_table_iter_remove (&iter);
  }
}
