/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/stores.h"

static void
bind_preview (sqlite3_stmt *statement, int first, const GuichePreviewRecord *preview)
{
  sqlite3_bind_int64 (statement, first, preview->seq);
  if (preview->seq > 0) {
    guiche_bind_text (statement, first + 1, guiche_sender_kind_name (preview->sender_kind));
    guiche_bind_text (statement, first + 3, guiche_message_kind_name (preview->kind));
  }
  guiche_bind_text (statement, first + 2, preview->sender_name);
  guiche_bind_text (statement, first + 4, preview->body);
  sqlite3_bind_int64 (statement, first + 5, preview->at);
}

static void
bind_record (sqlite3_stmt *statement, const GuicheConversationRecord *record)
{
  guiche_bind_id (statement, 1, &record->id);
  guiche_bind_text (statement, 2, guiche_conversation_kind_name (record->kind));
  guiche_bind_text (statement, 3, record->channel);
  guiche_bind_id (statement, 4, &record->customer_id);
  guiche_bind_text (statement, 5, record->title);
  guiche_bind_text (statement, 6, record->queue);
  sqlite3_bind_int64 (statement, 7, record->priority);
  guiche_bind_text (statement, 8, guiche_conversation_state_name (record->state));
  guiche_bind_id (statement, 9, &record->assignee_id);
  guiche_bind_ids (statement, 10, record->members, record->n_members);
  sqlite3_bind_int64 (statement, 11, record->last_seq);
  sqlite3_bind_int64 (statement, 12, record->waiting_since);
  sqlite3_bind_int64 (statement, 13, record->opened_at);
  sqlite3_bind_int64 (statement, 14, record->snoozed_until);
  sqlite3_bind_int64 (statement, 15, record->closed_at);
  guiche_bind_text (statement, 16, record->close_reason);
  sqlite3_bind_int64 (statement, 17, record->created_at);
  sqlite3_bind_int64 (statement, 18, record->updated_at);
  sqlite3_bind_int64 (statement, 19, record->customer_read_seq);
  sqlite3_bind_int64 (statement, 20, record->agent_read_seq);
  sqlite3_bind_int64 (statement, 21, record->customer_delivered_seq);
  sqlite3_bind_int64 (statement, 22, record->agent_delivered_seq);
  bind_preview (statement, 23, &record->last_message);
}

gboolean
guiche_conversation_store_put (GuicheDatabase *db,
                               const GuicheConversationRecord *record,
                               GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db,
      "INSERT INTO conversations (id, kind, channel, customer_id, title, queue, priority, state, "
      "assignee_id, members,"
      " last_seq, waiting_since, opened_at, snoozed_until, closed_at, close_reason, created_at, "
      "updated_at,"
      " customer_read_seq, agent_read_seq, customer_delivered_seq, agent_delivered_seq, "
      "last_message_seq,"
      " last_sender_kind, last_sender_name, last_kind, last_body, last_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
      "?19, ?20, ?21, ?22,"
      " ?23, ?24, ?25, ?26, ?27, ?28)"
      " ON CONFLICT (id) DO UPDATE SET kind = ?2, channel = ?3, customer_id = ?4, title = ?5, "
      "queue = ?6,"
      " priority = ?7, state = ?8, assignee_id = ?9, members = ?10, last_seq = max(last_seq, ?11), "
      "waiting_since = ?12,"
      " opened_at = ?13, snoozed_until = ?14, closed_at = ?15, close_reason = ?16, created_at = "
      "?17, updated_at = ?18,"
      " customer_read_seq = max(customer_read_seq, ?19), agent_read_seq = max(agent_read_seq, ?20),"
      " customer_delivered_seq = max(customer_delivered_seq, ?21),"
      " agent_delivered_seq = max(agent_delivered_seq, ?22),"
      " last_message_seq = max(last_message_seq, ?23),"
      " last_sender_kind = iif(?23 >= last_message_seq, ?24, last_sender_kind),"
      " last_sender_name = iif(?23 >= last_message_seq, ?25, last_sender_name),"
      " last_kind = iif(?23 >= last_message_seq, ?26, last_kind),"
      " last_body = iif(?23 >= last_message_seq, ?27, last_body),"
      " last_at = iif(?23 >= last_message_seq, ?28, last_at)");

  bind_record (statement, record);
  return guiche_database_run (db, statement, error);
}

