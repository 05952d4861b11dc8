/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/stores.h"

#include <string.h>

/* Keeps the text that leaves for the search index to forget. */
static gboolean
remember_gone (GuicheDatabase *db, const GuicheMessageRecord *record, GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "INSERT INTO gone (doc, body) SELECT doc, body FROM messages"
                                   " WHERE conversation_id = ?1 AND seq = ?2 AND body <> ''");

  guiche_bind_id (statement, 1, &record->conversation_id);
  sqlite3_bind_int64 (statement, 2, record->seq);
  return guiche_database_run (db, statement, error);
}

static char *
attachments_text (const GuicheMessageRecord *record)
{
  g_autoptr (GuicheJsonWriter) writer = NULL;

  if (record->n_attachments == 0)
    return NULL;
  writer = guiche_json_writer_new ();
  guiche_json_writer_begin_array (writer);
  for (gsize i = 0; i < record->n_attachments; i++)
    guiche_attachment_record_to_json (&record->attachments[i], writer);
  guiche_json_writer_end_array (writer);
  return guiche_json_writer_steal (writer, NULL);
}

static void
bind_quote (sqlite3_stmt *statement, const GuicheQuoteRecord *quote)
{
  if (guiche_id_is_none (&quote->id))
    return;
  guiche_bind_id (statement, 15, &quote->id);
  sqlite3_bind_int64 (statement, 16, quote->seq);
  guiche_bind_text (statement, 17, quote->sender_name);
  guiche_bind_text (statement, 18, guiche_message_kind_name (quote->kind));
  guiche_bind_text (statement, 19, quote->body);
}

static void
bind_record (sqlite3_stmt *statement, const GuicheMessageRecord *record, gint64 doc)
{
  g_autofree char *attachments = attachments_text (record);

  guiche_bind_id (statement, 1, &record->conversation_id);
  sqlite3_bind_int64 (statement, 2, record->seq);
  sqlite3_bind_int64 (statement, 3, doc);
  guiche_bind_id (statement, 4, &record->id);
  guiche_bind_id (statement, 5, &record->client_id);
  guiche_bind_text (statement, 6, guiche_sender_kind_name (record->sender_kind));
  guiche_bind_id (statement, 7, &record->sender_id);
  guiche_bind_text (statement, 8, record->sender_name);
  guiche_bind_text (statement, 9, guiche_message_kind_name (record->kind));
  guiche_bind_text (statement, 10, record->body != NULL ? record->body : "");
  sqlite3_bind_int64 (statement, 11, record->at);
  sqlite3_bind_int64 (statement, 12, record->state);
  sqlite3_bind_int64 (statement, 13, record->edited_at);
  sqlite3_bind_int64 (statement, 14, record->deleted_at);
  bind_quote (statement, &record->quote);
  guiche_bind_text (statement, 20, attachments);
  guiche_bind_ids (statement, 21, record->mentions, record->n_mentions);
}

#define INSERT                                                                                     \
  "INSERT INTO messages (conversation_id, seq, doc, id, client_id, sender_kind, sender_id, "       \
  "sender_name, kind,"                                                                             \
  " body, at, state, edited_at, deleted_at, quote_id, quote_seq, quote_sender, quote_kind, "       \
  "quote_body,"                                                                                    \
  " attachments, mentions) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "  \
  "?15, ?16, ?17,"                                                                                 \
  " ?18, ?19, ?20, ?21) ON CONFLICT (conversation_id, seq) DO "

gboolean
guiche_message_store_put (GuicheDatabase *db,
                          const GuicheMessageRecord *record,
                          gboolean replace,
                          gint64 *doc,
                          GError **error)
{
  sqlite3_stmt *statement =
      replace
          ? guiche_database_prepare (
                db, INSERT "UPDATE SET doc = ?3, sender_name = ?8, kind = ?9, body = ?10, at = ?11,"
                           " state = max(state, ?12), edited_at = ?13, deleted_at = ?14, quote_id "
                           "= ?15, quote_seq = ?16,"
                           " quote_sender = ?17, quote_kind = ?18, quote_body = ?19, attachments = "
                           "?20, mentions = ?21")
          : guiche_database_prepare (db, INSERT "NOTHING");

  if (replace && !remember_gone (db, record, error))
    return FALSE;
  bind_record (statement, record, *doc + 1);
  if (!guiche_database_run (db, statement, error))
    return FALSE;
  if (sqlite3_changes (guiche_database_handle (db)) > 0)
    *doc += 1;
  return TRUE;
}

gboolean
guiche_message_store_drop_all (GuicheDatabase *db, const GuicheId *conversation_id, GError **error)
{
  sqlite3_stmt *gone =
      guiche_database_prepare (db, "INSERT INTO gone (doc, body) SELECT doc, body FROM messages "
                                   "WHERE conversation_id = ?1 AND body <> ''");
  sqlite3_stmt *drop =
      guiche_database_prepare (db, "DELETE FROM messages WHERE conversation_id = ?1");

  guiche_bind_id (gone, 1, conversation_id);
  guiche_bind_id (drop, 1, conversation_id);
  return guiche_database_run (db, gone, error) && guiche_database_run (db, drop, error);
}

