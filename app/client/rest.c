/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/rest.h"

#include "base/json.h"
#include "client/session-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define DEFAULT_MAX_BYTES ((gsize) 1024 * 1024)
#define CHUNK ((gsize) 64 * 1024)

typedef struct {
  GuicheRestCall call;   /* strings owned */
  SoupMessage *message;  /* (owned) (nullable) */
  GInputStream *input;   /* (owned) (nullable) */
  GByteArray *body;      /* (owned) */
  GOutputStream *output; /* (owned) (nullable): of a download */
  char *part_path;       /* (owned) (nullable) */
  gsize received;
  goffset sent;
  gboolean was_refreshed;
} Exchange;

static void
free_exchange (gpointer data)
{
  Exchange *self = data;

  g_free ((char *) self->call.method);
  g_free ((char *) self->call.path);
  g_free ((char *) self->call.body);
  g_free ((char *) self->call.upload_path);
  g_free ((char *) self->call.type);
  g_free ((char *) self->call.download_path);
  g_clear_object (&self->message);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_byte_array_unref (self->body);
  if (self->part_path != NULL)
    g_unlink (self->part_path);
  g_free (self->part_path);
  g_free (self);
}

static void send_request (GTask *task);

static GuicheError
code_of_status (guint status)
{
  switch (status) {
  case 401:
    return GUICHE_ERROR_UNAUTHENTICATED;
  case 403:
    return GUICHE_ERROR_FORBIDDEN;
  case 404:
    return GUICHE_ERROR_NOT_FOUND;
  case 408: /* a balancer's: what became of the request is not known */
  case 425:
    return GUICHE_ERROR_UNAVAILABLE;
  case 409:
    return GUICHE_ERROR_CONFLICT;
  case 413:
    return GUICHE_ERROR_TOO_LARGE;
  case 415:
    return GUICHE_ERROR_UNSUPPORTED_TYPE;
  case 429:
    return GUICHE_ERROR_RATE_LIMITED;
  case 507:
    return GUICHE_ERROR_STORAGE_FULL;
  default:
    return status >= 400 && status < 500 ? GUICHE_ERROR_INVALID_REQUEST : GUICHE_ERROR_UNAVAILABLE;
  }
}

static void
copy_detail (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  GError *error = user_data;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    guiche_error_set_detail (error, name, json_node_get_string (node));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    guiche_error_set_detail_int (error, name, json_node_get_int (node));
}

GError *
guiche_rest_error_from_json (guint status, const char *text, gsize length)
{
  g_autoptr (JsonNode) node =
                 text != NULL ? guiche_json_parse_object (text, length, GUICHE_JSON_MAX_BYTES, NULL)
                              : NULL;
  JsonObject *object = NULL, *details = NULL;
  const char *name = NULL, *message = NULL;
  GuicheError code = code_of_status (status);
  GError *error;

  if (node != NULL &&
      guiche_json_get_object (json_node_get_object (node), "error", TRUE, &object, NULL)) {
    guiche_json_get_string (object, "code", FALSE, &name, NULL);
    guiche_json_get_string (object, "message", FALSE, &message, NULL);
    guiche_json_get_object (object, "details", FALSE, &details, NULL);
  }
  if (name != NULL)
    guiche_error_code_from_name (name, &code);
  error = g_error_new (GUICHE_ERROR, (int) code, "%s",
                       message != NULL ? message : guiche_error_code_name (code));
  if (details != NULL)
    json_object_foreach_member (details, copy_detail, error);
  return error;
}

static void
refresh_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!guiche_session_refresh_finish (GUICHE_SESSION (source), result, &error))
    g_task_return_error (task, error);
  else
    send_request (g_steal_pointer (&task));
}

static void
finish_exchange (GTask *task)
{
  GuicheSession *session = g_task_get_source_object (task);
  Exchange *self = g_task_get_task_data (task);
  guint status = soup_message_get_status (self->message);

  if (status == 401 && !self->call.is_anonymous && !self->was_refreshed) {
    self->was_refreshed = TRUE;
    guiche_session_refresh_async (session, g_task_get_cancellable (task), refresh_cb, task);
    return;
  }
  if (status < 200 || status >= 300)
    g_task_return_error (
        task, guiche_rest_error_from_json (status, (char *) self->body->data, self->body->len));
  else if (self->output != NULL && g_rename (self->part_path, self->call.download_path) != 0)
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                             "keeping a downloaded file");
  else
    g_task_return_pointer (task, g_bytes_new (self->body->data, self->body->len),
                           (GDestroyNotify) g_bytes_unref);
  g_object_unref (task);
}

static void
fail_exchange (GTask *task, GError *failure)
{
  GuicheSession *session = g_task_get_source_object (task);
  Exchange *self = g_task_get_task_data (task);

  g_task_return_error (task, guiche_session_explain (session, self->message, failure));
  g_error_free (failure);
  g_object_unref (task);
}

