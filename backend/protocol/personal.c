/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/personal.h"

#include "protocol/fields.h"

void
guiche_draft_record_clear (GuicheDraftRecord *self)
{
  g_free (self->body);
  *self = (GuicheDraftRecord){ 0 };
}

void
guiche_draft_record_free (GuicheDraftRecord *self)
{
  if (self == NULL)
    return;
  guiche_draft_record_clear (self);
  g_free (self);
}

void
guiche_draft_record_to_json (const GuicheDraftRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &self->conversation_id);
  guiche_json_writer_member_string (writer, "body", self->body);
  guiche_fields_write_time (writer, "updated_at", self->updated_at);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_draft_record_from_json (JsonObject *object, GuicheDraftRecord *out, GError **error)
{
  *out = (GuicheDraftRecord){ 0 };
  if (guiche_fields_require_id (object, "conversation_id", &out->conversation_id, error) &&
      guiche_fields_require_string (object, "body", &out->body, error) &&
      guiche_fields_get_int (object, "updated_at", &out->updated_at, error))
    return TRUE;
  guiche_draft_record_clear (out);
  return FALSE;
}

void
guiche_read_mark_record_clear (GuicheReadMarkRecord *self)
{
  *self = (GuicheReadMarkRecord){ 0 };
}

void
guiche_read_mark_record_free (GuicheReadMarkRecord *self)
{
  if (self == NULL)
    return;
  guiche_read_mark_record_clear (self);
  g_free (self);
}

void
guiche_read_mark_record_to_json (const GuicheReadMarkRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &self->conversation_id);
  guiche_json_writer_member_int (writer, "seq", self->seq);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_read_mark_record_from_json (JsonObject *object, GuicheReadMarkRecord *out, GError **error)
{
  *out = (GuicheReadMarkRecord){ 0 };
  if (guiche_fields_require_id (object, "conversation_id", &out->conversation_id, error) &&
      guiche_json_get_int (object, "seq", TRUE, &out->seq, error))
    return TRUE;
  guiche_read_mark_record_clear (out);
  return FALSE;
}

void
guiche_scheduled_message_record_clear (GuicheScheduledMessageRecord *self)
{
  g_free (self->body);
  *self = (GuicheScheduledMessageRecord){ 0 };
}

void
guiche_scheduled_message_record_free (GuicheScheduledMessageRecord *self)
{
  if (self == NULL)
    return;
  guiche_scheduled_message_record_clear (self);
  g_free (self);
}

void
guiche_scheduled_message_record_to_json (const GuicheScheduledMessageRecord *self,
                                         GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_id (writer, "conversation_id", &self->conversation_id);
  guiche_json_writer_member_id (writer, "client_id", &self->client_id);
  guiche_json_writer_member_string (writer, "body", self->body);
  guiche_fields_write_time (writer, "send_at", self->send_at);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_scheduled_message_record_from_json (JsonObject *object,
                                           GuicheScheduledMessageRecord *out,
                                           GError **error)
{
  *out = (GuicheScheduledMessageRecord){ 0 };
  if (guiche_fields_require_id (object, "id", &out->id, error) &&
      guiche_fields_require_id (object, "conversation_id", &out->conversation_id, error) &&
      guiche_fields_require_id (object, "client_id", &out->client_id, error) &&
      guiche_fields_require_string (object, "body", &out->body, error) &&
      guiche_json_get_int (object, "send_at", TRUE, &out->send_at, error))
    return TRUE;
  guiche_scheduled_message_record_clear (out);
  return FALSE;
}
