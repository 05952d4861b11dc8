/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/view.h"

#include <string.h>

typedef struct {
  GuicheConversation *conversation; /* (owned) */
  GuicheViewKey key;
} Entry;

struct _GuicheConversationView {
  GObject parent_instance;
  GSequence *entries; /* (owned) (element-type Entry) */
  GHashTable *places; /* (owned): GuicheConversation to GSequenceIter */
  guint batch_depth, length_before;
  gboolean is_batch_changed;
};

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GuicheConversationView,
                               guiche_conversation_view,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->conversation);
  g_free (entry);
}

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Entry *one = a, *other = b;

  if (one->key.first != other->key.first)
    return one->key.first < other->key.first ? -1 : 1;
  if (one->key.second != other->key.second)
    return one->key.second < other->key.second ? -1 : 1;
  return strcmp (guiche_conversation_get_id (one->conversation),
                 guiche_conversation_get_id (other->conversation));
}

static GType
get_item_type (GListModel *model)
{
  return GUICHE_TYPE_CONVERSATION;
}

static guint
get_n_items (GListModel *model)
{
  return (guint) g_sequence_get_length (GUICHE_CONVERSATION_VIEW (model)->entries);
}

static gpointer
get_item (GListModel *model, guint position)
{
  GuicheConversationView *self = GUICHE_CONVERSATION_VIEW (model);
  Entry *entry;

  if (position >= (guint) g_sequence_get_length (self->entries))
    return NULL;
  entry = g_sequence_get (g_sequence_get_iter_at_pos (self->entries, (int) position));
  return g_object_ref (entry->conversation);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
guiche_conversation_view_finalize (GObject *object)
{
  GuicheConversationView *self = GUICHE_CONVERSATION_VIEW (object);

  g_hash_table_unref (self->places);
  g_sequence_free (self->entries);
  G_OBJECT_CLASS (guiche_conversation_view_parent_class)->finalize (object);
}

static void
guiche_conversation_view_class_init (GuicheConversationViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = guiche_conversation_view_finalize;
}

static void
guiche_conversation_view_init (GuicheConversationView *self)
{
  self->entries = g_sequence_new (free_entry);
  self->places = g_hash_table_new (NULL, NULL);
}

GuicheConversationView *
guiche_conversation_view_new (void)
{
  return g_object_new (GUICHE_TYPE_CONVERSATION_VIEW, NULL);
}

static void
tell (GuicheConversationView *self, guint position, guint removed, guint added)
{
  if (self->batch_depth > 0)
    self->is_batch_changed = TRUE;
  else
    g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
add (GuicheConversationView *self, GuicheConversation *conversation, const GuicheViewKey *key)
{
  Entry *entry = g_new (Entry, 1);
  GSequenceIter *place;

  entry->conversation = g_object_ref (conversation);
  entry->key = *key;
  place = g_sequence_insert_sorted (self->entries, entry, compare, NULL);
  g_hash_table_insert (self->places, conversation, place);
  tell (self, (guint) g_sequence_iter_get_position (place), 0, 1);
}

static void
drop (GuicheConversationView *self, GuicheConversation *conversation, GSequenceIter *place)
{
  guint position = (guint) g_sequence_iter_get_position (place);

  g_hash_table_remove (self->places, conversation);
  g_sequence_remove (place);
  tell (self, position, 1, 0);
}

/* One change over both places, so that a selection finds its conversation again. */
static void
move (GuicheConversationView *self, GSequenceIter *place, const GuicheViewKey *key)
{
  Entry *entry = g_sequence_get (place);
  int before = g_sequence_iter_get_position (place), after;
  guint span;

  entry->key = *key;
  g_sequence_sort_changed (place, compare, NULL);
  after = g_sequence_iter_get_position (place);
  if (before == after)
    return;
  span = (guint) ABS (after - before) + 1;
  tell (self, (guint) MIN (before, after), span, span);
}

void
guiche_conversation_view_update (GuicheConversationView *self,
                                 GuicheConversation *conversation,
                                 const GuicheViewKey *key)
{
  GSequenceIter *place = g_hash_table_lookup (self->places, conversation);
  Entry *entry = place != NULL ? g_sequence_get (place) : NULL;

  if (entry == NULL && key != NULL)
    add (self, conversation, key);
  else if (entry != NULL && key == NULL)
    drop (self, conversation, place);
  else if (entry != NULL && (entry->key.first != key->first || entry->key.second != key->second))
    move (self, place, key);
}

void
guiche_conversation_view_begin (GuicheConversationView *self)
{
  if (self->batch_depth++ == 0) {
    self->length_before = (guint) g_sequence_get_length (self->entries);
    self->is_batch_changed = FALSE;
  }
}

void
guiche_conversation_view_end (GuicheConversationView *self)
{
  g_return_if_fail (self->batch_depth > 0);
  if (--self->batch_depth > 0 || !self->is_batch_changed)
    return;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, self->length_before,
                              (guint) g_sequence_get_length (self->entries));
}

gboolean
guiche_conversation_view_contains (GuicheConversationView *self, GuicheConversation *conversation)
{
  return g_hash_table_contains (self->places, conversation);
}
