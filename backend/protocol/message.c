/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/message.h"

#include "protocol/fields.h"

#include <string.h>

static const char *const sender_kinds[] = { "agent", "customer", "system" };
static const char *const message_kinds[] = { "text", "file", "image", "voice", "note", "system" };

const char *
guiche_sender_kind_name (GuicheSenderKind kind)
{
  return sender_kinds[kind];
}

gboolean
guiche_sender_kind_parse (const char *name, GuicheSenderKind *out_kind)
{
  int index = 0;

  if (!guiche_fields_find_name (sender_kinds, G_N_ELEMENTS (sender_kinds), name, &index))
    return FALSE;
  *out_kind = (GuicheSenderKind) index;
  return TRUE;
}

const char *
guiche_message_kind_name (GuicheMessageKind kind)
{
  return message_kinds[kind];
}

gboolean
guiche_message_kind_parse (const char *name, GuicheMessageKind *out_kind)
{
  int index = 0;

  if (!guiche_fields_find_name (message_kinds, G_N_ELEMENTS (message_kinds), name, &index))
    return FALSE;
  *out_kind = (GuicheMessageKind) index;
  return TRUE;
}

static gboolean
get_sender_kind (JsonObject *object, const char *name, GuicheSenderKind *out, GError **error)
{
  int index = 0;

  if (!guiche_fields_get_choice (object, name, sender_kinds, G_N_ELEMENTS (sender_kinds), &index,
                                 error))
    return FALSE;
  *out = (GuicheSenderKind) index;
  return TRUE;
}

static gboolean
get_message_kind (JsonObject *object, GuicheMessageKind *out, GError **error)
{
  int index = 0;

  if (!guiche_fields_get_choice (object, "kind", message_kinds, G_N_ELEMENTS (message_kinds),
                                 &index, error))
    return FALSE;
  *out = (GuicheMessageKind) index;
  return TRUE;
}

static void
write_sender (const GuicheMessageRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_name (writer, "sender");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "kind", sender_kinds[self->sender_kind]);
  guiche_json_writer_member_id (writer, "id", &self->sender_id);
  guiche_json_writer_member_string (writer, "name", self->sender_name);
  guiche_json_writer_end_object (writer);
}

static gboolean
read_sender (JsonObject *object, GuicheMessageRecord *out, GError **error)
{
  JsonObject *sender = NULL;

  return guiche_json_get_object (object, "sender", TRUE, &sender, error) &&
         get_sender_kind (sender, "kind", &out->sender_kind, error) &&
         guiche_fields_get_id (sender, "id", &out->sender_id, error) &&
         guiche_fields_dup_string (sender, "name", &out->sender_name, error);
}

static void
write_quote (const GuicheQuoteRecord *self, GuicheJsonWriter *writer)
{
  if (guiche_id_is_none (&self->id))
    return;
  guiche_json_writer_name (writer, "quote");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_int (writer, "seq", self->seq);
  guiche_json_writer_member_string (writer, "sender_name", self->sender_name);
  guiche_json_writer_member_string (writer, "kind", message_kinds[self->kind]);
  guiche_json_writer_member_string (writer, "body", self->body);
  guiche_json_writer_end_object (writer);
}

static gboolean
read_quote (JsonObject *object, GuicheQuoteRecord *out, GError **error)
{
  JsonObject *quote = NULL;

  if (!guiche_fields_get_object (object, "quote", &quote, error))
    return FALSE;
  if (quote == NULL)
    return TRUE;
  return guiche_fields_require_id (quote, "id", &out->id, error) &&
         guiche_fields_get_int (quote, "seq", &out->seq, error) &&
         guiche_fields_dup_string (quote, "sender_name", &out->sender_name, error) &&
         get_message_kind (quote, &out->kind, error) &&
         guiche_fields_require_string (quote, "body", &out->body, error);
}

void
guiche_message_record_clear (GuicheMessageRecord *self)
{
  for (gsize i = 0; i < self->n_attachments; i++)
    guiche_attachment_record_clear (&self->attachments[i]);
  g_free (self->attachments);
  g_free (self->sender_name);
  g_free (self->body);
  g_free (self->quote.sender_name);
  g_free (self->quote.body);
  g_free (self->mentions);
  *self = (GuicheMessageRecord){ 0 };
}

void
guiche_message_record_free (GuicheMessageRecord *self)
{
  if (self == NULL)
    return;
  guiche_message_record_clear (self);
  g_free (self);
}

static void
write_attachments (const GuicheMessageRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_name (writer, "attachments");
  guiche_json_writer_begin_array (writer);
  for (gsize i = 0; i < self->n_attachments; i++)
    guiche_attachment_record_to_json (&self->attachments[i], writer);
  guiche_json_writer_end_array (writer);
}

void
guiche_message_record_to_json (const GuicheMessageRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_id (writer, "id", &self->id);
  guiche_json_writer_member_id (writer, "conversation_id", &self->conversation_id);
  guiche_json_writer_member_int (writer, "seq", self->seq);
  guiche_json_writer_member_id (writer, "client_id", &self->client_id);
  write_sender (self, writer);
  guiche_json_writer_member_string (writer, "kind", message_kinds[self->kind]);
  guiche_json_writer_member_string (writer, "body", self->body);
  write_attachments (self, writer);
  write_quote (&self->quote, writer);
  guiche_json_writer_member_int (writer, "at", self->at);
  guiche_json_writer_member_int (writer, "state", self->state);
  if (self->edited_at != 0)
    guiche_json_writer_member_int (writer, "edited_at", self->edited_at);
  if (self->deleted_at != 0)
    guiche_json_writer_member_int (writer, "deleted_at", self->deleted_at);
  if (self->n_mentions > 0)
    guiche_fields_write_ids (writer, "mentions", self->mentions, self->n_mentions);
  guiche_json_writer_end_object (writer);
}

