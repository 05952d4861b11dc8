/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/message.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/channel-kind.h"
#include "desk/conversation-action.h"
#include "desk/emit.h"
#include "desk/message-parts.h"
#include "desk/message-store.h"

#include <string.h>

/* Where the message begins in the data of `message.created`. */
#define MESSAGE_OFFSET (sizeof "{\"message\":" - 1)

static const char writer_key;

static gboolean
is_blank (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0';
}

static gboolean
check_kind (const GuicheConversation *conversation,
            const GuicheSender *sender,
            const GuicheMessageRequest *request,
            GError **error)
{
  if (request->kind == GUICHE_MESSAGE_SYSTEM)
    return guiche_desk_refuse_field (error, "kind", "is written by the system only");
  if (request->kind != GUICHE_MESSAGE_NOTE)
    return TRUE;
  if (sender->kind == GUICHE_SENDER_CUSTOMER)
    return guiche_desk_refuse_field (error, "kind", "is for colleagues only");
  return conversation->record.kind == GUICHE_CONVERSATION_CUSTOMER ||
         guiche_desk_refuse_field (error, "kind", "is for conversations with customers only");
}

static gboolean
check_content (const GuicheMessageRequest *request, GError **error)
{
  gsize length = strlen (request->body);
  gboolean needs_file = request->kind == GUICHE_MESSAGE_FILE ||
                        request->kind == GUICHE_MESSAGE_IMAGE ||
                        request->kind == GUICHE_MESSAGE_VOICE;

  if (guiche_id_is_none (&request->client_id))
    return guiche_desk_refuse_field (error, "client_id", "is missing");
  if (length > GUICHE_MESSAGE_CHARACTERS_MAX &&
      g_utf8_strlen (request->body, (gssize) length) > GUICHE_MESSAGE_CHARACTERS_MAX)
    return guiche_desk_refuse_field (error, "body", "has more than 10,000 characters");
  if (request->n_attachments > GUICHE_MESSAGE_ATTACHMENTS_MAX)
    return guiche_desk_refuse_field (error, "attachments", "are more than ten");
  if (needs_file && request->n_attachments == 0)
    return guiche_desk_refuse_field (error, "attachments", "are missing");
  return request->n_attachments > 0 || !is_blank (request->body) ||
         guiche_desk_refuse_field (error, "body", "is empty");
}

static gboolean
is_answer (const GuicheMessageRecord *record)
{
  return record->sender_kind == GUICHE_SENDER_AGENT && record->kind != GUICHE_MESSAGE_NOTE &&
         record->kind != GUICHE_MESSAGE_SYSTEM;
}

/* The rare case: the state must change before the message can stand. */
static gboolean
change_state (GuicheTx *tx,
              GuicheConversation *conversation,
              const GuicheSender *sender,
              GError **error)
{
  if (sender->kind == GUICHE_SENDER_CUSTOMER)
    return guiche_conversation_wake_for_customer (tx, conversation, sender, error);
  if (conversation->record.state != GUICHE_CONVERSATION_CLOSED)
    return guiche_conversation_wake_for_agent (tx, conversation, sender, error);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONVERSATION_CLOSED,
                       "sending a message: the conversation is closed");
  return FALSE;
}

static gboolean
wants_state_change (const GuicheConversation *conversation,
                    const GuicheSender *sender,
                    const GuicheMessageRequest *request)
{
  GuicheConversationState state = conversation->record.state;

  if (state == GUICHE_CONVERSATION_OPEN || sender->kind == GUICHE_SENDER_SYSTEM ||
      request->kind == GUICHE_MESSAGE_NOTE)
    return FALSE;
  return sender->kind == GUICHE_SENDER_AGENT || state != GUICHE_CONVERSATION_WAITING;
}

/* waiting_since is the time of the oldest customer message that nobody answered. */
static gboolean
update_waiting (GuicheTx *tx,
                GuicheConversation *conversation,
                const GuicheMessageRecord *record,
                GError **error)
{
  gint64 *waiting_since = &conversation->record.waiting_since;

  if (record->sender_kind == GUICHE_SENDER_CUSTOMER && record->kind != GUICHE_MESSAGE_SYSTEM &&
      *waiting_since == 0)
    *waiting_since = record->at;
  else if (is_answer (record) && *waiting_since != 0)
    *waiting_since = 0;
  else
    return TRUE;
  return guiche_message_store_set_waiting_since (tx, conversation, error);
}

static GuicheJsonWriter *
get_writer (GuicheTx *tx)
{
  GuicheJsonWriter *writer = guiche_tx_get_cache (tx, &writer_key);

  if (writer == NULL) {
    writer = guiche_json_writer_new ();
    guiche_tx_set_cache (tx, &writer_key, writer, (GDestroyNotify) guiche_json_writer_free);
  }
  guiche_json_writer_reset (writer);
  return writer;
}

