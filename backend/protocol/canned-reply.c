/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/canned-reply.h"

#include "protocol/fields.h"

void
guiche_canned_reply_record_clear (GuicheCannedReplyRecord *self)
{
  g_free (self->shortcut);
  g_free (self->title);
  g_free (self->body);
  *self = (GuicheCannedReplyRecord){ 0 };
}

void
guiche_canned_reply_record_free (GuicheCannedReplyRecord *self)
{
  if (self == NULL)
    return;
  guiche_canned_reply_record_clear (self);
  g_free (self);
}

void
guiche_canned_reply_record_to_json (const GuicheCannedReplyRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_string (writer, "shortcut", self->shortcut);
  guiche_json_writer_member_string (writer, "title", self->title);
  guiche_json_writer_member_string (writer, "body", self->body);
  guiche_fields_write_time (writer, "updated_at", self->updated_at);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_canned_reply_record_from_json (JsonObject *object,
                                      GuicheCannedReplyRecord *out,
                                      GError **error)
{
  *out = (GuicheCannedReplyRecord){ 0 };
  if (guiche_fields_require_id (object, "id", &out->id, error) &&
      guiche_fields_require_string (object, "shortcut", &out->shortcut, error) &&
      guiche_fields_require_string (object, "title", &out->title, error) &&
      guiche_fields_require_string (object, "body", &out->body, error) &&
      guiche_fields_get_int (object, "updated_at", &out->updated_at, error))
    return TRUE;
  guiche_canned_reply_record_clear (out);
  return FALSE;
}
