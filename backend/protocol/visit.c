/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/visit.h"

#include "protocol/fields.h"

void
guiche_visit_record_clear (GuicheVisitRecord *self)
{
  g_free (self->queue);
  g_free (self->agent_name);
  *self = (GuicheVisitRecord){ 0 };
}

void
guiche_visit_record_to_json (const GuicheVisitRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "conversation_id", &self->conversation_id);
  guiche_json_writer_member_string (writer, "state", guiche_conversation_state_name (self->state));
  guiche_json_writer_member_string (writer, "queue", self->queue);
  guiche_json_writer_name (writer, "agent");
  if (self->agent_name == NULL) {
    guiche_json_writer_null (writer);
  } else {
    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_string (writer, "name", self->agent_name);
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_object (writer);
}

static gboolean
read_visit (JsonObject *object, GuicheVisitRecord *out, GError **error)
{
  JsonObject *agent = NULL;
  const char *state = NULL;

  if (!guiche_fields_require_id (object, "conversation_id", &out->conversation_id, error) ||
      !guiche_json_get_string (object, "state", TRUE, &state, error))
    return FALSE;
  if (!guiche_conversation_state_parse (state, &out->state))
    return guiche_fields_fail (error, "state", "not one of the known values");
  if (!guiche_fields_dup_string (object, "queue", &out->queue, error) ||
      !guiche_fields_get_object (object, "agent", &agent, error))
    return FALSE;
  return agent == NULL || guiche_fields_dup_string (agent, "name", &out->agent_name, error);
}

gboolean
guiche_visit_record_from_json (JsonObject *object, GuicheVisitRecord *out, GError **error)
{
  *out = (GuicheVisitRecord){ 0 };
  if (read_visit (object, out, error))
    return TRUE;
  guiche_visit_record_clear (out);
  return FALSE;
}
