/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "client/outbox.h"

static void
write_attachment (GuicheJsonWriter *writer, const GuicheMessageRow *row)
{
  guiche_json_writer_name (writer, "attachments");
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "file_id", row->file_id);
  if (row->file_name != NULL)
    guiche_json_writer_member_string (writer, "name", row->file_name);
  if (row->duration_ms > 0)
    guiche_json_writer_member_int (writer, "duration_ms", row->duration_ms);
  if (row->waveform != NULL)
    guiche_json_writer_member_string (writer, "waveform", row->waveform);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_end_array (writer);
}

/* The body of `POST …/messages`, or the stream's `message.send` with the client id as `ref`. */
char *
guiche_outbox_entry_to_json (const GuicheOutboxEntry *entry, gboolean is_op)
{
  const GuicheMessageRow *row = entry->row;
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  if (is_op) {
    guiche_json_writer_member_string (writer, "op", "message.send");
    guiche_json_writer_member_string (writer, "ref", row->client_id);
    guiche_json_writer_member_string (writer, "conversation_id", row->conversation_id);
  }
  guiche_json_writer_member_string (writer, "client_id", row->client_id);
  guiche_json_writer_member_string (writer, "body", row->body);
  guiche_json_writer_member_string (writer, "kind", row->kind);
  if (row->file_id != NULL)
    write_attachment (writer, row);
  if (row->quote_id != NULL)
    guiche_json_writer_member_string (writer, "quote", row->quote_id);
  if (entry->send_at != 0)
    guiche_json_writer_member_int (writer, "send_at", entry->send_at);
  guiche_json_writer_end_object (writer);
  return guiche_json_writer_steal (writer, NULL);
}

/* The server has decided, or the message can never be read here: sending it again as it is changes
 * nothing. Everything else is tried again. */
gboolean
guiche_outbox_is_refusal (const GError *error)
{
  static const GuicheError refusals[] = {
    GUICHE_ERROR_INVALID_REQUEST,     GUICHE_ERROR_INVALID_JSON,       GUICHE_ERROR_FORBIDDEN,
    GUICHE_ERROR_NOT_FOUND,           GUICHE_ERROR_METHOD_NOT_ALLOWED, GUICHE_ERROR_CONFLICT,
    GUICHE_ERROR_CONVERSATION_CLOSED, GUICHE_ERROR_ALREADY_ASSIGNED,   GUICHE_ERROR_TOO_LARGE,
    GUICHE_ERROR_UNSUPPORTED_TYPE,    GUICHE_ERROR_QUOTA_EXCEEDED,     GUICHE_ERROR_STORAGE_FULL,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_error_matches (error, GUICHE_ERROR, (int) refusals[i]))
      return TRUE;
  return FALSE;
}
