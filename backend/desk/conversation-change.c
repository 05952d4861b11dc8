/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-change.h"

#include "base/error.h"
#include "desk/conversation-store.h"
#include "desk/customer.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "desk/personal.h"
#include "protocol/change.h"

void
guiche_conversation_change_begin (GuicheConversationChange *self,
                                  GuicheConversation *conversation,
                                  const char *action)
{
  self->conversation = conversation;
  self->action = action;
  self->old_audience = g_strdup (conversation->audience);
  self->old_queue = g_strdup (conversation->record.queue);
  self->old_assignee = conversation->record.assignee_id;
  self->was_closed = conversation->record.state == GUICHE_CONVERSATION_CLOSED;
}

void
guiche_conversation_change_clear (GuicheConversationChange *self)
{
  g_free (self->old_audience);
  g_free (self->old_queue);
  *self = (GuicheConversationChange){ 0 };
}

void
guiche_conversation_leave_state (GuicheConversation *conversation)
{
  GuicheConversationRecord *record = &conversation->record;

  conversation->queued_at = 0;
  record->snoozed_until = 0;
  record->closed_at = 0;
  g_clear_pointer (&record->close_reason, g_free);
}

void
guiche_conversation_open_again (GuicheConversation *conversation)
{
  guiche_conversation_leave_state (conversation);
  conversation->record.state = GUICHE_CONVERSATION_OPEN;
}

void
guiche_conversation_give_to (GuicheTx *tx,
                             GuicheConversation *conversation,
                             const GuicheId *user_id)
{
  GuicheConversationRecord *record = &conversation->record;

  guiche_conversation_open_again (conversation);
  record->assignee_id = *user_id;
  if (record->opened_at == 0)
    record->opened_at = guiche_tx_now_us (tx);
}

void
guiche_conversation_put_back (GuicheTx *tx, GuicheConversation *conversation)
{
  guiche_conversation_leave_state (conversation);
  conversation->record.state = GUICHE_CONVERSATION_WAITING;
  conversation->record.assignee_id = GUICHE_ID_NONE;
  conversation->queued_at = guiche_tx_now_us (tx);
}

gboolean
guiche_conversation_check_only_active (GuicheTx *tx,
                                       const GuicheConversation *conversation,
                                       GError **error)
{
  const GuicheConversationRecord *record = &conversation->record;
  g_autofree char *text = NULL;
  GuicheId active;
  GError *refusal;

  if (record->state != GUICHE_CONVERSATION_CLOSED)
    return TRUE;
  if (!guiche_conversation_store_find_active (tx, &record->customer_id, record->channel, &active,
                                              error))
    return FALSE;
  if (guiche_id_is_none (&active))
    return TRUE;
  refusal = g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                                 "reopen: the customer has a newer conversation on this channel");
  text = guiche_id_dup_string (&active);
  guiche_error_set_detail (refusal, "conversation_id", text);
  g_propagate_error (error, refusal);
  return FALSE;
}

/* Somebody who saw it may see it no longer: the old queue's people or the old assignee. */
static gboolean
emit_moved (GuicheTx *tx, const GuicheConversationChange *self, GError **error)
{
  const GuicheConversationRecord *record = &self->conversation->record;
  g_autoptr (GuicheJsonWriter) writer = NULL;
  GuicheMovedRecord moved = { record->id, self->old_queue, record->queue, record->assignee_id };
  gboolean is_from_queue =
      self->old_queue != NULL && g_strcmp0 (self->old_queue, record->queue) != 0;
  gboolean is_from_user = !guiche_id_is_none (&self->old_assignee) &&
                          !guiche_id_equal (&self->old_assignee, &record->assignee_id);

  if (!is_from_queue && !is_from_user)
    return TRUE;
  writer = guiche_json_writer_new ();
  guiche_moved_record_to_json (&moved, writer);
  return guiche_desk_emit (tx, "conversation.moved", self->old_audience, &record->id, writer,
                           error);
}

/* Who sees the conversation newly may not know its customer. */
static gboolean
announce_customer (GuicheTx *tx, const GuicheConversationChange *self, GError **error)
{
  GuicheConversation *conversation = self->conversation;
  g_auto (GuicheCustomerRecord) customer = { 0 };

  if (g_str_equal (self->old_audience, conversation->audience) &&
      !g_str_equal (self->action, "reopen"))
    return TRUE;
  return guiche_customer_load (tx, &conversation->record.customer_id, &customer, error) &&
         guiche_customer_announce (tx, &customer, "customer.updated", conversation->audience,
                                   error);
}

static gboolean
audit (GuicheTx *tx, const GuicheConversationChange *self, GError **error)
{
  const GuicheConversationRecord *record = &self->conversation->record;
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autofree char *action = g_strconcat ("conversation.", self->action, NULL);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "state",
                                    guiche_conversation_state_name (record->state));
  guiche_json_writer_member_string (writer, "queue", record->queue);
  guiche_json_writer_member_id (writer, "assignee_id", &record->assignee_id);
  guiche_json_writer_member_id (writer, "from_assignee_id", &self->old_assignee);
  if (record->snoozed_until != 0)
    guiche_json_writer_member_int (writer, "until", record->snoozed_until);
  if (record->close_reason != NULL)
    guiche_json_writer_member_string (writer, "reason", record->close_reason);
  guiche_json_writer_end_object (writer);
  return guiche_tx_audit (tx, action, &record->id, guiche_json_writer_peek (writer, NULL), error);
}

gboolean
guiche_conversation_change_finish (GuicheTx *tx,
                                   GuicheConversationChange *self,
                                   const GuicheSender *sender,
                                   const char *line,
                                   GError **error)
{
  return emit_moved (tx, self, error) &&
         guiche_conversation_announce (tx, self->conversation, "conversation.updated", error) &&
         announce_customer (tx, self, error) &&
         (!self->was_closed ||
          guiche_read_marks_announce (tx, &self->conversation->record.id, error)) &&
         audit (tx, self, error) &&
         (line == NULL || guiche_message_post_line (tx, self->conversation, sender, line, error));
}
