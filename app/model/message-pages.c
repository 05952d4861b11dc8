/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/message-pages.h"

#include "client/rest.h"
#include "model/desk-private.h"

#define PAGE 64
/* A screen is at most two pages; the rest is for scrolling back and forth. */
#define MAX_PAGES 12
#define GROUP_US (5 * 60 * G_USEC_PER_SEC)
#define ASK_AGAIN_US (15 * G_USEC_PER_SEC)

typedef struct {
  gint64 index;
  GPtrArray *messages; /* (owned) (element-type GuicheMessage): from its first seq on */
  GList link;          /* in the order of use */
} Page;

struct _GuicheMessagePages {
  GuicheDesk *desk;                 /* (nullable) */
  GuicheConversation *conversation; /* (owned) */
  GHashTable *alive;                /* (owned): seq to Alive */
  GHashTable *pages;                /* (owned): index to Page */
  GHashTable *asked;                /* (owned): index to when the server was asked */
  GQueue used;                      /* (element-type Page): last used first */
  GCancellable *cancellable;        /* (owned) */
  gint64 first_unread;              /* 0: none */
};

static void
free_page (gpointer data)
{
  Page *page = data;

  g_ptr_array_unref (page->messages);
  g_free (page);
}

/* Objects. */

typedef struct {
  GuicheMessagePages *pages;
  GuicheMessage *message; /* (not owned) */
  gint64 seq;
} Alive;

static void
on_message_gone (gpointer data, GObject *where_it_was)
{
  Alive *alive = data;

  /* Frees it. */
  g_hash_table_remove (alive->pages->alive, &alive->seq);
}

static void
register_message (GuicheMessagePages *self, GuicheMessage *message, gint64 seq)
{
  Alive *alive = g_new (Alive, 1);

  *alive = (Alive){ .pages = self, .message = message, .seq = seq };
  g_object_weak_ref (G_OBJECT (message), on_message_gone, alive);
  g_hash_table_insert (self->alive, &alive->seq, alive);
}

GuicheMessage *
guiche_message_pages_peek (GuicheMessagePages *self, gint64 seq)
{
  const Alive *alive = g_hash_table_lookup (self->alive, &seq);

  return alive != NULL ? alive->message : NULL;
}

/* (transfer full) */
static GuicheMessage *
obtain (GuicheMessagePages *self, gint64 seq)
{
  GuicheMessage *message = guiche_message_pages_peek (self, seq);

  if (message != NULL)
    return g_object_ref (message);
  message = guiche_message_new ();
  guiche_message_set_loading (message, guiche_conversation_get_id (self->conversation), seq);
  register_message (self, message, seq);
  return message;
}

void
guiche_message_pages_adopt (GuicheMessagePages *self, GuicheMessage *message, gint64 seq)
{
  if (guiche_message_pages_peek (self, seq) == NULL)
    register_message (self, message, seq);
}

/* Neighbours. */

/* The number of the day in the place where the reader is. */
static int
day_of (gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_get_year (local) * 1000 + g_date_time_get_day_of_year (local)
                       : 0;
}

static void
place (GuicheMessagePages *self,
       GuicheMessage *message,
       const GuicheMessageRow *row,
       const GuicheMessageRow *before)
{
  GuicheMessagePlace where = { .is_first_unread = row->seq != 0 && row->seq == self->first_unread };

  where.starts_day = before != NULL ? day_of (before->at) != day_of (row->at) : row->seq == 1;
  where.starts_group =
      where.starts_day || where.is_first_unread || before == NULL ||
      row->at - before->at > GROUP_US || g_strcmp0 (before->sender_kind, row->sender_kind) != 0 ||
      g_strcmp0 (before->sender_id, row->sender_id) != 0 ||
      (g_strcmp0 (before->kind, "system") == 0) != (g_strcmp0 (row->kind, "system") == 0);
  guiche_message_place (message, &where);
}

void
guiche_message_pages_place_tail (GuicheMessagePages *self, GPtrArray *tail, gint64 last_seq)
{
  g_autoptr (GPtrArray) rows = NULL;
  const GuicheMessageRow *before = NULL;

  if (tail->len == 0 || self->desk == NULL)
    return;
  rows = guiche_message_store_list (guiche_cache_reader (self->desk->cache),
                                    guiche_conversation_get_id (self->conversation), last_seq,
                                    last_seq);
  if (rows->len > 0)
    before = g_ptr_array_index (rows, 0);
  for (guint i = 0; i < tail->len; i++) {
    GuicheMessage *message = g_ptr_array_index (tail, i);
    const GuicheMessageRow *row = guiche_message_get_row (message);
    place (self, message, row, before);
    before = row;
  }
}

