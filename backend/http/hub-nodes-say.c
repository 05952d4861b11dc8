/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/hub-nodes-private.h"

/* What this hub tells the others: JSON objects on one channel. `begin`, `part`, `end`, `presence`
 * and `viewing` are numbered; `alive` bears the last number; `ask` and `typing` are by the way. */

#define TELL_AGAIN_US (500 * G_TIME_SPAN_MILLISECOND)
#define PEOPLE_A_PART 200

static GuicheJsonWriter *
begin (GuicheHubNodes *self, const char *op, gboolean is_numbered)
{
  GuicheJsonWriter *writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", op);
  if (is_numbered)
    guiche_json_writer_member_int (writer, "n", ++self->n);
  return writer;
}

/* Takes @writer. FALSE: dropped; those who miss its number will ask. */
static gboolean
publish (GuicheHubNodes *self, GuicheJsonWriter *writer)
{
  gboolean is_taken;
  const char *text;
  gsize length;

  guiche_json_writer_end_object (writer);
  text = guiche_json_writer_peek (writer, &length);
  is_taken = guiche_bus_publish (self->bus, GUICHE_HUB_CHANNEL, text, length);
  guiche_json_writer_free (writer);
  return is_taken;
}

void
guiche_hub_nodes_say_alive (GuicheHubNodes *self)
{
  GuicheJsonWriter *writer = begin (self, "alive", FALSE);

  guiche_json_writer_member_int (writer, "n", self->n);
  publish (self, writer);
}

void
guiche_hub_nodes_ask (GuicheHubNodes *self, const GuicheId *origin)
{
  GuicheJsonWriter *writer = begin (self, "ask", FALSE);

  if (origin != NULL)
    guiche_json_writer_member_id (writer, "node", origin);
  publish (self, writer);
}

void
guiche_hub_nodes_say_presence (GuicheHubNodes *self,
                               GuicheHubTenant *tenant,
                               const GuicheHubPresence *presence)
{
  GuicheJsonWriter *writer;

  if (self == NULL)
    return;
  guiche_hub_nodes_write (self, tenant, presence);
  writer = begin (self, "presence", TRUE);
  guiche_json_writer_member_string (writer, "tenant", guiche_tenant_key (tenant->tenant));
  guiche_json_writer_member_id (writer, "user_id", &presence->user_id);
  guiche_json_writer_member_string (writer, "status", presence->status);
  guiche_json_writer_member_int (writer, "at", presence->status_us);
  guiche_json_writer_member_bool (writer, "is_here", presence->n_streams > 0);
  publish (self, writer);
}

void
guiche_hub_nodes_say_typing (GuicheHubNodes *self,
                             GuicheHubTenant *tenant,
                             const GuicheHubTyping *typing)
{
  GuicheJsonWriter *writer;

  if (self == NULL)
    return;
  writer = begin (self, "typing", FALSE);
  guiche_json_writer_member_string (writer, "tenant", guiche_tenant_key (tenant->tenant));
  guiche_json_writer_member_id (writer, "conversation_id", &typing->conversation_id);
  guiche_json_writer_member_string (writer, "audience", typing->audience);
  guiche_json_writer_member_string (writer, "kind", typing->kind);
  guiche_json_writer_member_id (writer, "id", &typing->subject);
  if (typing->name != NULL)
    guiche_json_writer_member_string (writer, "name", typing->name);
  guiche_json_writer_member_bool (writer, "is_typing", typing->is_typing);
  publish (self, writer);
}

void
guiche_hub_nodes_say_viewing (GuicheHubNodes *self,
                              GuicheHubTenant *tenant,
                              const GuicheId *conversation_id,
                              const char *audience,
                              const GArray *user_ids)
{
  GuicheJsonWriter *writer;

  if (self == NULL)
    return;
  writer = begin (self, "viewing", TRUE);
  guiche_json_writer_member_string (writer, "tenant", guiche_tenant_key (tenant->tenant));
  guiche_json_writer_member_id (writer, "conversation_id", conversation_id);
  guiche_json_writer_member_string (writer, "audience", audience);
  guiche_json_writer_name (writer, "user_ids");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < user_ids->len; i++)
    guiche_json_writer_id (writer, &g_array_index (user_ids, GuicheId, i));
  guiche_json_writer_end_array (writer);
  publish (self, writer);
}

static GuicheJsonWriter *
begin_part (GuicheHubNodes *self, GuicheHubTenant *tenant)
{
  GuicheJsonWriter *writer = begin (self, "part", TRUE);

  guiche_json_writer_member_string (writer, "tenant", guiche_tenant_key (tenant->tenant));
  guiche_json_writer_name (writer, "people");
  guiche_json_writer_begin_array (writer);
  return writer;
}

static gboolean
end_part (GuicheHubNodes *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_end_array (writer);
  return publish (self, writer);
}

static gboolean
tell_people (GuicheHubNodes *self, GuicheHubTenant *tenant)
{
  GuicheJsonWriter *writer = begin_part (self, tenant);
  gboolean is_taken = TRUE;
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, tenant->presences);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const GuicheHubPresence *presence = value;

    if (presence->n_streams == 0)
      continue;
    if (n++ == PEOPLE_A_PART) {
      is_taken &= end_part (self, writer);
      writer = begin_part (self, tenant);
      n = 1;
    }
    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_id (writer, "user_id", &presence->user_id);
    guiche_json_writer_member_string (writer, "status", presence->status);
    guiche_json_writer_member_int (writer, "at", presence->status_us);
    guiche_json_writer_end_object (writer);
  }
  return is_taken & end_part (self, writer);
}

static void
restart (GuicheHubNodes *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer tenant;

  self->is_asked = FALSE;
  self->told_us = now_us;
  g_ptr_array_set_size (self->untold, 0);
  g_hash_table_iter_init (&iter, self->hub->tenants);
  while (g_hash_table_iter_next (&iter, NULL, &tenant))
    if (g_hash_table_size (((GuicheHubTenant *) tenant)->presences) > 0)
      g_ptr_array_add (self->untold, guiche_hub_tenant_ref (tenant));
  publish (self, begin (self, "begin", TRUE));
  if (self->untold->len == 0)
    publish (self, begin (self, "end", TRUE));
}

void
guiche_hub_nodes_tell (GuicheHubNodes *self, gint64 now_us)
{
  if (self->is_asked && (self->told_us == 0 || now_us - self->told_us >= TELL_AGAIN_US))
    restart (self, now_us);
  while (self->untold->len > 0) {
    GuicheHubTenant *tenant = g_ptr_array_index (self->untold, self->untold->len - 1);

    /* What the bus does not take now is told with the next turn of the second. */
    if (!tell_people (self, tenant))
      return;
    guiche_hub_viewing_say_all (tenant, self);
    g_ptr_array_set_size (self->untold, (int) self->untold->len - 1);
    if (self->untold->len == 0)
      publish (self, begin (self, "end", TRUE));
  }
}
