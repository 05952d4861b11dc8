/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/message-store.h"

#include "base/error.h"
#include "base/json.h"

#include <string.h>

#define MESSAGE_COLUMNS                                                                            \
  "SELECT seq, id, client_id, sender_kind, sender, sender_name, kind, body, at, extra, "           \
  "edited_at, "                                                                                    \
  "deleted_at FROM messages "

static char *
extra_to_text (const GuicheMessageRecord *record, gsize *out_length)
{
  g_autoptr (GuicheJsonWriter) writer = NULL;

  if (!guiche_message_record_has_extra (record))
    return NULL;
  writer = guiche_json_writer_new ();
  guiche_message_record_extra_to_json (record, writer);
  return guiche_json_writer_steal (writer, out_length);
}

gboolean
guiche_message_store_insert (GuicheTx *tx,
                             const GuicheConversation *conversation,
                             const GuicheMessageRecord *record,
                             gboolean *out_is_new,
                             GError **error)
{
  g_autofree char *extra = NULL;
  gsize extra_length = 0;
  GuicheStatement *insert =
      guiche_tx_prepare (tx,
                         "INSERT INTO messages (conversation, seq, id, client_id, sender_kind, "
                         "sender, sender_name, kind, "
                         "body, at, extra) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
                         "ON CONFLICT (sender, client_id) DO NOTHING",
                         error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_int (insert, 1, conversation->number);
  guiche_statement_bind_int (insert, 2, record->seq);
  guiche_statement_bind_id (insert, 3, &record->id);
  guiche_statement_bind_id (insert, 4, &record->client_id);
  guiche_statement_bind_int (insert, 5, record->sender_kind);
  guiche_statement_bind_id (insert, 6, &record->sender_id);
  guiche_statement_bind_text (insert, 7, record->sender_name);
  guiche_statement_bind_int (insert, 8, record->kind);
  guiche_statement_bind_text (insert, 9, record->body);
  guiche_statement_bind_int (insert, 10, record->at);
  extra = extra_to_text (record, &extra_length);
  guiche_statement_bind_text_length (insert, 11, extra, extra_length);
  return guiche_statement_run_insert (insert, out_is_new, error);
}

gboolean
guiche_message_store_insert_files (GuicheTx *tx,
                                   const GuicheConversation *conversation,
                                   const GuicheMessageRecord *record,
                                   GError **error)
{
  for (gsize i = 0; i < record->n_attachments; i++) {
    GuicheStatement *insert = guiche_tx_prepare (
        tx,
        "INSERT INTO message_files (file_id, conversation, seq) VALUES ($1, $2, $3) "
        "ON CONFLICT (file_id, conversation, seq) DO NOTHING",
        error);

    if (insert == NULL)
      return FALSE;
    guiche_statement_bind_id (insert, 1, &record->attachments[i].file_id);
    guiche_statement_bind_int (insert, 2, conversation->number);
    guiche_statement_bind_int (insert, 3, record->seq);
    if (!guiche_statement_run (insert, NULL, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
guiche_message_store_delete_files (GuicheTx *tx,
                                   const GuicheConversation *conversation,
                                   gint64 seq,
                                   GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (
      tx, "DELETE FROM message_files WHERE conversation = $1 AND seq = $2", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_int (statement, 1, conversation->number);
  guiche_statement_bind_int (statement, 2, seq);
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_message_store_find_repeat (GuicheTx *tx,
                                  const GuicheId *sender,
                                  const GuicheId *client_id,
                                  gboolean *out_found,
                                  gint64 *out_conversation,
                                  gint64 *out_seq,
                                  GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row = guiche_tx_prepare (
      tx, "SELECT conversation, seq FROM messages WHERE sender = $1 AND client_id = $2", error);

  *out_found = FALSE;
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, sender);
  guiche_statement_bind_id (row, 2, client_id);
  if (guiche_statement_next (row, &failure)) {
    *out_found = TRUE;
    *out_conversation = guiche_statement_int (row, 0);
    *out_seq = guiche_statement_int (row, 1);
  }
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
read_extra (GuicheStatement *row, GuicheMessageRecord *record, GError **error)
{
  gsize length = 0;
  const char *extra = guiche_statement_text_length (row, 9, &length);
  g_autoptr (JsonNode) node = NULL;

  if (extra == NULL)
    return TRUE;
  node = guiche_json_parse_object (extra, length, GUICHE_JSON_MAX_BYTES, error);
  return node != NULL &&
         guiche_message_record_extra_from_json (json_node_get_object (node), record, error);
}

static gboolean
message_from_row (GuicheStatement *row,
                  const GuicheConversation *conversation,
                  GuicheMessageRecord *record,
                  GError **error)
{
  record->conversation_id = conversation->record.id;
  record->seq = guiche_statement_int (row, 0);
  record->id = guiche_statement_id (row, 1);
  record->client_id = guiche_statement_id (row, 2);
  record->sender_kind = (GuicheSenderKind) guiche_statement_int (row, 3);
  record->sender_id = guiche_statement_id (row, 4);
  record->sender_name = g_strdup (guiche_statement_text (row, 5));
  record->kind = (GuicheMessageKind) guiche_statement_int (row, 6);
  record->body = g_strdup (guiche_statement_text (row, 7));
  record->at = guiche_statement_int (row, 8);
  record->edited_at = guiche_statement_int (row, 10);
  record->deleted_at = guiche_statement_int (row, 11);
  record->state = guiche_conversation_get_delivery (conversation, record->sender_kind, record->seq);
  return read_extra (row, record, error);
}

gboolean
guiche_message_store_load (GuicheTx *tx,
                           const GuicheConversation *conversation,
                           gint64 seq,
                           GuicheMessageRecord *out,
                           gboolean *out_found,
                           GError **error)
{
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row =
      guiche_tx_prepare (tx, MESSAGE_COLUMNS "WHERE conversation = $1 AND seq = $2", error);

  *out = (GuicheMessageRecord){ 0 };
  *out_found = FALSE;
  if (row == NULL)
    return FALSE;
  guiche_statement_bind_int (row, 1, conversation->number);
  guiche_statement_bind_int (row, 2, seq);
  if (guiche_statement_next (row, &failure))
    *out_found = message_from_row (row, conversation, out, &failure);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  guiche_message_record_clear (out);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_message_store_update (GuicheTx *tx,
                             const GuicheConversation *conversation,
                             const GuicheMessageRecord *record,
                             GError **error)
{
  g_autofree char *extra = NULL;
  gsize extra_length = 0;
  GuicheStatement *update = guiche_tx_prepare (
      tx,
      "UPDATE messages SET body = $3, extra = $4, edited_at = $5, deleted_at = $6 "
      "WHERE conversation = $1 AND seq = $2",
      error);

  if (update == NULL)
    return FALSE;
  extra = extra_to_text (record, &extra_length);
  guiche_statement_bind_int (update, 1, conversation->number);
  guiche_statement_bind_int (update, 2, record->seq);
  guiche_statement_bind_text (update, 3, record->body);
  guiche_statement_bind_text_length (update, 4, extra, extra_length);
  if (record->edited_at == 0)
    guiche_statement_bind_null (update, 5);
  else
    guiche_statement_bind_int (update, 5, record->edited_at);
  if (record->deleted_at == 0)
    guiche_statement_bind_null (update, 6);
  else
    guiche_statement_bind_int (update, 6, record->deleted_at);
  return guiche_statement_run (update, NULL, error);
}

gboolean
guiche_message_store_set_waiting_since (GuicheTx *tx,
                                        const GuicheConversation *conversation,
                                        GError **error)
{
  GuicheStatement *update = guiche_tx_prepare (
      tx, "UPDATE conversations SET waiting_since = $2 WHERE number = $1", error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_int (update, 1, conversation->number);
  if (conversation->record.waiting_since == 0)
    guiche_statement_bind_null (update, 2);
  else
    guiche_statement_bind_int (update, 2, conversation->record.waiting_since);
  return guiche_statement_run (update, NULL, error);
}

static GuicheStatement *
prepare_page (GuicheTx *tx, gboolean is_forward, GError **error)
{
  if (is_forward)
    return guiche_tx_prepare (tx,
                              MESSAGE_COLUMNS "WHERE conversation = $1 AND seq > $2 AND seq < $3 "
                                              "AND (kind <> 4 OR $4 = 0) ORDER BY seq LIMIT $5",
                              error);
  return guiche_tx_prepare (tx,
                            MESSAGE_COLUMNS "WHERE conversation = $1 AND seq > $2 AND seq < $3 "
                                            "AND (kind <> 4 OR $4 = 0) ORDER BY seq DESC LIMIT $5",
                            error);
}

GPtrArray *
guiche_message_store_read (GuicheTx *tx,
                           const GuicheConversation *conversation,
                           const GuicheMessagePage *page,
                           GError **error)
{
  g_autoptr (GPtrArray) messages =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_message_record_free);
  g_autoptr (GError) failure = NULL;
  GuicheStatement *rows = prepare_page (tx, page->is_forward && page->before == 0, error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_int (rows, 1, conversation->number);
  guiche_statement_bind_int (rows, 2, page->after);
  guiche_statement_bind_int (rows, 3, page->before > 0 ? page->before : G_MAXINT64);
  guiche_statement_bind_int (rows, 4, page->is_public);
  guiche_statement_bind_int (rows, 5, (gint64) page->limit + 1);
  while (failure == NULL && guiche_statement_next (rows, &failure)) {
    GuicheMessageRecord *record = g_new0 (GuicheMessageRecord, 1);

    g_ptr_array_add (messages, record);
    message_from_row (rows, conversation, record, &failure);
  }
  guiche_statement_reset (rows);
  if (failure == NULL)
    return g_steal_pointer (&messages);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