/* Pages. */

static void
apply_row (GuicheMessagePages *self,
           GuicheMessage *message,
           GuicheMessageRow *row,
           const GuicheMessageRow *before)
{
  GuicheDesk *desk = self->desk;
  GuicheAttachment *attachment;

  row->state = guiche_desk_state_of (self->conversation, row);
  place (self, message, row, before);
  guiche_message_apply (message, row, guiche_desk_is_own_row (desk, row));
  guiche_message_set_failure (message, NULL);
  guiche_message_set_can_undo (message, FALSE);
  attachment = guiche_message_get_attachment (message);
  if (attachment != NULL && row->file_id != NULL) {
    g_autofree char *path =
        g_build_filename (guiche_cache_directory (desk->cache), "files", row->file_id, NULL);
    guiche_attachment_set_local_path (attachment,
                                      g_file_test (path, G_FILE_TEST_IS_REGULAR) ? path : NULL);
  }
}

/* Reads what the cache holds of @first..@last into the objects that are alive or asked for with
 * @add. Returns whether something is missing. */
static gboolean
read_range (GuicheMessagePages *self, gint64 first, gint64 last, GPtrArray *add)
{
  g_autoptr (GPtrArray) rows = guiche_message_store_list (
      guiche_cache_reader (self->desk->cache), guiche_conversation_get_id (self->conversation),
      first - 1, last);
  const GuicheMessageRow *before = NULL;
  gboolean is_missing = FALSE;
  guint next = 0;

  g_ptr_array_set_free_func (rows, NULL);
  for (gint64 seq = first - 1; seq <= last; seq++) {
    GuicheMessageRow *row = next < rows->len ? g_ptr_array_index (rows, next) : NULL;
    gboolean is_here = row != NULL && row->seq == seq;
    g_autoptr (GuicheMessage) message = NULL;

    next += is_here ? 1 : 0;
    if (seq >= first && add != NULL)
      message = obtain (self, seq);
    else if (seq >= first && guiche_message_pages_peek (self, seq) != NULL)
      message = g_object_ref (guiche_message_pages_peek (self, seq));
    is_missing |= seq >= first && !is_here;
    if (is_here && message != NULL)
      apply_row (self, message, row, before);
    if (message != NULL && add != NULL)
      g_ptr_array_add (add, g_object_ref (message));
    /* A row that no object took is only a neighbour: it lives until the end of this reading. */
    before = is_here ? row : NULL;
    if (is_here && message == NULL)
      g_ptr_array_index (rows, next - 1) = row;
    else if (is_here)
      g_ptr_array_index (rows, next - 1) = NULL;
  }
  for (guint i = 0; i < rows->len; i++)
    guiche_message_row_free (g_ptr_array_index (rows, i));
  return is_missing;
}

static void
on_history (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheSync) sync = user_data;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, NULL);

  if (answer != NULL)
    guiche_sync_apply (sync, GUICHE_CACHE_HISTORY, answer);
}

/* Asks the server for a page that has holes; once in a while. */
static void
ask_server (GuicheMessagePages *self, gint64 index)
{
  gint64 *asked_at = g_hash_table_lookup (self->asked, &index);
  gint64 now = g_get_monotonic_time ();
  g_autofree char *path = NULL;

  if (asked_at != NULL && now - *asked_at < ASK_AGAIN_US)
    return;
  g_hash_table_insert (self->asked, g_memdup2 (&index, sizeof index), g_memdup2 (&now, sizeof now));
  path = g_strdup_printf ("/api/v1/conversations/%s/messages?after=%" G_GINT64_FORMAT
                          "&before=%" G_GINT64_FORMAT "&limit=%d",
                          guiche_conversation_get_id (self->conversation), index * PAGE,
                          (index + 1) * PAGE + 1, PAGE);
  guiche_rest_call_async (
      self->desk->session,
      &(GuicheRestCall){ .method = "GET", .path = path, .max_bytes = 16 * 1024 * 1024 },
      self->cancellable, on_history, g_object_ref (self->desk->sync));
}

