/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/desk-private.h"

/* The object of an open list, or one made of the cache for a notification. */
GuicheMessage *
guiche_desk_find_message (GuicheDesk *self, GuicheConversation *conversation, gint64 seq)
{
  const char *id = guiche_conversation_get_id (conversation);
  g_autoptr (GPtrArray) rows =
                 guiche_message_store_list (guiche_cache_reader (self->cache), id, seq, seq);
  GuicheMessage *message;
  GuicheMessageRow *row;

  if (rows->len == 0)
    return NULL;
  g_ptr_array_set_free_func (rows, NULL);
  row = g_ptr_array_index (rows, 0);
  row->state = guiche_desk_state_of (conversation, row);
  message = guiche_message_new ();
  guiche_message_apply (message, row, guiche_desk_is_own_row (self, row));
  return message;
}
