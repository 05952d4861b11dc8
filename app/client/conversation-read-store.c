/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/stores.h"

#define COLUMNS                                                                                    \
  "SELECT c.id, kind, channel, customer_id, title, queue, priority, state, assignee_id, members,"  \
  " last_seq, waiting_since, opened_at, snoozed_until, closed_at, close_reason, created_at, "      \
  "updated_at,"                                                                                    \
  " customer_read_seq, agent_read_seq, customer_delivered_seq, agent_delivered_seq, "              \
  "last_message_seq,"                                                                              \
  " last_sender_kind, last_sender_name, last_kind, last_body, last_at, coalesce(r.seq, 0)"         \
  " FROM conversations c LEFT JOIN read_marks r ON r.conversation_id = c.id "

static void
read_numbers (GuicheConversationRow *row, sqlite3_stmt *statement)
{
  row->priority = sqlite3_column_int64 (statement, 6);
  row->last_seq = sqlite3_column_int64 (statement, 10);
  row->waiting_since = sqlite3_column_int64 (statement, 11);
  row->opened_at = sqlite3_column_int64 (statement, 12);
  row->snoozed_until = sqlite3_column_int64 (statement, 13);
  row->closed_at = sqlite3_column_int64 (statement, 14);
  row->created_at = sqlite3_column_int64 (statement, 16);
  row->updated_at = sqlite3_column_int64 (statement, 17);
  row->customer_read_seq = sqlite3_column_int64 (statement, 18);
  row->agent_read_seq = sqlite3_column_int64 (statement, 19);
  row->customer_delivered_seq = sqlite3_column_int64 (statement, 20);
  row->agent_delivered_seq = sqlite3_column_int64 (statement, 21);
  row->last_message_seq = sqlite3_column_int64 (statement, 22);
  row->last_at = sqlite3_column_int64 (statement, 27);
  row->read_seq = sqlite3_column_int64 (statement, 28);
}

static GuicheConversationRow *
read_row (sqlite3_stmt *statement)
{
  GuicheConversationRow *row = g_new0 (GuicheConversationRow, 1);

  row->id = guiche_column_id (statement, 0);
  row->kind = guiche_column_text (statement, 1);
  row->channel = guiche_column_text (statement, 2);
  row->customer_id = guiche_column_id (statement, 3);
  row->title = guiche_column_text (statement, 4);
  row->queue = guiche_column_text (statement, 5);
  row->state = guiche_column_text (statement, 7);
  row->assignee_id = guiche_column_id (statement, 8);
  row->members = guiche_column_ids (statement, 9);
  row->close_reason = guiche_column_text (statement, 15);
  row->last_sender_kind = guiche_column_text (statement, 23);
  row->last_sender_name = guiche_column_text (statement, 24);
  row->last_kind = guiche_column_text (statement, 25);
  row->last_body = guiche_column_text (statement, 26);
  read_numbers (row, statement);
  return row;
}

GuicheConversationRow *
guiche_conversation_store_read (GuicheDatabase *db, const char *id)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, COLUMNS "WHERE c.id = ?1");
  GuicheConversationRow *row = NULL;

  guiche_bind_id_text (statement, 1, id);
  if (guiche_database_next (db, statement, NULL))
    row = read_row (statement);
  sqlite3_reset (statement);
  return row;
}

static void
read_all (GuicheDatabase *db, sqlite3_stmt *statement, GPtrArray *rows)
{
  while (guiche_database_next (db, statement, NULL))
    g_ptr_array_add (rows, read_row (statement));
}

GPtrArray *
guiche_conversation_store_list (GuicheDatabase *db, guint n_closed)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_conversation_row_free);
  sqlite3_stmt *open = guiche_database_prepare (db, COLUMNS "WHERE state <> 'closed'");
  sqlite3_stmt *closed = guiche_database_prepare (
      db, COLUMNS "WHERE state = 'closed' ORDER BY closed_at DESC LIMIT ?1");

  read_all (db, open, rows);
  sqlite3_bind_int64 (closed, 1, n_closed);
  read_all (db, closed, rows);
  return rows;
}

GPtrArray *
guiche_conversation_store_ids (GuicheDatabase *db)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement = guiche_database_prepare (db, "SELECT id FROM conversations");

  while (guiche_database_next (db, statement, NULL))
    g_ptr_array_add (ids, guiche_column_id (statement, 0));
  return ids;
}
