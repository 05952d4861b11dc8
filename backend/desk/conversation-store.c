/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-store.h"

#include "base/error.h"

/* The row with its last message's seq and time; the order is that of conversation_from_row(). */
#define CONVERSATION_COLUMNS                                                                       \
  "SELECT c.number, c.id, c.kind, c.channel, c.customer_id, c.title, c.queue, c.priority, "        \
  "c.state, "                                                                                      \
  "c.assignee_id, c.queued_at, c.waiting_since, c.opened_at, c.snoozed_until, c.closed_at, "       \
  "c.close_reason, c.created_at, c.updated_at, c.customer_read_seq, c.agent_read_seq, "            \
  "c.customer_delivered_seq, c.agent_delivered_seq, m.seq, m.at "                                  \
  "FROM conversations c LEFT JOIN messages m ON m.conversation = c.number AND m.seq = "            \
  "(SELECT max(seq) FROM messages WHERE conversation = c.number) "

static void
read_times (GuicheStatement *row, GuicheConversation *self)
{
  GuicheConversationRecord *record = &self->record;

  self->queued_at = guiche_statement_int (row, 10);
  record->waiting_since = guiche_statement_int (row, 11);
  record->opened_at = guiche_statement_int (row, 12);
  record->snoozed_until = guiche_statement_int (row, 13);
  record->closed_at = guiche_statement_int (row, 14);
  record->close_reason = g_strdup (guiche_statement_text (row, 15));
  record->created_at = guiche_statement_int (row, 16);
  record->updated_at = guiche_statement_int (row, 17);
  record->customer_read_seq = guiche_statement_int (row, 18);
  record->agent_read_seq = guiche_statement_int (row, 19);
  record->customer_delivered_seq = guiche_statement_int (row, 20);
  record->agent_delivered_seq = guiche_statement_int (row, 21);
  record->last_seq = guiche_statement_int (row, 22);
  self->last_at = guiche_statement_int (row, 23);
  record->updated_at = MAX (record->updated_at, self->last_at);
}

static GuicheConversation *
conversation_from_row (GuicheStatement *row)
{
  GuicheConversation *self = g_new0 (GuicheConversation, 1);
  GuicheConversationRecord *record = &self->record;

  self->ref_count = 1;
  self->number = guiche_statement_int (row, 0);
  record->id = guiche_statement_id (row, 1);
  guiche_conversation_kind_parse (guiche_statement_text (row, 2), &record->kind);
  record->channel = g_strdup (guiche_statement_text (row, 3));
  record->customer_id = guiche_statement_id (row, 4);
  record->title = g_strdup (guiche_statement_text (row, 5));
  record->queue = g_strdup (guiche_statement_text (row, 6));
  record->priority = guiche_statement_int (row, 7);
  guiche_conversation_state_parse (guiche_statement_text (row, 8), &record->state);
  record->assignee_id = guiche_statement_id (row, 9);
  read_times (row, self);
  self->is_preview_old = record->last_seq > 0;
  return self;
}

