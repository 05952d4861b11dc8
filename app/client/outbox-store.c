/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/local.h"

gboolean
guiche_outbox_store_add (GuicheDatabase *db, GuicheOutboxEntry *entry, GError **error)
{
  const GuicheMessageRow *row = entry->row;
  sqlite3_stmt *statement = guiche_database_prepare (
      db,
      "INSERT INTO outbox (client_id, conversation_id, kind, body, quote_id, quote_seq, "
      "quote_sender, quote_body, file,"
      " file_name, file_type, file_size, duration_ms, waveform, created_at, send_at, not_before)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");

  guiche_bind_id_text (statement, 1, row->client_id);
  guiche_bind_id_text (statement, 2, row->conversation_id);
  guiche_bind_text (statement, 3, row->kind);
  guiche_bind_text (statement, 4, row->body);
  guiche_bind_id_text (statement, 5, row->quote_id);
  sqlite3_bind_int64 (statement, 6, row->quote_seq);
  guiche_bind_text (statement, 7, row->quote_sender);
  guiche_bind_text (statement, 8, row->quote_body);
  guiche_bind_text (statement, 9, entry->file);
  guiche_bind_text (statement, 10, row->file_name);
  guiche_bind_text (statement, 11, row->file_type);
  sqlite3_bind_int64 (statement, 12, row->file_size);
  sqlite3_bind_int64 (statement, 13, row->duration_ms);
  guiche_bind_text (statement, 14, row->waveform);
  sqlite3_bind_int64 (statement, 15, row->at);
  sqlite3_bind_int64 (statement, 16, entry->send_at);
  sqlite3_bind_int64 (statement, 17, entry->not_before);
  if (!guiche_database_run (db, statement, error))
    return FALSE;
  entry->position = sqlite3_last_insert_rowid (guiche_database_handle (db));
  return TRUE;
}

gboolean
guiche_outbox_store_set_file_id (GuicheDatabase *db,
                                 const char *client_id,
                                 const char *file_id,
                                 GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "UPDATE outbox SET file_id = ?2 WHERE client_id = ?1");

  guiche_bind_id_text (statement, 1, client_id);
  guiche_bind_id_text (statement, 2, file_id);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_outbox_store_set_failure (GuicheDatabase *db,
                                 const char *client_id,
                                 const char *failure,
                                 const char *text,
                                 GError **error)
{
  sqlite3_stmt *statement =
      failure != NULL
          ? guiche_database_prepare (
                db, "UPDATE outbox SET failure = ?2, failure_text = ?3 WHERE client_id = ?1")
          : guiche_database_prepare (
                db, "UPDATE outbox SET failure = NULL, failure_text = NULL,"
                    " position = (SELECT max(position) + 1 FROM outbox) WHERE client_id = ?1");

  guiche_bind_id_text (statement, 1, client_id);
  if (failure != NULL) {
    guiche_bind_text (statement, 2, failure);
    guiche_bind_text (statement, 3, text);
  }
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_outbox_store_remove (GuicheDatabase *db, const char *client_id, GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, "DELETE FROM outbox WHERE client_id = ?1");

  guiche_bind_id_text (statement, 1, client_id);
  return guiche_database_run (db, statement, error);
}

