/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/changes.h"

void
guiche_fresh_message_free (GuicheFreshMessage *self)
{
  g_free (self->conversation_id);
  g_free (self->client_id);
  g_free (self);
}

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GuicheChanges *
guiche_changes_new (void)
{
  GuicheChanges *self = g_new0 (GuicheChanges, 1);

  self->conversations = new_set ();
  self->customers = new_set ();
  self->drafts = new_set ();
  self->waiting = new_set ();
  self->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fresh = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_fresh_message_free);
  self->own = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_fresh_message_free);
  return self;
}

void
guiche_changes_free (GuicheChanges *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->conversations);
  g_hash_table_unref (self->customers);
  g_hash_table_unref (self->drafts);
  g_hash_table_unref (self->waiting);
  g_hash_table_unref (self->messages);
  g_ptr_array_unref (self->fresh);
  g_ptr_array_unref (self->own);
  g_free (self);
}

void
guiche_changes_add (GHashTable *set, const GuicheId *id)
{
  char text[GUICHE_ID_STRING_LENGTH + 1];

  if (guiche_id_is_none (id))
    return;
  guiche_id_to_string (id, text);
  if (!g_hash_table_contains (set, text))
    g_hash_table_add (set, g_strdup (text));
}

void
guiche_changes_add_message (GuicheChanges *self, const GuicheId *conversation_id, gint64 seq)
{
  char text[GUICHE_ID_STRING_LENGTH + 1];
  GuicheSeqRange *range;

  guiche_id_to_string (conversation_id, text);
  range = g_hash_table_lookup (self->messages, text);
  if (range == NULL) {
    range = g_new (GuicheSeqRange, 1);
    *range = (GuicheSeqRange){ .first = seq, .last = seq };
    g_hash_table_insert (self->messages, g_strdup (text), range);
    return;
  }
  range->first = MIN (range->first, seq);
  range->last = MAX (range->last, seq);
}