/* ?1 id, ?2 to ?7 the preview, ?8 last_seq */
#define RAISE_LAST                                                                                 \
  "last_seq = max(last_seq, ?8), last_message_seq = max(last_message_seq, ?2),"                    \
  " last_sender_kind = iif(?2 >= last_message_seq, ?3, last_sender_kind),"                         \
  " last_sender_name = iif(?2 >= last_message_seq, ?4, last_sender_name),"                         \
  " last_kind = iif(?2 >= last_message_seq, ?5, last_kind),"                                       \
  " last_body = iif(?2 >= last_message_seq, ?6, last_body),"                                       \
  " last_at = iif(?2 >= last_message_seq, ?7, last_at)"

/* A borrowed preview of @message, its body cut as the server cuts it. */
static void
bind_message_preview (sqlite3_stmt *statement, const GuicheMessageRecord *message)
{
  g_autofree char *body =
      g_strndup (message->body, guiche_preview_length (message->body, GUICHE_PREVIEW_CHARACTERS));
  GuichePreviewRecord preview = { .seq = message->seq,
                                  .sender_kind = message->sender_kind,
                                  .sender_name = message->sender_name,
                                  .kind = message->kind,
                                  .body = body,
                                  .at = message->at };

  guiche_bind_id (statement, 1, &message->conversation_id);
  bind_preview (statement, 2, &preview);
  sqlite3_bind_int64 (statement, 8, message->seq);
}

gboolean
guiche_conversation_store_patch (GuicheDatabase *db,
                                 const GuicheMessageRecord *message,
                                 const GuicheConversationRecord *patch,
                                 GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "UPDATE conversations SET " RAISE_LAST
          ", waiting_since = ?9, updated_at = max(updated_at, ?7), state = ?10 WHERE id = ?1");

  bind_message_preview (statement, message);
  sqlite3_bind_int64 (statement, 9, patch->waiting_since);
  guiche_bind_text (statement, 10, guiche_conversation_state_name (patch->state));
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_conversation_store_touch (GuicheDatabase *db,
                                 const GuicheMessageRecord *message,
                                 GError **error)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "UPDATE conversations SET " RAISE_LAST " WHERE id = ?1");

  bind_message_preview (statement, message);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_conversation_store_retouch (GuicheDatabase *db,
                                   const GuicheMessageRecord *message,
                                   GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (
      db, "UPDATE conversations SET " RAISE_LAST " WHERE id = ?1 AND last_message_seq = ?2");

  bind_message_preview (statement, message);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_conversation_store_deliver (GuicheDatabase *db,
                                   const GuicheDeliveryRecord *record,
                                   GError **error)
{
  gboolean is_customer = g_strcmp0 (record->side, "customer") == 0;
  sqlite3_stmt *statement =
      is_customer
          ? guiche_database_prepare (
                db,
                "UPDATE conversations SET customer_delivered_seq = max(customer_delivered_seq, ?2),"
                " customer_read_seq = iif(?3 >= 3, max(customer_read_seq, ?2), customer_read_seq) "
                "WHERE id = ?1")
          : guiche_database_prepare (
                db, "UPDATE conversations SET agent_delivered_seq = max(agent_delivered_seq, ?2),"
                    " agent_read_seq = iif(?3 >= 3, max(agent_read_seq, ?2), agent_read_seq) WHERE "
                    "id = ?1");

  guiche_bind_id (statement, 1, &record->conversation_id);
  sqlite3_bind_int64 (statement, 2, record->seq);
  sqlite3_bind_int64 (statement, 3, record->state);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_conversation_store_exists (GuicheDatabase *db, const GuicheId *id)
{
  sqlite3_stmt *statement =
      guiche_database_prepare (db, "SELECT 1 FROM conversations WHERE id = ?1");
  gboolean exists;

  guiche_bind_id (statement, 1, id);
  exists = guiche_database_next (db, statement, NULL);
  sqlite3_reset (statement);
  return exists;
}

static gboolean
delete_by_conversation (GuicheDatabase *db, const char *sql, const GuicheId *id, GError **error)
{
  sqlite3_stmt *statement = guiche_database_prepare (db, sql);

  guiche_bind_id (statement, 1, id);
  return guiche_database_run (db, statement, error);
}

gboolean
guiche_conversation_store_drop (GuicheDatabase *db, const GuicheId *id, GError **error)
{
  return guiche_message_store_drop_all (db, id, error) &&
         delete_by_conversation (db, "DELETE FROM conversations WHERE id = ?1", id, error) &&
         delete_by_conversation (db, "DELETE FROM drafts WHERE conversation_id = ?1", id, error) &&
         delete_by_conversation (db, "DELETE FROM scheduled WHERE conversation_id = ?1", id, error);
}
