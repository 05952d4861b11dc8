/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/event.h"

#include "protocol/fields.h"

void
guiche_event_record_clear (GuicheEventRecord *self)
{
  g_free (self->kind);
  g_clear_pointer (&self->data, json_object_unref);
  *self = (GuicheEventRecord){ 0 };
}

void
guiche_event_record_free (GuicheEventRecord *self)
{
  if (self == NULL)
    return;
  guiche_event_record_clear (self);
  g_free (self);
}

static void
write_data (JsonObject *data, GuicheJsonWriter *writer)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_object (node, data);
  text = json_to_string (node, FALSE);
  guiche_json_writer_member_raw (writer, "data", text, -1);
}

void
guiche_event_record_to_json (const GuicheEventRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_int (writer, "seq", self->seq);
  guiche_json_writer_member_int (writer, "at", self->at);
  guiche_json_writer_member_string (writer, "kind", self->kind);
  write_data (self->data, writer);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_event_record_from_json (JsonObject *object, GuicheEventRecord *out, GError **error)
{
  JsonObject *data = NULL;

  *out = (GuicheEventRecord){ 0 };
  if (guiche_json_get_int (object, "seq", TRUE, &out->seq, error) &&
      guiche_json_get_int (object, "at", TRUE, &out->at, error) &&
      guiche_json_get_object (object, "data", TRUE, &data, error) &&
      guiche_fields_require_string (object, "kind", &out->kind, error)) {
    out->data = json_object_ref (data);
    return TRUE;
  }
  guiche_event_record_clear (out);
  return FALSE;
}
