/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/desk-private.h"

/* More changed conversations than this are told as one change of each view. */
#define MANY 64
/* What a replay brings is news, too, when it happened a moment ago. */
#define NEWS_US (2 * 60 * G_USEC_PER_SEC)

static void
refresh_customers (GuicheDesk *self, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    GuicheCustomer *customer = g_hash_table_lookup (self->customers, key);
    if (customer != NULL)
      guiche_customer_reload (customer);
  }
}

static void
refresh_drafts (GuicheDesk *self, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    GuicheConversation *conversation = g_hash_table_lookup (self->conversations, key);
    g_autofree char *draft = NULL;

    guiche_personal_draft_saved (self->personal, key);
    if (conversation == NULL)
      continue;
    draft = guiche_desk_dup_draft (self, conversation);
    guiche_conversation_set_has_draft (conversation, draft != NULL && *draft != '\0');
  }
}

static void
refresh_conversation (GuicheDesk *self, const char *id)
{
  GuicheConversation *before = g_hash_table_lookup (self->conversations, id);
  guint unread = before != NULL ? guiche_conversation_get_unread (before) : 0;
  GuicheConversation *now = guiche_desk_refresh_conversation (self, id);

  if (before != NULL && now != NULL && unread > 0 && guiche_conversation_get_unread (now) == 0)
    g_signal_emit (self, guiche_desk_signals[GUICHE_DESK_SIGNAL_CONVERSATION_READ], 0, now);
}

static void
refresh_conversations (GuicheDesk *self, GHashTable *ids)
{
  gboolean is_many = g_hash_table_size (ids) > MANY;
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; is_many && i < GUICHE_N_VIEWS; i++)
    guiche_conversation_view_begin (self->views[i]);
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    refresh_conversation (self, key);
  for (guint i = 0; is_many && i < GUICHE_N_VIEWS; i++)
    guiche_conversation_view_end (self->views[i]);
}

static void
refresh_lists (GuicheDesk *self, const GuicheChanges *changes)
{
  g_autoptr (GPtrArray) lists =
                 g_ptr_array_copy (self->lists, (GCopyFunc) (void *) g_object_ref, NULL);

  g_ptr_array_set_free_func (lists, g_object_unref);
  for (guint i = 0; i < lists->len; i++) {
    GuicheMessageList *list = g_ptr_array_index (lists, i);
    const char *id = guiche_conversation_get_id (guiche_message_list_get_conversation (list));
    const GuicheSeqRange *range = g_hash_table_lookup (changes->messages, id);
    const GuicheSeqRange all = { .first = 1, .last = G_MAXINT64 - 1 };

    if (changes->is_everything)
      range = &all;
    if (range != NULL)
      guiche_message_list_take_range (list, range);
    if (range != NULL || g_hash_table_contains (changes->conversations, id))
      guiche_message_list_update (list);
  }
}

static gboolean
is_news (gint64 at, gboolean is_live)
{
  return is_live || at > g_get_real_time () - NEWS_US;
}

static void
tell_message (GuicheDesk *self, const GuicheFreshMessage *fresh)
{
  GuicheConversation *conversation =
      g_hash_table_lookup (self->conversations, fresh->conversation_id);
  g_autoptr (GuicheMessage) message = NULL;

  if (conversation == NULL || fresh->seq <= guiche_conversation_get_read_seq (conversation))
    return;
  message = guiche_desk_find_message (self, conversation, fresh->seq);
  if (message == NULL)
    return;
  g_signal_emit (self, guiche_desk_signals[GUICHE_DESK_SIGNAL_MESSAGE_ARRIVED], 0, conversation,
                 message);
  if (fresh->mentions_me)
    g_signal_emit (self, guiche_desk_signals[GUICHE_DESK_SIGNAL_MENTIONED], 0, conversation,
                   message);
}

static void
tell_waiting (GuicheDesk *self, GHashTable *waiting, GHashTable *known, gboolean is_live)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, waiting);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    GuicheConversation *conversation = g_hash_table_lookup (self->conversations, key);
    if (conversation == NULL || g_hash_table_contains (known, key) ||
        !guiche_conversation_view_contains (self->views[GUICHE_VIEW_QUEUE], conversation) ||
        !is_news (guiche_conversation_get_row (conversation)->updated_at, is_live))
      continue;
    g_signal_emit (self, guiche_desk_signals[GUICHE_DESK_SIGNAL_CONVERSATION_ARRIVED], 0,
                   conversation);
  }
}

/* Those of @waiting that were waiting in a queue of mine already: no news. */
static GHashTable *
already_waiting (GuicheDesk *self, GHashTable *waiting)
{
  GHashTable *known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, waiting);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    GuicheConversation *conversation = g_hash_table_lookup (self->conversations, key);
    if (conversation != NULL &&
        guiche_conversation_view_contains (self->views[GUICHE_VIEW_QUEUE], conversation))
      g_hash_table_add (known, g_strdup (key));
  }
  return known;
}

static void
tell_news (GuicheDesk *self, const GuicheChanges *changes, GHashTable *known, gboolean is_live)
{
  for (guint i = 0; i < changes->fresh->len; i++) {
    const GuicheFreshMessage *fresh = g_ptr_array_index (changes->fresh, i);
    if (is_news (fresh->at, is_live))
      tell_message (self, fresh);
  }
  tell_waiting (self, changes->waiting, known, is_live);
}

void
guiche_desk_take_changes (GuicheDesk *self, const GuicheChanges *changes, gboolean is_live)
{
  g_autoptr (GuicheDesk) held = g_object_ref (self);
  g_autoptr (GHashTable) known = already_waiting (self, changes->waiting);

  if (changes->is_everything || changes->has_people)
    guiche_desk_load_people (self);
  if (changes->is_everything || changes->has_queues)
    guiche_desk_load_queues (self);
  if (changes->is_everything || changes->has_canned_replies)
    guiche_desk_load_canned_replies (self);
  if (changes->has_scheduled)
    guiche_desk_load_scheduled (self);
  refresh_customers (self, changes->customers);
  /* Our own messages change places from the outbox to the history before the lists look. */
  for (guint i = 0; i < changes->own->len; i++)
    guiche_desk_take_stored (self, g_ptr_array_index (changes->own, i));
  if (changes->is_everything || changes->has_access)
    guiche_desk_load_all (self);
  refresh_conversations (self, changes->conversations);
  refresh_drafts (self, changes->drafts);
  refresh_lists (self, changes);
  guiche_desk_refresh_counts (self);
  guiche_desk_tell_delivered (self, changes->conversations);
  if (!changes->is_everything)
    tell_news (self, changes, known, is_live);
}