static GuicheOutboxEntry *
read_entry (sqlite3_stmt *statement)
{
  GuicheOutboxEntry *entry = g_new0 (GuicheOutboxEntry, 1);
  GuicheMessageRow *row = g_new0 (GuicheMessageRow, 1);

  entry->row = row;
  entry->position = sqlite3_column_int64 (statement, 0);
  row->client_id = guiche_column_id (statement, 1);
  row->conversation_id = guiche_column_id (statement, 2);
  row->kind = guiche_column_text (statement, 3);
  row->body = guiche_column_text (statement, 4);
  row->quote_id = guiche_column_id (statement, 5);
  row->quote_seq = sqlite3_column_int64 (statement, 6);
  row->quote_sender = guiche_column_text (statement, 7);
  row->quote_body = guiche_column_text (statement, 8);
  entry->file = guiche_column_text (statement, 9);
  row->file_name = guiche_column_text (statement, 10);
  row->file_type = guiche_column_text (statement, 11);
  row->file_size = sqlite3_column_int64 (statement, 12);
  row->duration_ms = sqlite3_column_int64 (statement, 13);
  row->waveform = guiche_column_text (statement, 14);
  row->file_id = guiche_column_id (statement, 15);
  row->at = sqlite3_column_int64 (statement, 16);
  entry->send_at = sqlite3_column_int64 (statement, 17);
  entry->not_before = sqlite3_column_int64 (statement, 18);
  entry->failure = guiche_column_text (statement, 19);
  entry->failure_text = guiche_column_text (statement, 20);
  return entry;
}

GPtrArray *
guiche_outbox_store_list (GuicheDatabase *db)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_outbox_entry_free);
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "SELECT position, client_id, conversation_id, kind, body, "
                                   "quote_id, quote_seq, quote_sender, quote_body, file,"
                                   " file_name, file_type, file_size, duration_ms, waveform, "
                                   "file_id, created_at, send_at, not_before, failure,"
                                   " failure_text FROM outbox ORDER BY position");

  while (guiche_database_next (db, statement, NULL))
    g_ptr_array_add (entries, read_entry (statement));
  return entries;
}

gboolean
guiche_local_draft_store_put (GuicheDatabase *db,
                              const char *conversation_id,
                              const char *body,
                              gboolean is_dirty,
                              GError **error)
{
  sqlite3_stmt *statement =
      body == NULL ? guiche_database_prepare (db, "DELETE FROM drafts WHERE conversation_id = ?1")
                   : guiche_database_prepare (db, "INSERT OR REPLACE INTO drafts (conversation_id, "
                                                  "body, is_dirty) VALUES (?1, ?2, ?3)");

  guiche_bind_id_text (statement, 1, conversation_id);
  if (body != NULL) {
    guiche_bind_text (statement, 2, body);
    sqlite3_bind_int (statement, 3, is_dirty);
  }
  return guiche_database_run (db, statement, error);
}

GPtrArray *
guiche_local_draft_store_list (GuicheDatabase *db)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "SELECT conversation_id, body, is_dirty FROM drafts");

  while (guiche_database_next (db, statement, NULL)) {
    g_ptr_array_add (texts, guiche_column_id (statement, 0));
    g_ptr_array_add (texts, guiche_column_text (statement, 1));
    g_ptr_array_add (texts, guiche_column_text (statement, 2));
  }
  return texts;
}

gboolean
guiche_local_mark_store_put (GuicheDatabase *db,
                             const char *conversation_id,
                             gint64 seq,
                             GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "INSERT INTO read_marks (conversation_id, seq) VALUES (?1, ?2)"
          " ON CONFLICT (conversation_id) DO UPDATE SET seq = max(seq, ?2)");

  guiche_bind_id_text (statement, 1, conversation_id);
  sqlite3_bind_int64 (statement, 2, seq);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_local_mark_store_drop (GuicheDatabase *db,
                              const char *conversation_id,
                              gint64 seq,
                              GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "DELETE FROM read_marks WHERE conversation_id = ?1 AND seq <= ?2");

  guiche_bind_id_text (statement, 1, conversation_id);
  sqlite3_bind_int64 (statement, 2, seq);
  return guiche_database_run (db, statement, error);
}

GHashTable *
guiche_local_mark_store_list (GuicheDatabase *db)
{
  GHashTable *marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "SELECT conversation_id, seq FROM read_marks");

  while (guiche_database_next (db, statement, NULL)) {
    gint64 *seq = g_new (gint64, 1);
    *seq = sqlite3_column_int64 (statement, 1);
    g_hash_table_insert (marks, guiche_column_id (statement, 0), seq);
  }
  return marks;
}
