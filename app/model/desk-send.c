/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "model/desk-private.h"

#define MAX_UNDO_MS 10000

gboolean
guiche_desk_is_own_row (GuicheDesk *self, const GuicheMessageRow *row)
{
  return g_strcmp0 (row->sender_kind, "agent") == 0 && row->sender_id != NULL &&
         g_strcmp0 (row->sender_id, self->me_id) == 0;
}

/* The marks of a conversation say more than each message's own state. */
guint
guiche_desk_state_of (GuicheConversation *conversation, const GuicheMessageRow *row)
{
  const GuicheConversationRow *marks = guiche_conversation_get_row (conversation);
  gboolean is_customer = g_strcmp0 (row->sender_kind, "customer") == 0;
  gint64 read = is_customer ? marks->agent_read_seq : marks->customer_read_seq;
  gint64 delivered = is_customer ? marks->agent_delivered_seq : marks->customer_delivered_seq;

  if (row->seq == 0)
    return 0;
  if (row->seq <= read)
    return 3;
  return (guint) MAX (row->state, row->seq <= delivered ? 2 : 1);
}

/* A copy for the list: the outbox keeps its own. */
static GuicheMessageRow *
copy_row (GuicheDesk *self, const GuicheMessageRow *row)
{
  GuicheMessageRow *copy = g_new0 (GuicheMessageRow, 1);

  copy->client_id = g_strdup (row->client_id);
  copy->conversation_id = g_strdup (row->conversation_id);
  copy->sender_kind = g_strdup ("agent");
  copy->sender_id = g_strdup (self->me_id);
  copy->sender_name = g_strdup (guiche_person_get_name (self->me));
  copy->kind = g_strdup (row->kind);
  copy->body = g_strdup (row->body);
  copy->at = row->at;
  copy->quote_id = g_strdup (row->quote_id);
  copy->quote_seq = row->quote_seq;
  copy->quote_sender = g_strdup (row->quote_sender);
  copy->quote_body = g_strdup (row->quote_body);
  copy->file_id = g_strdup (row->file_id);
  copy->file_name = g_strdup (row->file_name);
  copy->file_type = g_strdup (row->file_type);
  copy->file_size = row->file_size;
  copy->duration_ms = row->duration_ms;
  copy->waveform = g_strdup (row->waveform);
  return copy;
}

static void
show_entry (GuicheDesk *self, GuicheMessage *message, const GuicheOutboxEntry *entry)
{
  GuicheAttachment *attachment;

  guiche_message_set_failure (message, entry->failure);
  guiche_message_set_can_undo (message, entry->not_before != 0 && !entry->is_busy);
  attachment = guiche_message_get_attachment (message);
  if (attachment != NULL)
    guiche_attachment_set_progress (attachment, entry->progress);
}

static GuicheMessage *
add_message (GuicheDesk *self, const GuicheOutboxEntry *entry)
{
  GuicheMessage *message = guiche_message_new ();
  g_autofree char *path = guiche_outbox_dup_file_path (self->outbox, entry);

  guiche_message_apply (message, copy_row (self, entry->row), TRUE);
  if (path != NULL && guiche_message_get_attachment (message) != NULL)
    guiche_attachment_set_local_path (guiche_message_get_attachment (message), path);
  show_entry (self, message, entry);
  g_hash_table_insert (self->outgoing, g_strdup (entry->row->client_id), message);
  return message;
}

static void
update_lists_of (GuicheDesk *self, const char *conversation_id)
{
  for (guint i = 0; i < self->lists->len; i++) {
    GuicheMessageList *list = g_ptr_array_index (self->lists, i);
    if (g_strcmp0 (guiche_conversation_get_id (guiche_message_list_get_conversation (list)),
                   conversation_id) == 0)
      guiche_message_list_update (list);
  }
}

static void
on_entry_changed (GuicheOutbox *outbox, const GuicheOutboxEntry *entry, GuicheDesk *self)
{
  GuicheMessage *message = g_hash_table_lookup (self->outgoing, entry->row->client_id);
  GuicheConversation *conversation =
      guiche_desk_find_conversation (self, entry->row->conversation_id);
  g_autofree char *before = NULL;

  if (message == NULL)
    return;
  g_object_get (message, "failure", &before, NULL);
  show_entry (self, message, entry);
  if (g_strcmp0 (before, entry->failure) == 0)
    return;
  update_lists_of (self, entry->row->conversation_id);
  if (entry->failure != NULL && conversation != NULL)
    g_signal_emit (self, guiche_desk_signals[GUICHE_DESK_SIGNAL_SEND_FAILED], 0, conversation,
                   message, entry->failure_text);
}