GuicheConversation *
guiche_conversation_store_load (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GuicheConversation) self = NULL;
  GuicheStatement *row = guiche_tx_prepare (tx, CONVERSATION_COLUMNS "WHERE c.id = $1", error);

  if (row == NULL)
    return NULL;
  guiche_statement_bind_id (row, 1, id);
  if (guiche_statement_next (row, error))
    self = conversation_from_row (row);
  guiche_statement_reset (row);
  if (self == NULL)
    return NULL;
  if (self->record.kind != GUICHE_CONVERSATION_CUSTOMER &&
      !guiche_conversation_store_load_members (tx, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
bind_time (GuicheStatement *statement, int position, gint64 at_us)
{
  if (at_us == 0)
    guiche_statement_bind_null (statement, position);
  else
    guiche_statement_bind_int (statement, position, at_us);
}

static void
bind_changing (GuicheStatement *statement, const GuicheConversation *self)
{
  const GuicheConversationRecord *record = &self->record;

  guiche_statement_bind_text (statement, 2, record->title);
  guiche_statement_bind_text (statement, 3, record->queue);
  guiche_statement_bind_int (statement, 4, record->priority);
  guiche_statement_bind_text (statement, 5, guiche_conversation_state_name (record->state));
  guiche_statement_bind_id (statement, 6, &record->assignee_id);
  bind_time (statement, 7, self->queued_at);
  bind_time (statement, 8, record->waiting_since);
  bind_time (statement, 9, record->opened_at);
  bind_time (statement, 10, record->snoozed_until);
  bind_time (statement, 11, record->closed_at);
  guiche_statement_bind_text (statement, 12, record->close_reason);
  guiche_statement_bind_int (statement, 13, record->updated_at);
}

gboolean
guiche_conversation_store_insert (GuicheTx *tx,
                                  GuicheConversation *self,
                                  GBytes *pair,
                                  GError **error)
{
  const GuicheConversationRecord *record = &self->record;
  GuicheStatement *insert = guiche_tx_prepare (
      tx,
      "INSERT INTO conversations (number, id, title, queue, priority, state, assignee_id, "
      "queued_at, waiting_since, opened_at, snoozed_until, closed_at, close_reason, updated_at, "
      "created_at, kind, channel, customer_id, pair) "
      "VALUES ((SELECT COALESCE (MAX (number), 0) + 1 FROM conversations), $1, $2, $3, $4, $5, $6, "
      "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING number",
      error);

  if (insert == NULL)
    return FALSE;
  guiche_statement_bind_id (insert, 1, &record->id);
  bind_changing (insert, self);
  guiche_statement_bind_int (insert, 14, record->created_at);
  guiche_statement_bind_text (insert, 15, guiche_conversation_kind_name (record->kind));
  guiche_statement_bind_text (insert, 16, record->channel);
  guiche_statement_bind_id (insert, 17, &record->customer_id);
  if (pair == NULL)
    guiche_statement_bind_null (insert, 18);
  else
    guiche_statement_bind_bytes (insert, 18, g_bytes_get_data (pair, NULL),
                                 g_bytes_get_size (pair));
  if (!guiche_statement_next (insert, error))
    return FALSE;
  self->number = guiche_statement_int (insert, 0);
  guiche_statement_reset (insert);
  return TRUE;
}

gboolean
guiche_conversation_store_update (GuicheTx *tx, const GuicheConversation *self, GError **error)
{
  const GuicheConversationRecord *record = &self->record;
  GuicheStatement *update = guiche_tx_prepare (
      tx,
      "UPDATE conversations SET title = $2, queue = $3, priority = $4, state = $5, assignee_id = "
      "$6, "
      "queued_at = $7, waiting_since = $8, opened_at = $9, snoozed_until = $10, closed_at = $11, "
      "close_reason = $12, updated_at = $13, customer_read_seq = $14, agent_read_seq = $15, "
      "customer_delivered_seq = $16, agent_delivered_seq = $17 WHERE number = $1",
      error);

  if (update == NULL)
    return FALSE;
  guiche_statement_bind_int (update, 1, self->number);
  bind_changing (update, self);
  guiche_statement_bind_int (update, 14, record->customer_read_seq);
  guiche_statement_bind_int (update, 15, record->agent_read_seq);
  guiche_statement_bind_int (update, 16, record->customer_delivered_seq);
  guiche_statement_bind_int (update, 17, record->agent_delivered_seq);
  return guiche_statement_run (update, NULL, error);
}

gboolean
guiche_conversation_store_load_preview (GuicheTx *tx, GuicheConversation *self, GError **error)
{
  GuichePreviewRecord *preview = &self->record.last_message;
  g_autoptr (GError) failure = NULL;
  GuicheStatement *row =
      guiche_tx_prepare (tx,
                         "SELECT seq, sender_kind, sender_name, kind, body, at FROM messages "
                         "WHERE conversation = $1 AND seq = $2",
                         error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_int (row, 1, self->number);
  guiche_statement_bind_int (row, 2, self->record.last_seq);
  guiche_preview_record_clear (preview);
  if (guiche_statement_next (row, &failure)) {
    const char *body = guiche_statement_text (row, 4);

    preview->seq = guiche_statement_int (row, 0);
    preview->sender_kind = (GuicheSenderKind) guiche_statement_int (row, 1);
    preview->sender_name = g_strdup (guiche_statement_text (row, 2));
    preview->kind = (GuicheMessageKind) guiche_statement_int (row, 3);
    preview->body = g_strndup (body, guiche_preview_length (body, GUICHE_PREVIEW_CHARACTERS));
    preview->at = guiche_statement_int (row, 5);
  }
  guiche_statement_reset (row);
  self->is_preview_old = FALSE;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The id in the only row of @row, or none. */
static gboolean
read_id (GuicheStatement *row, GuicheId *out_id, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *out_id = GUICHE_ID_NONE;
  if (guiche_statement_next (row, &failure))
    *out_id = guiche_statement_id (row, 0);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
guiche_conversation_store_find_active (GuicheTx *tx,
                                       const GuicheId *customer_id,
                                       const char *channel,
                                       GuicheId *out_id,
                                       GError **error)
{
  GuicheStatement *row =
      guiche_tx_prepare (tx,
                         "SELECT id FROM conversations WHERE customer_id = $1 AND channel = $2 "
                         "AND kind = 'customer' AND state <> 'closed'",
                         error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_id (row, 1, customer_id);
  guiche_statement_bind_text (row, 2, channel);
  return read_id (row, out_id, error);
}

gboolean
guiche_conversation_store_find_pair (GuicheTx *tx, GBytes *pair, GuicheId *out_id, GError **error)
{
  GuicheStatement *row =
      guiche_tx_prepare (tx, "SELECT id FROM conversations WHERE pair = $1", error);

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_bytes (row, 1, g_bytes_get_data (pair, NULL), g_bytes_get_size (pair));
  return read_id (row, out_id, error);
}

gint64
guiche_conversation_store_count_before (GuicheTx *tx,
                                        const GuicheConversation *self,
                                        GError **error)
{
  gint64 count = -1;
  GuicheStatement *row =
      guiche_tx_prepare (tx,
                         "SELECT count(*) FROM conversations WHERE kind = "
                         "'customer' AND state = 'waiting' AND state <> 'closed' AND queue = $1 "
                         "AND (priority < $2 OR (priority = $2 AND (queued_at < "
                         "$3 OR (queued_at = $3 AND number < $4))))",
                         error);

  if (row == NULL)
    return -1;
  guiche_statement_bind_text (row, 1, self->record.queue);
  guiche_statement_bind_int (row, 2, self->record.priority);
  guiche_statement_bind_int (row, 3, self->queued_at);
  guiche_statement_bind_int (row, 4, self->number);
  if (guiche_statement_next (row, error))
    count = guiche_statement_int (row, 0);
  guiche_statement_reset (row);
  return count;
}

/* All ids in the first column. */
static GArray *
read_ids (GuicheStatement *rows, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_autoptr (GError) failure = NULL;

  while (guiche_statement_next (rows, &failure)) {
    GuicheId id = guiche_statement_id (rows, 0);

    g_array_append_val (ids, id);
  }
  if (failure == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

GArray *
guiche_conversation_store_list_of_customer (GuicheTx *tx,
                                            const GuicheId *customer_id,
                                            GError **error)
{
  GuicheStatement *rows = guiche_tx_prepare (
      tx, "SELECT id FROM conversations WHERE customer_id = $1 ORDER BY number", error);

  if (rows == NULL)
    return NULL;
  guiche_statement_bind_id (rows, 1, customer_id);
  return read_ids (rows, error);
}

gboolean
guiche_conversation_store_load_members (GuicheTx *tx, GuicheConversation *self, GError **error)
{
  g_autoptr (GArray) ids = NULL;
  GuicheStatement *rows = guiche_tx_prepare (
      tx, "SELECT user_id FROM conversation_members WHERE conversation_id = $1 ORDER BY user_id",
      error);

  if (rows == NULL)
    return FALSE;
  guiche_statement_bind_id (rows, 1, &self->record.id);
  ids = read_ids (rows, error);
  if (ids == NULL)
    return FALSE;
  g_free (self->record.members);
  self->record.members = (GuicheId *) g_array_steal (ids, &self->record.n_members);
  return TRUE;
}

static gboolean
change_member (GuicheStatement *statement,
               const GuicheId *id,
               const GuicheId *user_id,
               gboolean *out_changed,
               GError **error)
{
  gint64 changes = 0;

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, id);
  guiche_statement_bind_id (statement, 2, user_id);
  if (!guiche_statement_run (statement, &changes, error))
    return FALSE;
  *out_changed = changes > 0;
  return TRUE;
}

gboolean
guiche_conversation_store_add_member (GuicheTx *tx,
                                      const GuicheId *id,
                                      const GuicheId *user_id,
                                      gboolean *out_is_new,
                                      GError **error)
{
  return change_member (
      guiche_tx_prepare (
          tx,
          "INSERT INTO conversation_members (conversation_id, user_id) VALUES ($1, $2) "
          "ON CONFLICT (conversation_id, user_id) DO NOTHING",
          error),
      id, user_id, out_is_new, error);
}

gboolean
guiche_conversation_store_remove_member (GuicheTx *tx,
                                         const GuicheId *id,
                                         const GuicheId *user_id,
                                         gboolean *out_was_there,
                                         GError **error)
{
  return change_member (
      guiche_tx_prepare (
          tx, "DELETE FROM conversation_members WHERE conversation_id = $1 AND user_id = $2",
          error),
      id, user_id, out_was_there, error);
}
