/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/user.h"

#include "protocol/fields.h"

void
guiche_user_record_clear (GuicheUserRecord *self)
{
  g_free (self->login);
  g_free (self->name);
  g_free (self->role);
  g_free (self->email);
  g_free (self->status_text);
  g_strfreev (self->queues);
  *self = (GuicheUserRecord){ 0 };
}

void
guiche_user_record_free (GuicheUserRecord *self)
{
  if (self == NULL)
    return;
  guiche_user_record_clear (self);
  g_free (self);
}

void
guiche_user_record_to_json (const GuicheUserRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_string (writer, "login", self->login);
  guiche_json_writer_member_string (writer, "name", self->name);
  guiche_json_writer_member_string (writer, "role", self->role);
  guiche_json_writer_member_string (writer, "email", self->email);
  guiche_json_writer_member_string (writer, "status_text", self->status_text);
  guiche_json_writer_member_bool (writer, "is_enabled", self->is_enabled);
  guiche_fields_write_strings (writer, "queues", self->queues);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_user_record_from_json (JsonObject *object, GuicheUserRecord *out, GError **error)
{
  *out = (GuicheUserRecord){ 0 };
  if (guiche_fields_require_id (object, "id", &out->id, error) &&
      guiche_fields_require_string (object, "login", &out->login, error) &&
      guiche_fields_require_string (object, "name", &out->name, error) &&
      guiche_fields_require_string (object, "role", &out->role, error) &&
      guiche_fields_dup_string (object, "email", &out->email, error) &&
      guiche_fields_dup_string (object, "status_text", &out->status_text, error) &&
      guiche_fields_get_bool (object, "is_enabled", &out->is_enabled, error) &&
      guiche_fields_dup_strings (object, "queues", &out->queues, error))
    return TRUE;
  guiche_user_record_clear (out);
  return FALSE;
}

void
guiche_presence_record_clear (GuichePresenceRecord *self)
{
  g_free (self->status);
  *self = (GuichePresenceRecord){ 0 };
}

void
guiche_presence_record_free (GuichePresenceRecord *self)
{
  if (self == NULL)
    return;
  guiche_presence_record_clear (self);
  g_free (self);
}

void
guiche_presence_record_to_json (const GuichePresenceRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "user_id", &self->user_id);
  guiche_json_writer_member_string (writer, "status", self->status);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_presence_record_from_json (JsonObject *object, GuichePresenceRecord *out, GError **error)
{
  *out = (GuichePresenceRecord){ 0 };
  if (guiche_fields_require_id (object, "user_id", &out->user_id, error) &&
      guiche_fields_require_string (object, "status", &out->status, error))
    return TRUE;
  guiche_presence_record_clear (out);
  return FALSE;
}
