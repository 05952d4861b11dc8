/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/desk-private.h"

/* The customer's page says that a message has arrived when it is in the cache of the desktop of
 * whom the conversation is assigned to, in view or not. */

/* Up to where messages have arrived; 0: the server knows, or it is not ours to say. What the
 * company wrote itself is no news to it. */
static gint64
arrived (GuicheDesk *self, GuicheConversation *conversation)
{
  const GuicheConversationRow *row = guiche_conversation_get_row (conversation);
  const gint64 *told = g_hash_table_lookup (self->delivered, row->id);
  gint64 known = MAX (row->agent_delivered_seq, row->agent_read_seq);

  if (!guiche_conversation_get_is_mine (conversation) || g_strcmp0 (row->kind, "customer") != 0 ||
      g_strcmp0 (row->state, "closed") == 0 || g_strcmp0 (row->last_sender_kind, "agent") == 0)
    return 0;
  return row->last_seq > MAX (known, told != NULL ? *told : 0) ? row->last_seq : 0;
}

static void
tell (GuicheDesk *self, GuicheConversation *conversation)
{
  gint64 seq = arrived (self, conversation);
  const char *id = guiche_conversation_get_id (conversation);
  g_autofree char *op = NULL;
  gint64 *told;

  if (seq == 0)
    return;
  op = g_strdup_printf (
      "{\"op\":\"delivered\",\"conversation_id\":\"%s\",\"seq\":%" G_GINT64_FORMAT "}", id, seq);
  if (!guiche_stream_send (guiche_sync_get_stream (self->sync), op))
    return;
  told = g_new (gint64, 1);
  *told = seq;
  g_hash_table_insert (self->delivered, g_strdup (id), told);
}

void
guiche_desk_tell_delivered (GuicheDesk *self, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer key;

  if (!guiche_sync_is_online (self->sync))
    return;
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    GuicheConversation *conversation = g_hash_table_lookup (self->conversations, key);

    if (conversation != NULL)
      tell (self, conversation);
  }
}

void
guiche_desk_tell_all_delivered (GuicheDesk *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_remove_all (self->delivered);
  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    tell (self, value);
}
