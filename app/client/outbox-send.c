/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "base/json.h"
#include "client/outbox-private.h"
#include "client/rest.h"

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

/* A request outlives neither its entry nor the outbox: both are found again by name. */
typedef struct {
  GWeakRef outbox;
  char *client_id; /* (owned) */
} Request;

static Request *
new_request (GuicheOutbox *self, const GuicheOutboxEntry *entry)
{
  Request *request = g_new0 (Request, 1);

  g_weak_ref_init (&request->outbox, self);
  request->client_id = g_strdup (entry->row->client_id);
  return request;
}

static void
free_request (Request *request)
{
  g_weak_ref_clear (&request->outbox);
  g_free (request->client_id);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, free_request)

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GuicheOutbox) self = g_weak_ref_get (&request->outbox);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  g_autoptr (JsonNode) node = NULL;
  GuicheOutboxEntry *entry = self != NULL ? guiche_outbox_find (self, request->client_id) : NULL;

  if (entry == NULL)
    return;
  if (answer != NULL)
    node = guiche_json_parse_object (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                                     GUICHE_JSON_MAX_BYTES, &error);
  if (node == NULL)
    guiche_outbox_take_failure (self, entry, error);
  else
    guiche_outbox_take_answer (self, entry, json_node_get_object (node));
}

static void
on_uploaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GuicheOutbox) self = g_weak_ref_get (&request->outbox);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  g_autoptr (JsonNode) node = NULL;
  GuicheOutboxEntry *entry = self != NULL ? guiche_outbox_find (self, request->client_id) : NULL;
  const char *file_id = NULL;

  if (entry == NULL)
    return;
  if (answer != NULL)
    node = guiche_json_parse_object (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                                     GUICHE_JSON_MAX_BYTES, &error);
  if (node == NULL ||
      !guiche_json_get_string (json_node_get_object (node), "id", TRUE, &file_id, &error)) {
    guiche_outbox_take_failure (self, entry, error);
    return;
  }
  guiche_outbox_take_file (self, entry, file_id);
}

static void
on_progress (goffset sent, gpointer user_data)
{
  Request *request = user_data;
  g_autoptr (GuicheOutbox) self = g_weak_ref_get (&request->outbox);
  GuicheOutboxEntry *entry = self != NULL ? guiche_outbox_find (self, request->client_id) : NULL;

  if (entry == NULL || entry->row->file_size <= 0)
    return;
  guiche_outbox_take_progress (self, entry,
                               MIN ((double) sent / (double) entry->row->file_size, 1.0));
}

void
guiche_outbox_upload (GuicheOutbox *self, GuicheOutboxEntry *entry)
{
  g_autofree char *name = g_uri_escape_string (entry->row->file_name, NULL, TRUE);
  g_autofree char *path = g_strconcat ("/api/v1/files?name=", name, NULL);
  g_autofree char *file = guiche_outbox_dup_file_path (self, entry);
  Request *request = new_request (self, entry);

  guiche_rest_call_async (guiche_outbox_get_session (self),
                          &(GuicheRestCall){ .method = "POST",
                                             .path = path,
                                             .upload_path = file,
                                             .type = entry->row->file_type,
                                             .progress = on_progress,
                                             .progress_data = request },
                          guiche_outbox_get_cancellable (self), on_uploaded, request);
}

void
guiche_outbox_post (GuicheOutbox *self, GuicheOutboxEntry *entry)
{
  g_autofree char *body = guiche_outbox_entry_to_json (entry, FALSE);
  g_autofree char *path =
      g_strdup_printf ("/api/v1/conversations/%s/messages", entry->row->conversation_id);

  guiche_rest_call_async (guiche_outbox_get_session (self),
                          &(GuicheRestCall){ .method = "POST", .path = path, .body = body },
                          guiche_outbox_get_cancellable (self), on_posted,
                          new_request (self, entry));
}