/* Writes event and reply at once: the reply is the part of the event that is the message. */
static gboolean
emit_created (GuicheTx *tx,
              const GuicheConversation *conversation,
              const GuicheMessageRecord *record,
              GuicheMessageResult *out,
              GError **error)
{
  GuicheJsonWriter *writer = get_writer (tx);
  const char *audience =
      record->kind == GUICHE_MESSAGE_NOTE ? conversation->audience : conversation->public_audience;
  gsize end = 0, length = 0;
  const char *data;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "message");
  guiche_message_record_to_json (record, writer);
  guiche_json_writer_peek (writer, &end);
  guiche_json_writer_name (writer, "conversation");
  guiche_conversation_record_patch_to_json (&conversation->record, writer);
  guiche_json_writer_end_object (writer);
  data = guiche_json_writer_peek (writer, &length);
  *out = (GuicheMessageResult){ record->id, record->seq, FALSE, data + MESSAGE_OFFSET,
                                end - MESSAGE_OFFSET };
  return guiche_tx_emit (tx, "message.created", audience, &record->conversation_id, data, length,
                         error);
}

static gboolean
enqueue_delivery (GuicheTx *tx,
                  const GuicheConversation *conversation,
                  const GuicheMessageRecord *record,
                  GError **error)
{
  const GuicheChannelKind *channel = guiche_channel_kind_find (conversation->record.channel);
  g_autoptr (GuicheJsonWriter) writer = NULL;
  char key[GUICHE_ID_STRING_LENGTH + 1];

  if (channel == NULL || !channel->needs_job || !is_answer (record))
    return TRUE;
  writer = guiche_json_writer_new ();
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &record->conversation_id);
  guiche_json_writer_member_id (writer, "message_id", &record->id);
  guiche_json_writer_member_int (writer, "seq", record->seq);
  guiche_json_writer_member_string (writer, "channel", channel->name);
  guiche_json_writer_end_object (writer);
  guiche_id_to_string (&record->id, key);
  return guiche_tx_enqueue (tx, GUICHE_JOB_CHANNEL_SEND, key, 0,
                            guiche_json_writer_peek (writer, NULL), error);
}

/* --- sending
 * -------------------------------------------------------------------------------------- */

gint64
guiche_message_id_get_seq (const GuicheId *id)
{
  return (gint64) id->bytes[12] << 24 | id->bytes[13] << 16 | id->bytes[14] << 8 | id->bytes[15];
}

static GuicheId
new_message_id (GuicheTx *tx, gint64 seq)
{
  GuicheId id = guiche_tx_new_id (tx);

  for (int i = 0; i < 4; i++)
    id.bytes[12 + i] = (guint8) (seq >> (24 - 8 * i));
  return id;
}

/* What every new message has; its strings are borrowed from @sender and the request. */
static void
begin_record (GuicheTx *tx,
              const GuicheConversation *conversation,
              const GuicheSender *sender,
              GuicheMessageRecord *record)
{
  record->conversation_id = conversation->record.id;
  record->seq = conversation->record.last_seq + 1;
  record->id = new_message_id (tx, record->seq);
  record->sender_kind = sender->kind;
  record->sender_id = sender->id;
  record->sender_name = sender->name;
  record->at = MAX (guiche_tx_now_us (tx), conversation->last_at);
  record->state = GUICHE_DELIVERY_SENT;
}

/* The row is in: the conversation and whoever must know follow. */
static gboolean
complete (GuicheTx *tx,
          GuicheConversation *conversation,
          const GuicheMessageRecord *record,
          GuicheMessageResult *out,
          GError **error)
{
  if (record->n_attachments > 0 &&
      !guiche_message_store_insert_files (tx, conversation, record, error))
    return FALSE;
  conversation->record.last_seq = record->seq;
  conversation->record.updated_at = MAX (conversation->record.updated_at, record->at);
  conversation->last_at = record->at;
  conversation->is_preview_old = TRUE;
  return update_waiting (tx, conversation, record, error) &&
         enqueue_delivery (tx, conversation, record, error) &&
         emit_created (tx, conversation, record, out, error);
}