static gboolean
read_attachments (JsonObject *object, GuicheMessageRecord *out, GError **error)
{
  JsonArray *array = NULL;
  guint length;

  if (!json_object_has_member (object, "attachments") ||
      json_object_get_null_member (object, "attachments"))
    return TRUE;
  if (!guiche_json_get_array (object, "attachments", TRUE, &array, error))
    return FALSE;
  length = json_array_get_length (array);
  out->attachments = g_new0 (GuicheAttachmentRecord, length);
  for (guint i = 0; i < length; i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_OBJECT (node))
      return guiche_fields_fail (error, "attachments", "not a list of objects");
    if (!guiche_attachment_record_from_json (json_node_get_object (node), &out->attachments[i],
                                             error))
      return FALSE;
    out->n_attachments++;
  }
  return TRUE;
}

static gboolean
read_state (JsonObject *object, GuicheMessageRecord *out, GError **error)
{
  gint64 state = GUICHE_DELIVERY_SENT;

  if (!guiche_fields_get_int (object, "state", &state, error))
    return FALSE;
  if (state < GUICHE_DELIVERY_NONE || state > GUICHE_DELIVERY_READ)
    return guiche_fields_fail (error, "state", "not from 0 to 3");
  out->state = (GuicheDelivery) state;
  return TRUE;
}

static gboolean
read_message (JsonObject *object, GuicheMessageRecord *out, GError **error)
{
  return guiche_fields_require_id (object, "id", &out->id, error) &&
         guiche_fields_require_id (object, "conversation_id", &out->conversation_id, error) &&
         guiche_json_get_int (object, "seq", TRUE, &out->seq, error) &&
         guiche_fields_get_id (object, "client_id", &out->client_id, error) &&
         read_sender (object, out, error) && get_message_kind (object, &out->kind, error) &&
         guiche_fields_require_string (object, "body", &out->body, error) &&
         read_attachments (object, out, error) && read_quote (object, &out->quote, error) &&
         guiche_json_get_int (object, "at", TRUE, &out->at, error) &&
         read_state (object, out, error) &&
         guiche_fields_get_int (object, "edited_at", &out->edited_at, error) &&
         guiche_fields_get_int (object, "deleted_at", &out->deleted_at, error) &&
         guiche_fields_dup_ids (object, "mentions", &out->mentions, &out->n_mentions, error);
}

gboolean
guiche_message_record_from_json (JsonObject *object, GuicheMessageRecord *out, GError **error)
{
  *out = (GuicheMessageRecord){ 0 };
  if (read_message (object, out, error))
    return TRUE;
  guiche_message_record_clear (out);
  return FALSE;
}

gboolean
guiche_message_record_has_extra (const GuicheMessageRecord *self)
{
  return self->n_attachments > 0 || self->n_mentions > 0 || !guiche_id_is_none (&self->quote.id);
}

void
guiche_message_record_extra_to_json (const GuicheMessageRecord *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_begin_object (writer);
  if (self->n_attachments > 0)
    write_attachments (self, writer);
  if (!guiche_id_is_none (&self->quote.id))
    write_quote (&self->quote, writer);
  if (self->n_mentions > 0)
    guiche_fields_write_ids (writer, "mentions", self->mentions, self->n_mentions);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_message_record_extra_from_json (JsonObject *object,
                                       GuicheMessageRecord *self,
                                       GError **error)
{
  return read_attachments (object, self, error) && read_quote (object, &self->quote, error) &&
         guiche_fields_dup_ids (object, "mentions", &self->mentions, &self->n_mentions, error);
}

void
guiche_preview_record_clear (GuichePreviewRecord *self)
{
  g_free (self->sender_name);
  g_free (self->body);
  *self = (GuichePreviewRecord){ 0 };
}

void
guiche_preview_record_to_json (const GuichePreviewRecord *self, GuicheJsonWriter *writer)
{
  if (self->seq == 0) {
    guiche_json_writer_null (writer);
    return;
  }
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_int (writer, "seq", self->seq);
  guiche_json_writer_member_string (writer, "sender_kind", sender_kinds[self->sender_kind]);
  guiche_json_writer_member_string (writer, "sender_name", self->sender_name);
  guiche_json_writer_member_string (writer, "kind", message_kinds[self->kind]);
  guiche_json_writer_name (writer, "body");
  guiche_json_writer_string_length (writer, self->body,
                                    guiche_preview_length (self->body, GUICHE_PREVIEW_CHARACTERS));
  guiche_json_writer_member_int (writer, "at", self->at);
  guiche_json_writer_end_object (writer);
}

gboolean
guiche_preview_record_from_json (JsonObject *object, GuichePreviewRecord *out, GError **error)
{
  *out = (GuichePreviewRecord){ 0 };
  if (guiche_json_get_int (object, "seq", TRUE, &out->seq, error) &&
      get_sender_kind (object, "sender_kind", &out->sender_kind, error) &&
      guiche_fields_dup_string (object, "sender_name", &out->sender_name, error) &&
      get_message_kind (object, &out->kind, error) &&
      guiche_fields_require_string (object, "body", &out->body, error) &&
      guiche_json_get_int (object, "at", TRUE, &out->at, error))
    return TRUE;
  guiche_preview_record_clear (out);
  return FALSE;
}

gsize
guiche_preview_length (const char *body, gsize max_characters)
{
  const char *end = body;
  gsize length = body == NULL ? 0 : strlen (body);

  if (length <= max_characters)
    return length;
  while (max_characters > 0 && *end != '\0') {
    end = g_utf8_next_char (end);
    max_characters--;
  }
  return (gsize) (end - body);
}
