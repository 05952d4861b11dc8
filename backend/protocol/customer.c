/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/customer.h"

#include "protocol/fields.h"

void
guiche_customer_record_clear (GuicheCustomerRecord *self)
{
  g_free (self->name);
  g_strfreev (self->phones);
  g_strfreev (self->emails);
  g_free (self->document);
  g_free (self->contract);
  g_free (self->plan);
  g_free (self->address);
  g_free (self->status);
  g_free (self->notes);
  *self = (GuicheCustomerRecord){ 0 };
}

void
guiche_customer_record_free (GuicheCustomerRecord *self)
{
  if (self == NULL)
    return;
  guiche_customer_record_clear (self);
  g_free (self);
}

void
guiche_customer_record_to_json (const GuicheCustomerRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_string (writer, "name", self->name);
  guiche_fields_write_strings (writer, "phones", self->phones);
  guiche_fields_write_strings (writer, "emails", self->emails);
  guiche_json_writer_member_string (writer, "document", self->document);
  guiche_json_writer_member_string (writer, "contract", self->contract);
  guiche_json_writer_member_string (writer, "plan", self->plan);
  guiche_json_writer_member_string (writer, "address", self->address);
  guiche_json_writer_member_string (writer, "status", self->status);
  guiche_json_writer_member_string (writer, "notes", self->notes);
  guiche_fields_write_time (writer, "created_at", self->created_at);
  guiche_fields_write_time (writer, "updated_at", self->updated_at);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_customer_record_from_json (JsonObject *object, GuicheCustomerRecord *out, GError **error)
{
  *out = (GuicheCustomerRecord){ 0 };
  if (guiche_fields_require_id (object, "id", &out->id, error) &&
      guiche_fields_require_string (object, "name", &out->name, error) &&
      guiche_fields_dup_strings (object, "phones", &out->phones, error) &&
      guiche_fields_dup_strings (object, "emails", &out->emails, error) &&
      guiche_fields_dup_string (object, "document", &out->document, error) &&
      guiche_fields_dup_string (object, "contract", &out->contract, error) &&
      guiche_fields_dup_string (object, "plan", &out->plan, error) &&
      guiche_fields_dup_string (object, "address", &out->address, error) &&
      guiche_fields_require_string (object, "status", &out->status, error) &&
      guiche_fields_dup_string (object, "notes", &out->notes, error) &&
      guiche_fields_get_int (object, "created_at", &out->created_at, error) &&
      guiche_fields_get_int (object, "updated_at", &out->updated_at, error))
    return TRUE;
  guiche_customer_record_clear (out);
  return FALSE;
}
