/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/message-list.h"

#include "model/desk-private.h"
#include "model/message-pages.h"

struct _GuicheMessageList {
  GObject parent_instance;
  GuicheDesk *desk;                 /* (nullable): it outlives its lists, or forgets them */
  GuicheConversation *conversation; /* (owned) */
  GuicheMessagePages *pages;        /* (owned) */
  GPtrArray *tail;                  /* (owned) (element-type GuicheMessage): of the outbox */
  gint64 last_seq;                  /* positions before it are the server's messages */
};

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GuicheMessageList,
                               guiche_message_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return GUICHE_TYPE_MESSAGE;
}

static guint
get_n_items (GListModel *model)
{
  GuicheMessageList *self = GUICHE_MESSAGE_LIST (model);

  return (guint) self->last_seq + self->tail->len;
}

/* seq is 1..n without holes: the message at a position is known without looking. */
static gpointer
get_item (GListModel *model, guint position)
{
  GuicheMessageList *self = GUICHE_MESSAGE_LIST (model);
  gint64 in_tail = (gint64) position - self->last_seq;

  if (in_tail >= (gint64) self->tail->len)
    return NULL;
  if (in_tail >= 0)
    return g_object_ref (g_ptr_array_index (self->tail, in_tail));
  return guiche_message_pages_get (self->pages, (gint64) position + 1, self->last_seq);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
guiche_message_list_dispose (GObject *object)
{
  GuicheMessageList *self = GUICHE_MESSAGE_LIST (object);

  if (self->desk != NULL)
    g_ptr_array_remove (self->desk->lists, self);
  guiche_message_list_forget_desk (self);
  G_OBJECT_CLASS (guiche_message_list_parent_class)->dispose (object);
}

static void
guiche_message_list_finalize (GObject *object)
{
  GuicheMessageList *self = GUICHE_MESSAGE_LIST (object);

  guiche_message_pages_free (self->pages);
  g_ptr_array_unref (self->tail);
  g_clear_object (&self->conversation);
  G_OBJECT_CLASS (guiche_message_list_parent_class)->finalize (object);
}

static void
guiche_message_list_class_init (GuicheMessageListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_message_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = guiche_message_list_finalize;
}

static void
guiche_message_list_init (GuicheMessageList *self)
{
  self->tail = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * guiche_message_list_new:
 *
 * The messages of @conversation; the unread line stays where it is when the list is made.
 */
GuicheMessageList *
guiche_message_list_new (GuicheDesk *desk, GuicheConversation *conversation)
{
  GuicheMessageList *self;

  g_return_val_if_fail (GUICHE_IS_DESK (desk) && GUICHE_IS_CONVERSATION (conversation), NULL);
  self = g_object_new (GUICHE_TYPE_MESSAGE_LIST, NULL);
  self->desk = desk;
  self->conversation = g_object_ref (conversation);
  self->pages = guiche_message_pages_new (desk, conversation);
  g_ptr_array_add (desk->lists, self);
  guiche_message_list_update (self);
  return self;
}

GuicheConversation *
guiche_message_list_get_conversation (GuicheMessageList *self)
{
  return self->conversation;
}

void
guiche_message_list_forget_desk (GuicheMessageList *self)
{
  self->desk = NULL;
  guiche_message_pages_forget_desk (self->pages);
}

void
guiche_message_list_adopt (GuicheMessageList *self, const char *client_id, gint64 seq)
{
  for (guint i = 0; i < self->tail->len; i++) {
    GuicheMessage *message = g_ptr_array_index (self->tail, i);
    const GuicheMessageRow *row = guiche_message_get_row (message);
    if (row != NULL && g_strcmp0 (row->client_id, client_id) == 0)
      guiche_message_pages_adopt (self->pages, message, seq);
  }
}

void
guiche_message_list_take_range (GuicheMessageList *self, const GuicheSeqRange *range)
{
  guiche_message_pages_reload (self->pages, range);
}

/* The object that stands at @index of the end of the list, as it is to be; NULL: one not made yet.
 */
static GuicheMessage *
new_end (GuicheMessageList *self, gint64 new_last, GPtrArray *tail, gint64 index)
{
  gint64 n_stored = new_last - self->last_seq;

  if (index < n_stored)
    return guiche_message_pages_peek (self->pages, self->last_seq + 1 + index);
  return g_ptr_array_index (tail, index - n_stored);
}

void
guiche_message_list_update (GuicheMessageList *self)
{
  g_autoptr (GPtrArray) tail = NULL;
  gint64 new_last, old_last = self->last_seq, n_old = self->tail->len, n_new, before = 0, after = 0;

  if (self->desk == NULL)
    return;
  tail = guiche_desk_list_outgoing (self->desk, guiche_conversation_get_id (self->conversation));
  new_last = MAX (guiche_conversation_get_last_seq (self->conversation), old_last);
  n_new = new_last - old_last + tail->len;
  while (before < n_old && before < n_new &&
         g_ptr_array_index (self->tail, before) == new_end (self, new_last, tail, before))
    before++;
  while (after < n_old - before && after < n_new - before &&
         g_ptr_array_index (self->tail, n_old - 1 - after) ==
             new_end (self, new_last, tail, n_new - 1 - after))
    after++;
  self->last_seq = new_last;
  g_ptr_array_unref (self->tail);
  self->tail = g_steal_pointer (&tail);
  guiche_message_pages_place_tail (self->pages, self->tail, new_last);
  guiche_message_pages_update_states (self->pages);
  if (n_old != n_new || before < n_old)
    g_list_model_items_changed (G_LIST_MODEL (self), (guint) (old_last + before),
                                (guint) (n_old - before - after), (guint) (n_new - before - after));
}

guint
guiche_message_list_find_seq (GuicheMessageList *self, gint64 seq)
{
  g_return_val_if_fail (GUICHE_IS_MESSAGE_LIST (self), G_MAXUINT);
  return seq >= 1 && seq <= self->last_seq ? (guint) (seq - 1) : G_MAXUINT;
}

guint
guiche_message_list_find_time (GuicheMessageList *self, gint64 at_us)
{
  g_return_val_if_fail (GUICHE_IS_MESSAGE_LIST (self), G_MAXUINT);
  if (self->desk == NULL)
    return G_MAXUINT;
  return guiche_message_list_find_seq (
      self,
      guiche_message_store_find_time (guiche_cache_reader (self->desk->cache),
                                      guiche_conversation_get_id (self->conversation), at_us));
}

guint
guiche_message_list_find_first_unread (GuicheMessageList *self)
{
  g_return_val_if_fail (GUICHE_IS_MESSAGE_LIST (self), G_MAXUINT);
  return guiche_message_list_find_seq (self, guiche_message_pages_get_first_unread (self->pages));
}