static gboolean
take_chunk (Exchange *self, GBytes *chunk, GCancellable *cancellable, GError **error)
{
  gsize length = 0;
  const void *data = g_bytes_get_data (chunk, &length);
  gboolean is_success = SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (self->message));

  self->received += length;
  if (self->received > self->call.max_bytes) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE, "the server's answer is too long");
    return FALSE;
  }
  if (self->output != NULL && is_success)
    return g_output_stream_write_all (self->output, data, length, NULL, cancellable, error);
  g_byte_array_append (self->body, data, (guint) length);
  return TRUE;
}

static void
on_chunk (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Exchange *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) chunk =
                 g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (chunk != NULL && g_bytes_get_size (chunk) == 0) {
    if (self->output != NULL && !g_output_stream_close (self->output, NULL, &error))
      fail_exchange (task, error);
    else
      finish_exchange (task);
    return;
  }
  if (chunk == NULL || !take_chunk (self, chunk, g_task_get_cancellable (task), &error)) {
    fail_exchange (task, error);
    return;
  }
  g_input_stream_read_bytes_async (self->input, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_chunk, task);
}

static gboolean
open_download (Exchange *self, GError **error)
{
  g_autoptr (GFile) file = NULL;

  g_clear_object (&self->output);
  if (self->call.download_path == NULL)
    return TRUE;
  if (self->part_path == NULL)
    self->part_path = g_strdup_printf ("%s.%08x.part", self->call.download_path, g_random_int ());
  file = g_file_new_for_path (self->part_path);
  self->output =
      G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error));
  return self->output != NULL;
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Exchange *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_object (&self->input);
  self->input = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->input == NULL || !open_download (self, &error)) {
    fail_exchange (task, error);
    return;
  }
  g_byte_array_set_size (self->body, 0);
  self->received = 0;
  g_input_stream_read_bytes_async (self->input, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_chunk, task);
}

static void
on_wrote_body_data (SoupMessage *message, guint length, gpointer user_data)
{
  Exchange *self = user_data;

  self->sent += length;
  self->call.progress (self->sent, self->call.progress_data);
}

static gboolean
set_body (Exchange *self, GError **error)
{
  const char *type = self->call.type != NULL ? self->call.type : "application/json";

  if (self->call.upload_path != NULL) {
    g_autoptr (GFile) file = g_file_new_for_path (self->call.upload_path);
    g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
    g_autoptr (GFileInfo) info = stream != NULL
                                     ? g_file_input_stream_query_info (
                                           stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, error)
                                     : NULL;

    if (info == NULL)
      return FALSE;
    soup_message_set_request_body (self->message, type, G_INPUT_STREAM (stream),
                                   g_file_info_get_size (info));
    self->sent = 0;
    if (self->call.progress != NULL)
      g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (on_wrote_body_data), self);
  } else if (self->call.body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (self->call.body, strlen (self->call.body));
    soup_message_set_request_body_from_bytes (self->message, type, bytes);
  }
  return TRUE;
}

static void
send_request (GTask *task)
{
  GuicheSession *session = g_task_get_source_object (task);
  Exchange *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_object (&self->message);
  self->message = guiche_session_new_message (session, self->call.method, self->call.path,
                                              !self->call.is_anonymous);
  if (self->message == NULL) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_NETWORK, "there is no server yet");
    g_object_unref (task);
    return;
  }
  if (!set_body (self, &error)) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                             "reading the file to send: %s", error->message);
    g_error_free (error);
    g_object_unref (task);
    return;
  }
  soup_session_send_async (guiche_session_get_soup (session), self->message, G_PRIORITY_DEFAULT,
                           g_task_get_cancellable (task), on_sent, task);
}

void
guiche_rest_call_async (GuicheSession *session,
                        const GuicheRestCall *call,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  Exchange *self = g_new0 (Exchange, 1);

  self->call = *call;
  self->call.method = g_strdup (call->method);
  self->call.path = g_strdup (call->path);
  self->call.body = g_strdup (call->body);
  self->call.upload_path = g_strdup (call->upload_path);
  self->call.type = g_strdup (call->type);
  self->call.download_path = g_strdup (call->download_path);
  if (self->call.max_bytes == 0)
    self->call.max_bytes = DEFAULT_MAX_BYTES;
  self->body = g_byte_array_new ();
  g_task_set_source_tag (task, guiche_rest_call_async);
  g_task_set_task_data (task, self, free_exchange);
  if (!call->is_anonymous && guiche_session_is_signed_in (session) &&
      !guiche_session_is_fresh (session)) {
    self->was_refreshed = TRUE;
    guiche_session_refresh_async (session, cancellable, refresh_cb, task);
    return;
  }
  send_request (task);
}

GBytes *
guiche_rest_call_finish (GuicheSession *session, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