/* (transfer none): the page, holding everything up to @last_seq. */
static Page *
load_page (GuicheMessagePages *self, gint64 index, gint64 last_seq)
{
  Page *page = g_hash_table_lookup (self->pages, &index);
  gint64 first = index * PAGE + 1, last = MIN ((index + 1) * PAGE, last_seq);

  if (page == NULL) {
    page = g_new0 (Page, 1);
    page->index = index;
    page->messages = g_ptr_array_new_with_free_func (g_object_unref);
    page->link.data = page;
    g_hash_table_insert (self->pages, &page->index, page);
    g_queue_push_head_link (&self->used, &page->link);
  } else if (self->used.head != &page->link) {
    g_queue_unlink (&self->used, &page->link);
    g_queue_push_head_link (&self->used, &page->link);
  }
  if (first + page->messages->len <= last &&
      read_range (self, first + page->messages->len, last, page->messages))
    ask_server (self, index);
  while (g_queue_get_length (&self->used) > MAX_PAGES) {
    Page *oldest = g_queue_peek_tail (&self->used);
    g_queue_unlink (&self->used, &oldest->link);
    g_hash_table_remove (self->pages, &oldest->index);
  }
  return page;
}

GuicheMessage *
guiche_message_pages_get (GuicheMessagePages *self, gint64 seq, gint64 last_seq)
{
  gint64 index = (seq - 1) / PAGE;
  Page *page;

  if (self->desk == NULL)
    return obtain (self, seq);
  page = load_page (self, index, last_seq);
  return g_object_ref (g_ptr_array_index (page->messages, seq - 1 - index * PAGE));
}

void
guiche_message_pages_reload (GuicheMessagePages *self, const GuicheSeqRange *range)
{
  GHashTableIter iter;
  gpointer key;
  gint64 first = G_MAXINT64, last = 0;

  if (self->desk == NULL)
    return;
  /* One more: its neighbour may have come. */
  g_hash_table_iter_init (&iter, self->alive);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    gint64 seq = *(gint64 *) key;
    if (seq < range->first || seq > range->last + 1)
      continue;
    first = MIN (first, seq);
    last = MAX (last, seq);
  }
  /* Distant objects that somebody holds must not make a reading of everything between. */
  for (gint64 from = first; from <= last; from += PAGE) {
    gint64 to = MIN (from + PAGE - 1, last);
    gboolean is_any = last - first < PAGE * MAX_PAGES;
    for (gint64 seq = from; seq <= to && !is_any; seq++)
      is_any = guiche_message_pages_peek (self, seq) != NULL;
    if (is_any)
      read_range (self, from, to, NULL);
  }
}

void
guiche_message_pages_update_states (GuicheMessagePages *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->alive);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    GuicheMessage *message = ((Alive *) value)->message;
    const GuicheMessageRow *row = guiche_message_get_row (message);
    if (row != NULL)
      guiche_message_set_state (message, guiche_desk_state_of (self->conversation, row));
  }
}

gint64
guiche_message_pages_get_first_unread (GuicheMessagePages *self)
{
  return self->first_unread;
}

GuicheMessagePages *
guiche_message_pages_new (GuicheDesk *desk, GuicheConversation *conversation)
{
  GuicheMessagePages *self = g_new0 (GuicheMessagePages, 1);

  self->desk = desk;
  self->conversation = g_object_ref (conversation);
  self->alive = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->pages = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, free_page);
  self->asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->used);
  if (guiche_conversation_get_unread (conversation) > 0)
    self->first_unread = guiche_conversation_get_read_seq (conversation) + 1;
  return self;
}

void
guiche_message_pages_forget_desk (GuicheMessagePages *self)
{
  self->desk = NULL;
  g_cancellable_cancel (self->cancellable);
}

void
guiche_message_pages_free (GuicheMessagePages *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_unref (self->pages);
  g_hash_table_iter_init (&iter, self->alive);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_object_weak_unref (G_OBJECT (((Alive *) value)->message), on_message_gone, value);
  g_hash_table_unref (self->alive);
  g_hash_table_unref (self->asked);
  g_object_unref (self->cancellable);
  g_object_unref (self->conversation);
  g_free (self);
}