static void
on_entry_removed (GuicheOutbox *outbox, const GuicheOutboxEntry *entry, GuicheDesk *self)
{
  g_hash_table_remove (self->outgoing, entry->row->client_id);
  update_lists_of (self, entry->row->conversation_id);
  guiche_desk_notify_pending (self);
}

void
guiche_desk_load_outbox (GuicheDesk *self)
{
  GPtrArray *entries = guiche_outbox_get_entries (self->outbox);

  for (guint i = 0; i < entries->len; i++)
    add_message (self, g_ptr_array_index (entries, i));
  g_signal_connect (self->outbox, "changed", G_CALLBACK (on_entry_changed), self);
  g_signal_connect (self->outbox, "removed", G_CALLBACK (on_entry_removed), self);
}

GPtrArray *
guiche_desk_list_outgoing (GuicheDesk *self, const char *conversation_id)
{
  GPtrArray *entries = guiche_outbox_get_entries (self->outbox);
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < entries->len; i++) {
    const GuicheOutboxEntry *entry = g_ptr_array_index (entries, i);
    GuicheMessage *message = g_hash_table_lookup (self->outgoing, entry->row->client_id);
    if (message != NULL && g_strcmp0 (entry->row->conversation_id, conversation_id) == 0)
      g_ptr_array_add (messages, g_object_ref (message));
  }
  return messages;
}

/* Whoever holds the message sees what became of it, in an open list or not. */
static void
settle_message (GuicheDesk *self, GuicheMessage *message, const GuicheFreshMessage *stored)
{
  GuicheConversation *conversation = guiche_desk_find_conversation (self, stored->conversation_id);
  g_autoptr (GPtrArray) rows = guiche_message_store_list (
      guiche_cache_reader (self->cache), stored->conversation_id, stored->seq, stored->seq);
  GuicheMessageRow *row;

  if (conversation == NULL || rows->len == 0)
    return;
  row = g_ptr_array_steal_index (rows, 0);
  row->state = guiche_desk_state_of (conversation, row);
  guiche_message_apply (message, row, TRUE);
  guiche_message_set_failure (message, NULL);
  guiche_message_set_can_undo (message, FALSE);
}

void
guiche_desk_take_stored (GuicheDesk *self, const GuicheFreshMessage *stored)
{
  GuicheConversation *conversation =
      g_hash_table_lookup (self->conversations, stored->conversation_id);
  GuicheMessage *message = g_hash_table_lookup (self->outgoing, stored->client_id);

  for (guint i = 0; i < self->lists->len; i++) {
    GuicheMessageList *list = g_ptr_array_index (self->lists, i);
    if (guiche_message_list_get_conversation (list) == conversation)
      guiche_message_list_adopt (list, stored->client_id, stored->seq);
  }
  if (message != NULL)
    settle_message (self, message, stored);
  /* Without telling the lists yet: the message must not vanish between here and its place. */
  g_signal_handlers_block_by_func (self->outbox, on_entry_removed, self);
  if (guiche_outbox_find (self->outbox, stored->client_id) != NULL)
    guiche_outbox_stored (self->outbox, stored->client_id);
  g_signal_handlers_unblock_by_func (self->outbox, on_entry_removed, self);
  if (g_hash_table_remove (self->outgoing, stored->client_id))
    guiche_desk_notify_pending (self);
  /* Who writes has read what stands above. */
  if (conversation != NULL && guiche_conversation_get_read_seq (conversation) >= stored->seq - 1)
    guiche_personal_mark_read (self->personal, stored->conversation_id, stored->seq);
}

/* Sending. */

static void
set_quote (GuicheDesk *self, GuicheMessageRow *row, const char *quote_id)
{
  g_autoptr (GuicheMessageRow) quoted = NULL;

  if (quote_id == NULL)
    return;
  row->quote_id = g_strdup (quote_id);
  quoted =
      guiche_message_store_find (guiche_cache_reader (self->cache), row->conversation_id, quote_id);
  if (quoted == NULL)
    return;
  row->quote_seq = quoted->seq;
  row->quote_sender = g_strdup (quoted->sender_name);
  row->quote_body = g_strdup (quoted->body);
}

