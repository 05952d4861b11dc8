/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/conversation-action.h"

#include "base/error.h"
#include "base/text.h"
#include "desk/conversation-change.h"
#include "desk/conversation-store.h"
#include "desk/emit.h"
#include "desk/message.h"
#include "desk/queue.h"

#define SNOOZE_MAX_US (366 * G_TIME_SPAN_DAY)
#define REASON_CHARACTERS_MAX 100

/* The conversation, when the actor may see it and the action is legal now. */
static GuicheConversation *
begin (GuicheTx *tx, const GuicheId *id, GuicheAction action, GError **error)
{
  g_autoptr (GuicheConversation) self = guiche_conversation_load_visible (tx, id, error);

  return self != NULL && guiche_action_check (action, self, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
refuse_assigned (const GuicheConversation *self, GError **error)
{
  g_autofree char *assignee = guiche_id_dup_string (&self->record.assignee_id);
  GError *refusal = g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_ALREADY_ASSIGNED,
                                         "accept: somebody else has the conversation");

  guiche_error_set_detail (refusal, "assignee_id", assignee);
  g_propagate_error (error, refusal);
  return FALSE;
}

static gboolean
is_taken (const GuicheConversation *self)
{
  return self->record.kind == GUICHE_CONVERSATION_CUSTOMER &&
         self->record.state != GUICHE_CONVERSATION_WAITING &&
         self->record.state != GUICHE_CONVERSATION_CLOSED &&
         !guiche_id_is_none (&self->record.assignee_id);
}

GuicheConversation *
guiche_conversation_accept (GuicheTx *tx, const GuicheId *id, GError **error)
{
  const GuicheId *actor = &guiche_tx_actor (tx)->id;
  g_autoptr (GuicheConversation) self = guiche_conversation_load_visible (tx, id, error);
  g_auto (GuicheConversationChange) change = { 0 };

  if (self == NULL)
    return NULL;
  if (is_taken (self) && guiche_id_equal (&self->record.assignee_id, actor))
    return g_steal_pointer (&self);
  if (is_taken (self) && !refuse_assigned (self, error))
    return NULL;
  if (!guiche_action_check (GUICHE_ACTION_ACCEPT, self, error))
    return NULL;
  guiche_conversation_change_begin (&change, self, "accept");
  guiche_conversation_give_to (tx, self, actor);
  if (!guiche_conversation_change_finish (tx, &change, NULL, "accepted", error) ||
      !guiche_conversation_raise_delivery (tx, self, GUICHE_SENDER_AGENT, GUICHE_DELIVERY_DELIVERED,
                                           self->record.last_seq, error))
    return NULL;
  return g_steal_pointer (&self);
}

GuicheConversation *
guiche_conversation_assign (GuicheTx *tx,
                            const GuicheId *id,
                            const GuicheId *user_id,
                            GError **error)
{
  g_autoptr (GuicheConversation) self = begin (tx, id, GUICHE_ACTION_ASSIGN, error);
  g_auto (GuicheConversationChange) change = { 0 };
  g_autofree char *name = NULL;
  g_autofree char *line = NULL;

  if (self == NULL || !guiche_sender_check_user (tx, user_id, error))
    return NULL;
  if (guiche_id_equal (&self->record.assignee_id, user_id) &&
      self->record.state != GUICHE_CONVERSATION_WAITING)
    return g_steal_pointer (&self);
  name = guiche_sender_dup_user_name (tx, user_id, error);
  if (name == NULL)
    return NULL;
  line = g_strconcat ("assigned:", name, NULL);
  guiche_conversation_change_begin (&change, self, "assign");
  guiche_conversation_give_to (tx, self, user_id);
  if (!guiche_conversation_change_finish (tx, &change, NULL, line, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
leave_note (GuicheTx *tx, GuicheConversation *self, const char *note, GError **error)
{
  g_auto (GuicheSender) sender = { 0 };
  GuicheMessageRequest request = { .kind = GUICHE_MESSAGE_NOTE, .body = note };
  GuicheMessageResult result;

  if (note == NULL || *note == '\0')
    return TRUE;
  request.client_id = guiche_tx_new_id (tx);
  return guiche_sender_from_actor (tx, NULL, &sender, error) &&
         guiche_message_post (tx, self, &sender, &request, &result, error);
}

static gboolean
check_target (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  return guiche_id_is_none (user_id) || guiche_sender_check_user (tx, user_id, error);
}

GuicheConversation *
guiche_conversation_transfer (GuicheTx *tx,
                              const GuicheId *id,
                              const char *queue,
                              const GuicheId *user_id,
                              const char *note,
                              GError **error)
{
  g_autoptr (GuicheConversation) self = begin (tx, id, GUICHE_ACTION_TRANSFER, error);
  g_auto (GuicheConversationChange) change = { 0 };
  g_autofree char *line = g_strconcat ("transferred:", queue, NULL);
  gint64 priority = 0;

  if (self == NULL || !guiche_queue_find_priority (tx, queue, &priority, error) ||
      !check_target (tx, user_id, error))
    return NULL;
  guiche_conversation_change_begin (&change, self, "transfer");
  g_free (self->record.queue);
  self->record.queue = g_strdup (queue);
  self->record.priority = priority;
  if (guiche_id_is_none (user_id))
    guiche_conversation_put_back (tx, self);
  else
    guiche_conversation_give_to (tx, self, user_id);
  if (!guiche_conversation_change_finish (tx, &change, NULL, line, error) ||
      !leave_note (tx, self, note, error))
    return NULL;
  return g_steal_pointer (&self);
}

GuicheConversation *
guiche_conversation_set_pending (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GuicheConversation) self = begin (tx, id, GUICHE_ACTION_PENDING, error);
  g_auto (GuicheConversationChange) change = { 0 };

  if (self == NULL)
    return NULL;
  guiche_conversation_change_begin (&change, self, "pending");
  self->record.state = GUICHE_CONVERSATION_PENDING;
  if (!guiche_conversation_change_finish (tx, &change, NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
enqueue_wake (GuicheTx *tx, const GuicheConversation *self, GError **error)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  g_autofree char *id = guiche_id_dup_string (&self->record.id);
  g_autofree char *key = g_strdup_printf ("%s:%" G_GINT64_FORMAT, id, self->record.snoozed_until);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &self->record.id);
  guiche_json_writer_member_int (writer, "until", self->record.snoozed_until);
  guiche_json_writer_end_object (writer);
  return guiche_tx_enqueue (tx, GUICHE_JOB_CONVERSATION_WAKE, key, self->record.snoozed_until,
                            guiche_json_writer_peek (writer, NULL), error);
}

GuicheConversation *
guiche_conversation_snooze (GuicheTx *tx, const GuicheId *id, gint64 until_us, GError **error)
{
  g_autoptr (GuicheConversation) self = begin (tx, id, GUICHE_ACTION_SNOOZE, error);
  g_auto (GuicheConversationChange) change = { 0 };
  gint64 now = guiche_tx_now_us (tx);

  if (self == NULL)
    return NULL;
  if (until_us <= now || until_us > now + SNOOZE_MAX_US) {
    guiche_desk_refuse_field (error, "until", "is not in the future and within a year");
    return NULL;
  }
  guiche_conversation_change_begin (&change, self, "snooze");
  self->record.state = GUICHE_CONVERSATION_SNOOZED;
  self->record.snoozed_until = until_us;
  if (!enqueue_wake (tx, self, error) ||
      !guiche_conversation_change_finish (tx, &change, NULL, "snoozed", error))
    return NULL;
  return g_steal_pointer (&self);
}

GuicheConversation *
guiche_conversation_close (GuicheTx *tx, const GuicheId *id, const char *reason, GError **error)
{
  g_autoptr (GuicheConversation) self = begin (tx, id, GUICHE_ACTION_CLOSE, error);
  g_auto (GuicheConversationChange) change = { 0 };
  g_autofree char *clean = guiche_text_one_line (reason, REASON_CHARACTERS_MAX);
  g_autofree char *line = g_strconcat ("closed:", clean, NULL);

  if (self == NULL)
    return NULL;
  if (*clean == '\0') {
    guiche_desk_refuse_field (error, "reason", "is empty");
    return NULL;
  }
  guiche_conversation_change_begin (&change, self, "close");
  guiche_conversation_leave_state (self);
  self->record.state = GUICHE_CONVERSATION_CLOSED;
  self->record.closed_at = guiche_tx_now_us (tx);
  self->record.close_reason = g_steal_pointer (&clean);
  self->record.waiting_since = 0;
  if (!guiche_conversation_change_finish (tx, &change, NULL, line, error))
    return NULL;
  return g_steal_pointer (&self);
}

GuicheConversation *
guiche_conversation_reopen (GuicheTx *tx, const GuicheId *id, GError **error)
{
  g_autoptr (GuicheConversation) self = begin (tx, id, GUICHE_ACTION_REOPEN, error);
  g_auto (GuicheConversationChange) change = { 0 };

  if (self == NULL || !guiche_conversation_check_only_active (tx, self, error))
    return NULL;
  guiche_conversation_change_begin (&change, self, "reopen");
  if (self->record.state == GUICHE_CONVERSATION_CLOSED ||
      guiche_id_is_none (&self->record.assignee_id))
    guiche_conversation_give_to (tx, self, &guiche_tx_actor (tx)->id);
  else
    guiche_conversation_open_again (self);
  if (!guiche_conversation_change_finish (tx, &change, NULL, "reopened", error))
    return NULL;
  return g_steal_pointer (&self);
}