/* Answers a client_id that was here before. *@out_found FALSE: it was not. */
static gboolean
answer_repeat (GuicheTx *tx,
               const GuicheConversation *conversation,
               const GuicheSender *sender,
               const GuicheMessageRequest *request,
               GuicheMessageResult *out,
               gboolean *out_found,
               GError **error)
{
  g_auto (GuicheMessageRecord) record = { 0 };
  GuicheJsonWriter *writer;
  gint64 number = 0, seq = 0;

  if (!guiche_message_store_find_repeat (tx, &sender->id, &request->client_id, out_found, &number,
                                         &seq, error))
    return FALSE;
  if (!*out_found)
    return TRUE;
  if (number != conversation->number) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                         "sending a message: this client_id was used in another conversation");
    return FALSE;
  }
  if (!guiche_message_store_load (tx, conversation, seq, &record, out_found, error))
    return FALSE;
  writer = get_writer (tx);
  guiche_message_record_to_json (&record, writer);
  *out = (GuicheMessageResult){ record.id, record.seq, TRUE, NULL, 0 };
  out->json = guiche_json_writer_peek (writer, &out->json_length);
  return TRUE;
}

/* Owned are only what message-parts.c put in. */
static void
clear_parts (GuicheMessageRecord *record)
{
  record->sender_name = NULL;
  record->body = NULL;
  guiche_message_record_clear (record);
}

static gboolean
insert (GuicheTx *tx,
        GuicheConversation *conversation,
        const GuicheSender *sender,
        const GuicheMessageRequest *request,
        GuicheMessageRecord *record,
        GuicheMessageResult *out,
        GError **error)
{
  gboolean is_new = FALSE, is_found = FALSE;

  begin_record (tx, conversation, sender, record);
  record->client_id = request->client_id;
  record->kind = request->kind;
  if (!guiche_message_parts_resolve (tx, conversation, sender, request, record, error))
    return FALSE;
  guiche_tx_expect_success (tx);
  if (!guiche_message_store_insert (tx, conversation, record, &is_new, error))
    return FALSE;
  if (is_new)
    return complete (tx, conversation, record, out, error);
  return answer_repeat (tx, conversation, sender, request, out, &is_found, error);
}

gboolean
guiche_message_post (GuicheTx *tx,
                     GuicheConversation *conversation,
                     const GuicheSender *sender,
                     const GuicheMessageRequest *request,
                     GuicheMessageResult *out,
                     GError **error)
{
  GuicheMessageRecord record = { 0 };
  g_autofree char *body = NULL;
  gboolean is_repeat = FALSE, is_done;

  if (!check_kind (conversation, sender, request, error) || !check_content (request, error))
    return FALSE;
  if (wants_state_change (conversation, sender, request)) {
    if (!answer_repeat (tx, conversation, sender, request, out, &is_repeat, error))
      return FALSE;
    if (is_repeat)
      return TRUE;
    if (!change_state (tx, conversation, sender, error))
      return FALSE;
  }
  record.body = body = guiche_text_body (request->body);
  is_done = insert (tx, conversation, sender, request, &record, out, error);
  clear_parts (&record);
  return is_done;
}

gboolean
guiche_message_find_repeat (GuicheTx *tx,
                            const GuicheId *conversation_id,
                            const GuicheMessageRequest *request,
                            GuicheMessageResult *out)
{
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load (tx, conversation_id, NULL);
  g_auto (GuicheSender) sender = { 0 };
  gboolean is_repeat = FALSE;

  return conversation != NULL && !guiche_id_is_none (&request->client_id) &&
         guiche_sender_from_actor (tx, conversation->record.title, &sender, NULL) &&
         answer_repeat (tx, conversation, &sender, request, out, &is_repeat, NULL) && is_repeat;
}

gboolean
guiche_message_send (GuicheTx *tx,
                     const GuicheId *conversation_id,
                     const GuicheMessageRequest *request,
                     GuicheMessageResult *out,
                     GError **error)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, conversation_id, &refusal);
  g_auto (GuicheSender) sender = { 0 };

  if (conversation != NULL)
    return guiche_sender_from_actor (tx, conversation->record.title, &sender, error) &&
           guiche_message_post (tx, conversation, &sender, request, out, error);
  if (g_error_matches (refusal, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND) &&
      guiche_message_find_repeat (tx, conversation_id, request, out))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

gboolean
guiche_message_post_line (GuicheTx *tx,
                          GuicheConversation *conversation,
                          const GuicheSender *sender,
                          const char *code,
                          GError **error)
{
  g_auto (GuicheSender) actor = { 0 };
  GuicheMessageRecord record = { 0 };
  GuicheMessageResult result;
  gboolean is_new = FALSE;

  if (sender == NULL) {
    if (!guiche_sender_from_actor (tx, conversation->record.title, &actor, error))
      return FALSE;
    sender = &actor;
  }
  begin_record (tx, conversation, sender, &record);
  record.kind = GUICHE_MESSAGE_SYSTEM;
  record.body = (char *) code;
  return guiche_message_store_insert (tx, conversation, &record, &is_new, error) &&
         complete (tx, conversation, &record, &result, error);
}