static gboolean
set_file (GuicheOutboxEntry *entry, const GuicheOutgoing *outgoing, GError **error)
{
  GuicheMessageRow *row = entry->row;
  g_autoptr (GFile) file = g_file_new_for_path (outgoing->path);
  g_autoptr (GFileInfo) info = g_file_query_info (
      file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE,
      G_FILE_QUERY_INFO_NONE, NULL, error);
  g_autofree char *base = g_path_get_basename (outgoing->path);

  if (info == NULL)
    return FALSE;
  entry->file = g_strdup (row->client_id);
  row->file_name = guiche_text_file_name (outgoing->file_name != NULL ? outgoing->file_name : base);
  row->file_size = g_file_info_get_size (info);
  if (g_strcmp0 (row->kind, "voice") == 0)
    row->file_type = g_strdup ("audio/ogg");
  else
    row->file_type = g_content_type_get_mime_type (g_file_info_get_content_type (info));
  if (row->file_type == NULL)
    row->file_type = g_strdup ("application/octet-stream");
  return TRUE;
}

static GuicheOutboxEntry *
new_entry (GuicheDesk *self, GuicheConversation *conversation, const GuicheOutgoing *outgoing)
{
  GuicheOutboxEntry *entry = g_new0 (GuicheOutboxEntry, 1);
  GuicheId id = guiche_id_source_next (self->ids);

  entry->row = g_new0 (GuicheMessageRow, 1);
  entry->row->client_id = guiche_id_dup_string (&id);
  entry->row->conversation_id = g_strdup (guiche_conversation_get_id (conversation));
  entry->row->kind = g_strdup (outgoing->kind != NULL ? outgoing->kind : "text");
  entry->row->body = g_utf8_make_valid (outgoing->body != NULL ? outgoing->body : "", -1);
  entry->row->at = guiche_clock_now_us (self->clock);
  entry->row->duration_ms = outgoing->duration_ms;
  entry->row->waveform = g_strdup (outgoing->waveform);
  entry->send_at = outgoing->send_at_us;
  if (outgoing->undo_ms > 0)
    entry->not_before =
        entry->row->at + (gint64) MIN (outgoing->undo_ms, MAX_UNDO_MS) * G_TIME_SPAN_MILLISECOND;
  set_quote (self, entry->row, outgoing->quote_id);
  return entry;
}

/**
 * guiche_desk_send:
 *
 * Puts a message into the outbox, on the disk, and shows it.
 */
GuicheMessage *
guiche_desk_send (GuicheDesk *self,
                  GuicheConversation *conversation,
                  const GuicheOutgoing *outgoing,
                  GError **error)
{
  GuicheOutboxEntry *entry;
  GuicheMessage *message;
  g_autofree char *client_id = NULL;

  g_return_val_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_CONVERSATION (conversation), NULL);
  entry = new_entry (self, conversation, outgoing);
  if (outgoing->path != NULL && !set_file (entry, outgoing, error)) {
    guiche_outbox_entry_free (entry);
    return NULL;
  }
  client_id = g_strdup (entry->row->client_id);
  if (!guiche_outbox_add (self->outbox, entry, outgoing->path, error))
    return NULL;
  message = add_message (self, guiche_outbox_find (self->outbox, client_id));
  update_lists_of (self, guiche_conversation_get_id (conversation));
  guiche_desk_notify_pending (self);
  return g_object_ref (message);
}

static const char *
client_id_of (GuicheMessage *message)
{
  const GuicheMessageRow *row = guiche_message_get_row (message);

  return row != NULL ? row->client_id : NULL;
}

gboolean
guiche_desk_undo_send (GuicheDesk *self, GuicheMessage *message)
{
  g_return_val_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_MESSAGE (message), FALSE);
  return guiche_outbox_undo (self->outbox, client_id_of (message));
}

void
guiche_desk_retry_send (GuicheDesk *self, GuicheMessage *message)
{
  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_MESSAGE (message));
  guiche_outbox_retry (self->outbox, client_id_of (message));
}

void
guiche_desk_discard_send (GuicheDesk *self, GuicheMessage *message)
{
  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_MESSAGE (message));
  guiche_outbox_discard (self->outbox, client_id_of (message));
}
