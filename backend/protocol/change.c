/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/change.h"

#include "protocol/fields.h"

void
guiche_delivery_record_clear (GuicheDeliveryRecord *self)
{
  g_free (self->side);
  *self = (GuicheDeliveryRecord){ 0 };
}

void
guiche_delivery_record_free (GuicheDeliveryRecord *self)
{
  if (self == NULL)
    return;
  guiche_delivery_record_clear (self);
  g_free (self);
}

void
guiche_delivery_record_to_json (const GuicheDeliveryRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &self->conversation_id);
  guiche_json_writer_member_string (writer, "side", self->side);
  guiche_json_writer_member_int (writer, "state", self->state);
  guiche_json_writer_member_int (writer, "seq", self->seq);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_delivery_record_from_json (JsonObject *object, GuicheDeliveryRecord *out, GError **error)
{
  *out = (GuicheDeliveryRecord){ 0 };
  if (guiche_fields_require_id (object, "conversation_id", &out->conversation_id, error) &&
      guiche_fields_require_string (object, "side", &out->side, error) &&
      guiche_json_get_int (object, "state", TRUE, &out->state, error) &&
      guiche_json_get_int (object, "seq", TRUE, &out->seq, error))
    return TRUE;
  guiche_delivery_record_clear (out);
  return FALSE;
}

void
guiche_moved_record_clear (GuicheMovedRecord *self)
{
  g_free (self->from_queue);
  g_free (self->queue);
  *self = (GuicheMovedRecord){ 0 };
}

void
guiche_moved_record_free (GuicheMovedRecord *self)
{
  if (self == NULL)
    return;
  guiche_moved_record_clear (self);
  g_free (self);
}

void
guiche_moved_record_to_json (const GuicheMovedRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &self->conversation_id);
  guiche_json_writer_member_string (writer, "from_queue", self->from_queue);
  guiche_json_writer_member_string (writer, "queue", self->queue);
  guiche_json_writer_member_id (writer, "assignee_id", &self->assignee_id);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_moved_record_from_json (JsonObject *object, GuicheMovedRecord *out, GError **error)
{
  *out = (GuicheMovedRecord){ 0 };
  if (guiche_fields_require_id (object, "conversation_id", &out->conversation_id, error) &&
      guiche_fields_dup_string (object, "from_queue", &out->from_queue, error) &&
      guiche_fields_dup_string (object, "queue", &out->queue, error) &&
      guiche_fields_get_id (object, "assignee_id", &out->assignee_id, error))
    return TRUE;
  guiche_moved_record_clear (out);
  return FALSE;
}

void
guiche_access_record_clear (GuicheAccessRecord *self)
{
  g_free (self->role);
  g_strfreev (self->queues);
  g_free (self->channels);
  *self = (GuicheAccessRecord){ 0 };
}

void
guiche_access_record_free (GuicheAccessRecord *self)
{
  if (self == NULL)
    return;
  guiche_access_record_clear (self);
  g_free (self);
}

void
guiche_access_record_to_json (const GuicheAccessRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "user_id", &self->user_id);
  guiche_json_writer_member_string (writer, "role", self->role);
  guiche_fields_write_strings (writer, "queues", self->queues);
  guiche_fields_write_ids (writer, "channels", self->channels, self->n_channels);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_access_record_from_json (JsonObject *object, GuicheAccessRecord *out, GError **error)
{
  *out = (GuicheAccessRecord){ 0 };
  if (guiche_fields_require_id (object, "user_id", &out->user_id, error) &&
      guiche_fields_require_string (object, "role", &out->role, error) &&
      guiche_fields_dup_strings (object, "queues", &out->queues, error) &&
      guiche_fields_dup_ids (object, "channels", &out->channels, &out->n_channels, error))
    return TRUE;
  guiche_access_record_clear (out);
  return FALSE;
}