void
guiche_message_row_read_attachments (GuicheMessageRow *row)
{
  g_autofree char *document = g_strdup_printf ("{\"items\":%s}", row->attachments);
  g_autoptr (JsonNode) node =
                 guiche_json_parse_object (document, strlen (document), G_MAXINT, NULL);
  JsonArray *items = NULL;
  GuicheAttachmentRecord record = { 0 };

  if (node == NULL ||
      !guiche_json_get_array (json_node_get_object (node), "items", TRUE, &items, NULL) ||
      json_array_get_length (items) == 0 ||
      !JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, 0)) ||
      !guiche_attachment_record_from_json (json_array_get_object_element (items, 0), &record, NULL))
    return;
  row->file_id = guiche_id_dup_string (&record.file_id);
  row->file_name = g_steal_pointer (&record.name);
  row->file_type = g_steal_pointer (&record.type);
  row->file_size = record.size;
  row->duration_ms = record.duration_ms;
  row->waveform = g_steal_pointer (&record.waveform);
  guiche_attachment_record_clear (&record);
}

GuicheMessageRow *
guiche_message_store_read_columns (sqlite3_stmt *statement)
{
  GuicheMessageRow *row = g_new0 (GuicheMessageRow, 1);

  row->conversation_id = guiche_column_id (statement, 0);
  row->seq = sqlite3_column_int64 (statement, 1);
  row->id = guiche_column_id (statement, 2);
  row->client_id = guiche_column_id (statement, 3);
  row->sender_kind = guiche_column_text (statement, 4);
  row->sender_id = guiche_column_id (statement, 5);
  row->sender_name = guiche_column_text (statement, 6);
  row->kind = guiche_column_text (statement, 7);
  row->body = guiche_column_text (statement, 8);
  row->at = sqlite3_column_int64 (statement, 9);
  row->state = sqlite3_column_int64 (statement, 10);
  row->edited_at = sqlite3_column_int64 (statement, 11);
  row->deleted_at = sqlite3_column_int64 (statement, 12);
  row->quote_id = guiche_column_id (statement, 13);
  row->quote_seq = sqlite3_column_int64 (statement, 14);
  row->quote_sender = guiche_column_text (statement, 15);
  row->quote_body = guiche_column_text (statement, 16);
  row->attachments = guiche_column_text (statement, 17);
  if (row->attachments != NULL)
    guiche_message_row_read_attachments (row);
  if (sqlite3_column_bytes (statement, 18) > 0) {
    g_auto (GStrv) mentions = guiche_column_ids (statement, 18);
    row->mentions = g_strjoinv (" ", mentions);
  }
  return row;
}

#define COLUMNS                                                                                    \
  "SELECT conversation_id, seq, id, client_id, sender_kind, sender_id, sender_name, kind, body, "  \
  "at, state,"                                                                                     \
  " edited_at, deleted_at, quote_id, quote_seq, quote_sender, quote_body, attachments, mentions"   \
  " FROM messages WHERE conversation_id = ?1 "

/* What is quoted is mostly recent: looks from the end. */
GuicheMessageRow *
guiche_message_store_find (GuicheDatabase *db, const char *conversation_id, const char *id)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, COLUMNS "AND id = ?2 ORDER BY seq DESC LIMIT 1");
  GuicheMessageRow *row = NULL;

  guiche_bind_id_text (statement, 1, conversation_id);
  guiche_bind_id_text (statement, 2, id);
  if (guiche_database_next (db, statement, NULL))
    row = guiche_message_store_read_columns (statement);
  sqlite3_reset (statement);
  return row;
}

GPtrArray *
guiche_message_store_list (GuicheDatabase *db,
                           const char *conversation_id,
                           gint64 first,
                           gint64 last)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_message_row_free);
  sqlite3_stmt *statement =
      guiche_database_prepare (db, COLUMNS "AND seq BETWEEN ?2 AND ?3 ORDER BY seq");

  guiche_bind_id_text (statement, 1, conversation_id);
  sqlite3_bind_int64 (statement, 2, first);
  sqlite3_bind_int64 (statement, 3, last);
  while (guiche_database_next (db, statement, NULL))
    g_ptr_array_add (rows, guiche_message_store_read_columns (statement));
  return rows;
}

/* seq grows with time: the answer is found by halving, whatever the length. */
gint64
guiche_message_store_find_time (GuicheDatabase *db, const char *conversation_id, gint64 at)
{
  sqlite3_stmt *next = guiche_database_prepare (
      db,
      "SELECT seq, at FROM messages WHERE conversation_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1");
  sqlite3_stmt *last = guiche_database_prepare (
      db, "SELECT coalesce(max(seq), 0) FROM messages WHERE conversation_id = ?1");
  gint64 low = 1, high, found = 0;

  guiche_bind_id_text (last, 1, conversation_id);
  high = guiche_database_next (db, last, NULL) ? sqlite3_column_int64 (last, 0) : 0;
  sqlite3_reset (last);
  while (low <= high) {
    gint64 middle = low + (high - low) / 2, seq;
    gboolean is_late;

    guiche_bind_id_text (next, 1, conversation_id);
    sqlite3_bind_int64 (next, 2, middle);
    if (!guiche_database_next (db, next, NULL))
      break;
    seq = sqlite3_column_int64 (next, 0);
    is_late = sqlite3_column_int64 (next, 1) >= at;
    sqlite3_reset (next);
    if (is_late) {
      found = seq;
      high = middle - 1;
    } else {
      low = seq + 1;
    }
  }
  return found;
}
