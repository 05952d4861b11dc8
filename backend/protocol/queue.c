/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/queue.h"

#include "protocol/fields.h"

void
guiche_queue_record_clear (GuicheQueueRecord *self)
{
  g_free (self->key);
  g_free (self->name);
  g_free (self->members);
  *self = (GuicheQueueRecord){ 0 };
}

void
guiche_queue_record_free (GuicheQueueRecord *self)
{
  if (self == NULL)
    return;
  guiche_queue_record_clear (self);
  g_free (self);
}

void
guiche_queue_record_to_json (const GuicheQueueRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_string (writer, "key", self->key);
  guiche_json_writer_member_string (writer, "name", self->name);
  guiche_json_writer_member_int (writer, "priority", self->priority);
  guiche_json_writer_member_int (writer, "position", self->position);
  guiche_fields_write_ids (writer, "members", self->members, self->n_members);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_queue_record_from_json (JsonObject *object, GuicheQueueRecord *out, GError **error)
{
  *out = (GuicheQueueRecord){ 0 };
  if (guiche_fields_require_id (object, "id", &out->id, error) &&
      guiche_fields_require_string (object, "key", &out->key, error) &&
      guiche_fields_require_string (object, "name", &out->name, error) &&
      guiche_fields_get_int (object, "priority", &out->priority, error) &&
      guiche_fields_get_int (object, "position", &out->position, error) &&
      guiche_fields_dup_ids (object, "members", &out->members, &out->n_members, error))
    return TRUE;
  guiche_queue_record_clear (out);
  return FALSE;
}
