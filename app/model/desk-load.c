/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/desk-private.h"

#include <string.h>

/* Closed conversations that are kept in memory; older ones are found by searching. */
#define N_CLOSED 500

static gboolean
text_is (const char *a, const char *b)
{
  return g_strcmp0 (a, b) == 0;
}

static gboolean
sees_all (GuicheDesk *self)
{
  return text_is (self->my_role, "supervisor") || text_is (self->my_role, "admin");
}

/* Who serves no queue but sees all (a supervisor) has every queue as theirs. */
gboolean
guiche_desk_serves_queue (GuicheDesk *self, const char *key)
{
  if (key == NULL)
    return FALSE;
  if (self->my_queues[0] == NULL || *self->my_queues[0] == '\0')
    return sees_all (self);
  return g_strv_contains ((const char *const *) self->my_queues, key);
}

/* People, queues, canned replies. */

static void
set_me (GuicheDesk *self, const GuicheUserRow *row)
{
  g_free (self->my_role);
  self->my_role = g_strdup (row->role);
  g_strfreev (self->my_queues);
  self->my_queues = g_strdupv (row->queues);
  guiche_person_apply (self->me, row);
}

static GuichePerson *
take_person (GuicheDesk *self, const GuicheUserRow *row)
{
  gboolean is_me = text_is (row->id, self->me_id);
  GuichePerson *person = is_me ? self->me : g_hash_table_lookup (self->persons, row->id);

  if (is_me)
    set_me (self, row);
  else if (person != NULL)
    guiche_person_apply (person, row);
  else
    person = guiche_person_new (row, FALSE);
  if (!g_hash_table_contains (self->persons, row->id))
    g_hash_table_insert (self->persons, g_strdup (row->id), is_me ? g_object_ref (person) : person);
  return person;
}

/* Tells one change of @store, and only when something is at another place. */
static void
replace_items (GListStore *store, GPtrArray *items)
{
  guint n_before = g_list_model_get_n_items (G_LIST_MODEL (store)), same = 0;

  for (; same < n_before && same < items->len; same++) {
    g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (store), same);
    if (item != g_ptr_array_index (items, same))
      break;
  }
  if (same == n_before && same == items->len)
    return;
  g_list_store_splice (store, same, n_before - same,
                       items->pdata != NULL ? items->pdata + same : NULL, items->len - same);
}

void
guiche_desk_load_people (GuicheDesk *self)
{
  g_autoptr (GPtrArray) rows = guiche_user_store_list (guiche_cache_reader (self->cache));
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  GuicheId me = guiche_cache_get_me (self->cache);

  g_free (self->me_id);
  self->me_id = guiche_id_is_none (&me) ? NULL : guiche_id_dup_string (&me);
  for (guint i = 0; i < rows->len; i++) {
    const GuicheUserRow *row = g_ptr_array_index (rows, i);
    GuichePerson *person = take_person (self, row);
    if (row->is_enabled)
      g_ptr_array_add (items, person);
  }
  replace_items (self->people, items);
}

static GuicheQueueItem *
find_queue (GuicheDesk *self, const char *key)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->queues)); i++) {
    g_autoptr (GuicheQueueItem) item = g_list_model_get_item (G_LIST_MODEL (self->queues), i);
    if (text_is (guiche_queue_item_get_key (item), key))
      return item; /* the store holds it */
  }
  return NULL;
}

void
guiche_desk_load_queues (GuicheDesk *self)
{
  g_autoptr (GPtrArray) rows = guiche_queue_store_list (guiche_cache_reader (self->cache));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < rows->len; i++) {
    const GuicheQueueRow *row = g_ptr_array_index (rows, i);
    GuicheQueueItem *item = find_queue (self, row->key);
    if (item != NULL) {
      guiche_queue_item_apply (item, row);
      g_object_ref (item);
    } else {
      item = guiche_queue_item_new (row);
    }
    guiche_queue_item_set_is_mine (item, guiche_desk_serves_queue (self, row->key));
    g_ptr_array_add (items, item);
  }
  replace_items (self->queues, items);
}

void
guiche_desk_load_canned_replies (GuicheDesk *self)
{
  g_autoptr (GPtrArray) rows = guiche_canned_reply_store_list (guiche_cache_reader (self->cache));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items, guiche_canned_reply_new (g_ptr_array_index (rows, i)));
  replace_items (self->canned_replies, items);
}

