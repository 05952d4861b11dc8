/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/fields.h"
#include "protocol/message.h"

void
guiche_attachment_record_clear (GuicheAttachmentRecord *self)
{
  g_free (self->name);
  g_free (self->type);
  g_free (self->waveform);
  *self = (GuicheAttachmentRecord){ 0 };
}

void
guiche_attachment_record_free (GuicheAttachmentRecord *self)
{
  if (self == NULL)
    return;
  guiche_attachment_record_clear (self);
  g_free (self);
}

void
guiche_attachment_record_to_json (const GuicheAttachmentRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "file_id", &self->file_id);
  guiche_json_writer_member_string (writer, "name", self->name);
  guiche_json_writer_member_string (writer, "type", self->type);
  guiche_json_writer_member_int (writer, "size", self->size);
  guiche_json_writer_member_int (writer, "duration_ms", self->duration_ms);
  guiche_json_writer_member_string (writer, "waveform", self->waveform);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_attachment_record_from_json (JsonObject *object, GuicheAttachmentRecord *out, GError **error)
{
  *out = (GuicheAttachmentRecord){ 0 };
  if (guiche_fields_require_id (object, "file_id", &out->file_id, error) &&
      guiche_fields_require_string (object, "name", &out->name, error) &&
      guiche_fields_require_string (object, "type", &out->type, error) &&
      guiche_fields_get_int (object, "size", &out->size, error) &&
      guiche_fields_get_int (object, "duration_ms", &out->duration_ms, error) &&
      guiche_fields_dup_string (object, "waveform", &out->waveform, error))
    return TRUE;
  guiche_attachment_record_clear (out);
  return FALSE;
}
