/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/stores.h"

gboolean
guiche_read_mark_store_raise (GuicheDatabase *db,
                              const GuicheReadMarkRecord *record,
                              GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "INSERT INTO read_marks (conversation_id, seq) VALUES (?1, ?2)"
          " ON CONFLICT (conversation_id) DO UPDATE SET seq = max(seq, ?2)");

  guiche_bind_id (statement, 1, &record->conversation_id);
  sqlite3_bind_int64 (statement, 2, record->seq);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_draft_store_put (GuicheDatabase *db, const GuicheDraftRecord *record, GError **error)
{
  gboolean is_empty = record->body == NULL || *record->body == '\0';
  sqlite3_stmt *statement =
      is_empty ? guiche_database_prepare (db, "DELETE FROM drafts WHERE conversation_id = ?1")
               : guiche_database_prepare (db, "INSERT OR REPLACE INTO drafts (conversation_id, "
                                              "body, updated_at) VALUES (?1, ?2, ?3)");

  guiche_bind_id (statement, 1, &record->conversation_id);
  if (!is_empty) {
    guiche_bind_text (statement, 2, record->body);
    sqlite3_bind_int64 (statement, 3, record->updated_at);
  }
  return guiche_database_run (db, statement, error);
}

char *
guiche_draft_store_dup (GuicheDatabase *db, const char *conversation_id)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "SELECT body FROM drafts WHERE conversation_id = ?1");
  char *body = NULL;

  guiche_bind_id_text (statement, 1, conversation_id);
  if (guiche_database_next (db, statement, NULL))
    body = guiche_column_text (statement, 0);
  sqlite3_reset (statement);
  return body;
}

GPtrArray *
guiche_draft_store_list (GuicheDatabase *db)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement = guiche_database_prepare (db, "SELECT conversation_id FROM drafts");

  while (guiche_database_next (db, statement, NULL))
    g_ptr_array_add (ids, guiche_column_id (statement, 0));
  return ids;
}

gboolean
guiche_scheduled_store_put (GuicheDatabase *db,
                            const GuicheScheduledMessageRecord *record,
                            GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "INSERT OR REPLACE INTO scheduled (id, conversation_id, "
                                   "client_id, body, send_at) VALUES (?1, ?2, ?3, ?4, ?5)");

  guiche_bind_id (statement, 1, &record->id);
  guiche_bind_id (statement, 2, &record->conversation_id);
  guiche_bind_id (statement, 3, &record->client_id);
  guiche_bind_text (statement, 4, record->body);
  sqlite3_bind_int64 (statement, 5, record->send_at);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_scheduled_store_drop (GuicheDatabase *db, const GuicheId *id, GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, "DELETE FROM scheduled WHERE id = ?1");

  guiche_bind_id (statement, 1, id);
  return guiche_database_run (db, statement, error);
}

GPtrArray *
guiche_scheduled_store_list (GuicheDatabase *db)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_scheduled_row_free);
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "SELECT id, conversation_id, body, send_at FROM scheduled ORDER BY send_at, id");

  while (guiche_database_next (db, statement, NULL)) {
    GuicheScheduledRow *row = g_new0 (GuicheScheduledRow, 1);
    row->id = guiche_column_id (statement, 0);
    row->conversation_id = guiche_column_id (statement, 1);
    row->body = guiche_column_text (statement, 2);
    row->send_at = sqlite3_column_int64 (statement, 3);
    g_ptr_array_add (rows, row);
  }
  return rows;
}