void
guiche_desk_load_scheduled (GuicheDesk *self)
{
  g_autoptr (GPtrArray) rows = guiche_scheduled_store_list (guiche_cache_reader (self->cache));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items, guiche_scheduled_message_new (g_ptr_array_index (rows, i)));
  replace_items (self->scheduled, items);
}

/* Conversations. */

static GuicheCustomerRow *
load_customer (const char *id, gpointer desk)
{
  GuicheDesk *self = desk;

  return self->cache != NULL ? guiche_customer_store_read (guiche_cache_reader (self->cache), id)
                             : NULL;
}

static GuicheCustomer *
get_customer (GuicheDesk *self, const char *id)
{
  GuicheCustomer *customer = id != NULL ? g_hash_table_lookup (self->customers, id) : NULL;

  if (customer != NULL || id == NULL)
    return customer;
  customer = guiche_customer_new_lazy (id, load_customer, G_OBJECT (self));
  g_hash_table_insert (self->customers, g_strdup (id), customer);
  return customer;
}

/* A direct conversation is named by the other one. */
static const char *
title_of (GuicheDesk *self, const GuicheConversationRow *row)
{
  if (!text_is (row->kind, "direct") || row->members == NULL)
    return row->title;
  for (gsize i = 0; row->members[i] != NULL; i++) {
    GuichePerson *person = g_hash_table_lookup (self->persons, row->members[i]);
    if (person != NULL && !text_is (row->members[i], self->me_id))
      return guiche_person_get_name (person);
  }
  return row->title;
}

static gboolean
has_draft (GuicheDesk *self, const char *id)
{
  g_autofree char *draft = NULL;

  if (!guiche_personal_dup_draft (self->personal, id, &draft))
    draft = guiche_draft_store_dup (guiche_cache_reader (self->cache), id);
  return draft != NULL && *draft != '\0';
}

static void
apply_row (GuicheDesk *self, GuicheConversation *conversation, GuicheConversationRow *row)
{
  GuicheQueueItem *queue = find_queue (self, row->queue);
  GuicheConversationContext context = {
    .assignee =
        row->assignee_id != NULL ? g_hash_table_lookup (self->persons, row->assignee_id) : NULL,
    .customer = get_customer (self, row->customer_id),
    .queue_name = queue != NULL ? guiche_queue_item_get_name (queue) : row->queue,
    .title = title_of (self, row),
    .is_mine = row->assignee_id != NULL && text_is (row->assignee_id, self->me_id),
    .has_draft = has_draft (self, row->id),
  };

  row->read_seq = MAX (row->read_seq, guiche_personal_get_read_seq (self->personal, row->id));
  guiche_conversation_apply (conversation, row, &context);
}

/* Where a conversation stands in a view; FALSE: nowhere. */
static gboolean
key_in_view (GuicheDesk *self,
             GuicheView view,
             GuicheConversation *conversation,
             GuicheViewKey *key)
{
  const GuicheConversationRow *row = guiche_conversation_get_row (conversation);
  gboolean is_customer = text_is (row->kind, "customer");
  gboolean is_closed = text_is (row->state, "closed"), is_snoozed = text_is (row->state, "snoozed");

  *key = (GuicheViewKey){ .first = -MAX (row->last_at, row->created_at) };
  switch (view) {
  case GUICHE_VIEW_MINE:
    return is_customer && !is_closed && !is_snoozed &&
           guiche_conversation_get_is_mine (conversation);
  case GUICHE_VIEW_QUEUE:
    *key =
        (GuicheViewKey){ .first = row->priority,
                         .second = row->waiting_since != 0 ? row->waiting_since : row->created_at };
    return is_customer && text_is (row->state, "waiting") &&
           guiche_desk_serves_queue (self, row->queue);
  case GUICHE_VIEW_ALL:
    return is_customer && !is_closed && !is_snoozed;
  case GUICHE_VIEW_CHANNELS:
    return !is_customer;
  case GUICHE_VIEW_SNOOZED:
    *key = (GuicheViewKey){ .first = row->snoozed_until };
    return is_customer && is_snoozed;
  case GUICHE_VIEW_CLOSED:
    *key = (GuicheViewKey){ .first = -row->closed_at };
    return is_customer && is_closed;
  default:
    return FALSE;
  }
}

void
guiche_desk_place (GuicheDesk *self, GuicheConversation *conversation)
{
  for (guint i = 0; i < GUICHE_N_VIEWS; i++) {
    GuicheViewKey key;
    gboolean belongs = key_in_view (self, (GuicheView) i, conversation, &key);
    guiche_conversation_view_update (self->views[i], conversation, belongs ? &key : NULL);
  }
}

