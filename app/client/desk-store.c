/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/stores.h"

gboolean
guiche_queue_store_put (GuicheDatabase *db, const GuicheQueueRecord *record, GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "INSERT OR REPLACE INTO queues (id, key, name, priority, "
                                   "position, members) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

  guiche_bind_id (statement, 1, &record->id);
  guiche_bind_text (statement, 2, record->key);
  guiche_bind_text (statement, 3, record->name);
  sqlite3_bind_int64 (statement, 4, record->priority);
  sqlite3_bind_int64 (statement, 5, record->position);
  guiche_bind_ids (statement, 6, record->members, record->n_members);
  return guiche_database_run (db, statement, error);
}

GPtrArray *
guiche_queue_store_list (GuicheDatabase *db)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_queue_row_free);
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "SELECT id, key, name, priority, position, members FROM queues ORDER BY position, key");

  while (guiche_database_next (db, statement, NULL)) {
    GuicheQueueRow *row = g_new0 (GuicheQueueRow, 1);
    row->id = guiche_column_id (statement, 0);
    row->key = guiche_column_text (statement, 1);
    row->name = guiche_column_text (statement, 2);
    row->priority = sqlite3_column_int64 (statement, 3);
    row->position = sqlite3_column_int64 (statement, 4);
    row->members = guiche_column_ids (statement, 5);
    g_ptr_array_add (rows, row);
  }
  return rows;
}

gboolean
guiche_canned_reply_store_put (GuicheDatabase *db,
                               const GuicheCannedReplyRecord *record,
                               GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "INSERT OR REPLACE INTO canned_replies (id, shortcut, title, "
                                   "body, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)");

  guiche_bind_id (statement, 1, &record->id);
  guiche_bind_text (statement, 2, record->shortcut);
  guiche_bind_text (statement, 3, record->title);
  guiche_bind_text (statement, 4, record->body);
  sqlite3_bind_int64 (statement, 5, record->updated_at);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_canned_reply_store_drop (GuicheDatabase *db, const GuicheId *id, GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "DELETE FROM canned_replies WHERE id = ?1");

  guiche_bind_id (statement, 1, id);
  return guiche_database_run (db, statement, error);
}

GPtrArray *
guiche_canned_reply_store_list (GuicheDatabase *db)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_canned_reply_row_free);
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "SELECT id, shortcut, title, body, updated_at FROM canned_replies ORDER BY shortcut, id");

  while (guiche_database_next (db, statement, NULL)) {
    GuicheCannedReplyRow *row = g_new0 (GuicheCannedReplyRow, 1);
    row->id = guiche_column_id (statement, 0);
    row->shortcut = guiche_column_text (statement, 1);
    row->title = guiche_column_text (statement, 2);
    row->body = guiche_column_text (statement, 3);
    row->updated_at = sqlite3_column_int64 (statement, 4);
    g_ptr_array_add (rows, row);
  }
  return rows;
}
