/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/conversation.h"

#include "protocol/fields.h"

static const char *const kinds[] = { "customer", "channel", "direct" };
static const char *const states[] = { "waiting", "open", "pending", "snoozed", "closed" };

const char *
guiche_conversation_kind_name (GuicheConversationKind kind)
{
  return kinds[kind];
}

gboolean
guiche_conversation_kind_parse (const char *name, GuicheConversationKind *out_kind)
{
  int index = 0;

  if (!guiche_fields_find_name (kinds, G_N_ELEMENTS (kinds), name, &index))
    return FALSE;
  *out_kind = (GuicheConversationKind) index;
  return TRUE;
}

const char *
guiche_conversation_state_name (GuicheConversationState state)
{
  return states[state];
}

gboolean
guiche_conversation_state_parse (const char *name, GuicheConversationState *out_state)
{
  int index = 0;

  if (!guiche_fields_find_name (states, G_N_ELEMENTS (states), name, &index))
    return FALSE;
  *out_state = (GuicheConversationState) index;
  return TRUE;
}

void
guiche_conversation_record_clear (GuicheConversationRecord *self)
{
  g_free (self->channel);
  g_free (self->title);
  g_free (self->queue);
  guiche_preview_record_clear (&self->last_message);
  g_free (self->close_reason);
  g_free (self->members);
  *self = (GuicheConversationRecord){ 0 };
}

void
guiche_conversation_record_free (GuicheConversationRecord *self)
{
  if (self == NULL)
    return;
  guiche_conversation_record_clear (self);
  g_free (self);
}

static void
write_last_message (const GuicheConversationRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_member_int (writer, "last_seq", self->last_seq);
  guiche_json_writer_name (writer, "last_message");
  guiche_preview_record_to_json (&self->last_message, writer);
}

static void
write_history (const GuicheConversationRecord *self, GuicheJsonWriter *writer)
{
  guiche_fields_write_time (writer, "waiting_since", self->waiting_since);
  guiche_fields_write_time (writer, "opened_at", self->opened_at);
  guiche_fields_write_time (writer, "snoozed_until", self->snoozed_until);
  guiche_fields_write_time (writer, "closed_at", self->closed_at);
  guiche_json_writer_member_string (writer, "close_reason", self->close_reason);
  guiche_json_writer_member_int (writer, "created_at", self->created_at);
  guiche_json_writer_member_int (writer, "updated_at", self->updated_at);
}

void
guiche_conversation_record_to_json (const GuicheConversationRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_string (writer, "kind", kinds[self->kind]);
  guiche_json_writer_member_string (writer, "channel", self->channel);
  guiche_json_writer_member_id (writer, "customer_id", &self->customer_id);
  guiche_json_writer_member_string (writer, "title", self->title);
  guiche_json_writer_member_string (writer, "queue", self->queue);
  guiche_json_writer_member_int (writer, "priority", self->priority);
  guiche_json_writer_member_string (writer, "state", states[self->state]);
  guiche_json_writer_member_id (writer, "assignee_id", &self->assignee_id);
  write_last_message (self, writer);
  write_history (self, writer);
  guiche_fields_write_ids (writer, "members", self->members, self->n_members);
  guiche_json_writer_member_int (writer, "customer_read_seq", self->customer_read_seq);
  guiche_json_writer_member_int (writer, "agent_read_seq", self->agent_read_seq);
  guiche_json_writer_member_int (writer, "customer_delivered_seq", self->customer_delivered_seq);
  guiche_json_writer_member_int (writer, "agent_delivered_seq", self->agent_delivered_seq);
  guiche_json_writer_end_object (writer);
}

void
guiche_conversation_record_patch_to_json (const GuicheConversationRecord *self,
                                          GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "state", states[self->state]);
  if (self->waiting_since != 0)
    guiche_json_writer_member_int (writer, "waiting_since", self->waiting_since);
  guiche_json_writer_end_object (writer);
}