static void
drop_conversation (GuicheDesk *self, GuicheConversation *conversation)
{
  for (guint i = 0; i < GUICHE_N_VIEWS; i++)
    guiche_conversation_view_update (self->views[i], conversation, NULL);
  g_hash_table_remove (self->conversations, guiche_conversation_get_id (conversation));
}

static GuicheConversation *
take_row (GuicheDesk *self, GuicheConversationRow *row)
{
  GuicheConversation *conversation = g_hash_table_lookup (self->conversations, row->id);

  if (conversation == NULL) {
    conversation = guiche_conversation_new (row->id);
    g_hash_table_insert (self->conversations, g_strdup (row->id), conversation);
  }
  apply_row (self, conversation, row);
  guiche_desk_place (self, conversation);
  return conversation;
}

GuicheConversation *
guiche_desk_refresh_conversation (GuicheDesk *self, const char *id)
{
  GuicheConversation *conversation = g_hash_table_lookup (self->conversations, id);
  GuicheConversationRow *row =
      guiche_conversation_store_read (guiche_cache_reader (self->cache), id);

  if (row != NULL)
    return take_row (self, row);
  if (conversation != NULL)
    drop_conversation (self, conversation);
  return NULL;
}

void
guiche_desk_refresh_counts (GuicheDesk *self)
{
  g_autoptr (GHashTable) waiting = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer value;
  guint unread = 0;

  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const GuicheConversationRow *row = guiche_conversation_get_row (value);
    if (text_is (row->state, "waiting") && row->queue != NULL)
      g_hash_table_insert (
          waiting, row->queue,
          GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (waiting, row->queue)) + 1));
    if (guiche_conversation_view_contains (self->views[GUICHE_VIEW_MINE], value) ||
        guiche_conversation_view_contains (self->views[GUICHE_VIEW_QUEUE], value) ||
        guiche_conversation_view_contains (self->views[GUICHE_VIEW_CHANNELS], value))
      unread += guiche_conversation_get_unread (value);
  }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->queues)); i++) {
    g_autoptr (GuicheQueueItem) item = g_list_model_get_item (G_LIST_MODEL (self->queues), i);
    guiche_queue_item_set_waiting (
        item, GPOINTER_TO_UINT (g_hash_table_lookup (waiting, guiche_queue_item_get_key (item))));
  }
  guiche_desk_set_unread (self, unread);
}

/* Those that are no longer in the cache go. */
static void
drop_missing (GuicheDesk *self, GPtrArray *rows)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (found,
                      g_strdup (((GuicheConversationRow *) g_ptr_array_index (rows, i))->id));
  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (found, key))
      g_ptr_array_add (missing, g_object_ref (value));
  for (guint i = 0; i < missing->len; i++)
    drop_conversation (self, g_ptr_array_index (missing, i));
}

void
guiche_desk_load_all (GuicheDesk *self)
{
  g_autoptr (GPtrArray) rows = NULL;

  guiche_desk_load_people (self);
  guiche_desk_load_queues (self);
  guiche_desk_load_canned_replies (self);
  guiche_desk_load_scheduled (self);
  rows = guiche_conversation_store_list (guiche_cache_reader (self->cache), N_CLOSED);
  for (guint i = 0; i < GUICHE_N_VIEWS; i++)
    guiche_conversation_view_begin (self->views[i]);
  drop_missing (self, rows);
  g_ptr_array_set_free_func (rows, NULL);
  for (guint i = 0; i < rows->len; i++)
    take_row (self, g_ptr_array_index (rows, i));
  for (guint i = 0; i < GUICHE_N_VIEWS; i++)
    guiche_conversation_view_end (self->views[i]);
  guiche_desk_refresh_counts (self);
}

GuicheConversation *
guiche_desk_find_conversation (GuicheDesk *self, const char *id)
{
  GuicheConversation *conversation;

  g_return_val_if_fail (GUICHE_IS_DESK (self), NULL);
  conversation = id != NULL ? g_hash_table_lookup (self->conversations, id) : NULL;
  return conversation != NULL || id == NULL ? conversation
                                            : guiche_desk_refresh_conversation (self, id);
}

GuicheCustomer *
guiche_desk_find_customer (GuicheDesk *self, const char *id)
{
  GuicheCustomer *customer;

  g_return_val_if_fail (GUICHE_IS_DESK (self), NULL);
  customer = get_customer (self, id);
  return customer != NULL && guiche_customer_get_name (customer) != NULL ? customer : NULL;
}