static gboolean
read_last_message (JsonObject *object, GuicheConversationRecord *out, GError **error)
{
  JsonObject *preview = NULL;

  if (!guiche_json_get_int (object, "last_seq", TRUE, &out->last_seq, error) ||
      !guiche_fields_get_object (object, "last_message", &preview, error))
    return FALSE;
  return preview == NULL || guiche_preview_record_from_json (preview, &out->last_message, error);
}

static gboolean
read_state (JsonObject *object, GuicheConversationRecord *out, GError **error)
{
  int state = 0;

  if (!guiche_fields_get_choice (object, "state", states, G_N_ELEMENTS (states), &state, error))
    return FALSE;
  out->state = (GuicheConversationState) state;
  return TRUE;
}

static gboolean
read_patch (JsonObject *object, GuicheConversationRecord *out, GError **error)
{
  return guiche_fields_get_int (object, "waiting_since", &out->waiting_since, error) &&
         read_state (object, out, error);
}

static gboolean
read_head (JsonObject *object, GuicheConversationRecord *out, GError **error)
{
  return guiche_fields_require_id (object, "id", &out->id, error) &&
         read_last_message (object, out, error) && read_patch (object, out, error) &&
         guiche_json_get_int (object, "updated_at", TRUE, &out->updated_at, error);
}

static gboolean
read_place (JsonObject *object, GuicheConversationRecord *out, GError **error)
{
  int kind = 0;

  if (!guiche_fields_get_choice (object, "kind", kinds, G_N_ELEMENTS (kinds), &kind, error))
    return FALSE;
  out->kind = (GuicheConversationKind) kind;
  return guiche_fields_dup_string (object, "channel", &out->channel, error) &&
         guiche_fields_get_id (object, "customer_id", &out->customer_id, error) &&
         guiche_fields_dup_string (object, "title", &out->title, error) &&
         guiche_fields_dup_string (object, "queue", &out->queue, error) &&
         guiche_fields_get_int (object, "priority", &out->priority, error) &&
         guiche_fields_get_id (object, "assignee_id", &out->assignee_id, error) &&
         guiche_fields_dup_ids (object, "members", &out->members, &out->n_members, error);
}

static gboolean
read_history (JsonObject *object, GuicheConversationRecord *out, GError **error)
{
  return guiche_fields_get_int (object, "opened_at", &out->opened_at, error) &&
         guiche_fields_get_int (object, "snoozed_until", &out->snoozed_until, error) &&
         guiche_fields_get_int (object, "closed_at", &out->closed_at, error) &&
         guiche_fields_dup_string (object, "close_reason", &out->close_reason, error) &&
         guiche_json_get_int (object, "created_at", TRUE, &out->created_at, error);
}

static gboolean
read_watermarks (JsonObject *object, GuicheConversationRecord *out, GError **error)
{
  return guiche_fields_get_int (object, "customer_read_seq", &out->customer_read_seq, error) &&
         guiche_fields_get_int (object, "agent_read_seq", &out->agent_read_seq, error) &&
         guiche_fields_get_int (object, "customer_delivered_seq", &out->customer_delivered_seq,
                                error) &&
         guiche_fields_get_int (object, "agent_delivered_seq", &out->agent_delivered_seq, error);
}

gboolean
guiche_conversation_record_from_json (JsonObject *object,
                                      GuicheConversationRecord *out,
                                      GError **error)
{
  *out = (GuicheConversationRecord){ 0 };
  if (read_head (object, out, error) && read_place (object, out, error) &&
      read_history (object, out, error) && read_watermarks (object, out, error))
    return TRUE;
  guiche_conversation_record_clear (out);
  return FALSE;
}

gboolean
guiche_conversation_record_patch_from_json (JsonObject *object,
                                            GuicheConversationRecord *out,
                                            GError **error)
{
  *out = (GuicheConversationRecord){ 0 };
  if (read_patch (object, out, error))
    return TRUE;
  guiche_conversation_record_clear (out);
  return FALSE;
}
