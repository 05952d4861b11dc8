/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guichectl/connection.h"

#include "base/error.h"
#include "base/json.h"
#include "guichectl/prompt.h"
#include "guiched-instance.h"
#include "guiched-options.h"
#include "guiched-rings.h"

#include <glib-unix.h>
#include <string.h>

#define REPLY_BYTES_MAX (64 * 1024 * 1024)

struct _GuichectlConnection {
  const GuichectlTarget *target;
  GuichedOptions options;   /* of the own rings */
  GuicheInstance *instance; /* (nullable): this process has the data directory */
  GuicheRings *rings;       /* (nullable) */
  SoupSession *session;
  char *url;
  char *tenant; /* (nullable) until signed in */
  char *token;  /* (nullable) until signed in */
};

/* One request on its way. */
typedef struct {
  GMainLoop *loop;
  GBytes *bytes; /* (nullable) */
  GError *error; /* (nullable) */
} Exchange;

/* The one company of a data directory; %NULL when there are several or none. */
static char *
find_only_tenant (const char *data)
{
  g_autofree char *path = g_build_filename (data, "tenants", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *first = directory == NULL ? NULL : g_dir_read_name (directory);
  g_autofree char *only = g_strdup (first);

  if (first == NULL || g_dir_read_name (directory) != NULL)
    return NULL;
  return g_steal_pointer (&only);
}

static gboolean
open_own_rings (GuichectlConnection *self, GError **error)
{
  g_auto (GStrv) environment = g_get_environ ();

  environment = g_environ_setenv (environment, "GUICHE_HTTP_LISTEN", "127.0.0.1", TRUE);
  environment = g_environ_setenv (environment, "GUICHE_HTTP_PORT", "0", TRUE);
  environment = g_environ_setenv (environment, "GUICHE_HTTP_PUBLIC_URL", "", TRUE);
  environment = g_environ_setenv (environment, "GUICHE_HTTP_TLS_CERTIFICATE", "", TRUE);
  environment = g_environ_setenv (environment, "GUICHE_HTTP_TLS_KEY", "", TRUE);
  environment = g_environ_setenv (environment, "GUICHE_LIMITS_ENABLED", "false", TRUE);
  self->options.settings = guiche_settings_load (self->target->config, environment, error);
  if (self->options.settings == NULL)
    return FALSE;
  self->options.is_administration = TRUE;
  self->rings = guiche_rings_new (&self->options, error);
  if (self->rings == NULL)
    return FALSE;
  self->url = g_strdup (guiche_rings_url (self->rings));
  return TRUE;
}

/* Several servers' database is nobody's alone. */
static gboolean
is_shared (const GuichectlTarget *target)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GuicheSettings) settings = guiche_settings_load (target->config, environment, NULL);

  return settings != NULL && *guiche_settings_get_string (settings, "store", "url") != '\0';
}

/* Either the data directory is free and ours now, or who has it says where they answer. */
static gboolean
find_server (GuichectlConnection *self, GError **error)
{
  g_autoptr (GError) taken = NULL;

  if (self->target->server != NULL) {
    self->url = g_strdup (self->target->server);
    return TRUE;
  }
  self->instance = guiche_instance_acquire (self->options.data, &taken);
  if (self->instance != NULL || is_shared (self->target))
    return open_own_rings (self, error);
  self->url = g_strdup (guiche_error_get_detail (taken, "url"));
  if (self->url != NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&taken));
  return FALSE;
}

GuichectlConnection *
guichectl_connection_open (const GuichectlTarget *target, GError **error)
{
  g_autoptr (GuichectlConnection) self = g_new0 (GuichectlConnection, 1);

  self->target = target;
  self->options.data =
      target->data != NULL ? g_strdup (target->data) : guiched_options_default_data ();
  self->session = soup_session_new ();
  soup_session_set_timeout (self->session, 60);
  return find_server (self, error) ? g_steal_pointer (&self) : NULL;
}

void
guichectl_connection_close (GuichectlConnection *self)
{
  if (self == NULL)
    return;
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_clear_pointer (&self->rings, guiche_rings_free);
  g_clear_pointer (&self->instance, guiche_instance_release);
  guiched_options_clear (&self->options);
  g_free (self->url);
  g_free (self->tenant);
  g_free (self->token);
  g_free (self);
}

GuicheStore *
guichectl_connection_store (GuichectlConnection *self)
{
  return self->rings == NULL ? NULL : guiche_rings_store (self->rings);
}

const char *
guichectl_connection_data (GuichectlConnection *self)
{
  return self->options.data;
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Exchange *exchange = user_data;

  exchange->bytes =
      soup_session_send_and_read_finish (SOUP_SESSION (source), result, &exchange->error);
  g_main_loop_quit (exchange->loop);
}

/* The server's own words, when the reply has them. */
static void
set_refusal (SoupMessage *message, JsonObject *reply, GError **error)
{
  JsonObject *refusal = NULL;
  const char *code_name = NULL, *text = NULL;
  GuicheError code = GUICHE_ERROR_INTERNAL;

  if (reply != NULL && guiche_json_get_object (reply, "error", FALSE, &refusal, NULL) &&
      refusal != NULL) {
    guiche_json_get_string (refusal, "code", FALSE, &code_name, NULL);
    guiche_json_get_string (refusal, "message", FALSE, &text, NULL);
  }
  if (code_name != NULL)
    guiche_error_code_from_name (code_name, &code);
  g_set_error (error, GUICHE_ERROR, (int) code, "%s: %s", code_name != NULL ? code_name : "refused",
               text != NULL ? text : soup_message_get_reason_phrase (message));
}

static JsonNode *
read_reply (SoupMessage *message, GBytes *bytes, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (JsonNode) node = guiche_json_parse_object (text, length, REPLY_BYTES_MAX, NULL);
  guint status = soup_message_get_status (message);

  if (status >= 200 && status < 300 && node != NULL)
    return g_steal_pointer (&node);
  set_refusal (message, node == NULL ? NULL : json_node_get_object (node), error);
  return NULL;
}

static void
add_token (GuichectlConnection *self, SoupMessage *message)
{
  g_autofree char *value = NULL;

  if (self->token == NULL)
    return;
  value = g_strconcat ("Bearer ", self->token, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
}

JsonNode *
guichectl_call (GuichectlConnection *self,
                const char *method,
                const char *path,
                GuicheJsonWriter *body,
                GError **error)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GuicheJsonWriter) owned_body = body;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GBytes) bytes = NULL;
  Exchange exchange = { .loop = loop };

  if (message == NULL) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "%s is not an address", url);
    return NULL;
  }
  add_token (self, message);
  if (owned_body != NULL) {
    g_autoptr (GBytes) content = guiche_json_writer_steal_bytes (owned_body);

    soup_message_set_request_body_from_bytes (message, "application/json", content);
  }
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_sent,
                                    &exchange);
  g_main_loop_run (loop);
  bytes = exchange.bytes;
  if (bytes != NULL)
    return read_reply (message, bytes, error);
  g_propagate_prefixed_error (error, exchange.error, "asking %s: ", self->url);
  return NULL;
}

static gboolean
log_in (GuichectlConnection *self, GError **error)
{
  const char *login = self->target->login != NULL ? self->target->login : "admin";
  g_autofree char *prompt = g_strdup_printf ("Password of %s at %s: ", login, self->tenant);
  g_autofree char *password = g_strdup (g_getenv ("GUICHE_PASSWORD"));
  g_autoptr (JsonNode) reply = NULL;
  GuicheJsonWriter *body = NULL;
  const char *token = NULL;

  if (password == NULL)
    password = guichectl_prompt_hidden (prompt, error);
  if (password == NULL)
    return FALSE;
  body = guiche_json_writer_new ();
  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_string (body, "tenant", self->tenant);
  guiche_json_writer_member_string (body, "login", login);
  guiche_json_writer_member_string (body, "password", password);
  guiche_json_writer_end_object (body);
  reply = guichectl_call (self, "POST", "/api/v1/auth/login", body, error);
  if (reply == NULL ||
      !guiche_json_get_string (json_node_get_object (reply), "token", TRUE, &token, error))
    return FALSE;
  self->token = g_strdup (token);
  return TRUE;
}

gboolean
guichectl_connection_sign_in (GuichectlConnection *self, GError **error)
{
  self->token = g_strdup (self->target->token);
  if (self->token != NULL)
    return TRUE;
  self->tenant = self->target->tenant != NULL ? g_strdup (self->target->tenant)
                                              : find_only_tenant (self->options.data);
  if (self->tenant == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                         "say which company: --tenant KEY (guichectl tenant list)");
    return FALSE;
  }
  if (self->rings == NULL)
    return log_in (self, error);
  self->token = guiche_rings_sign_admin_token (self->rings, self->tenant, error);
  return self->token != NULL;
}

/* --- following events ------------------------------------------------------------------- */

typedef struct {
  GMainLoop *loop;
  GuichectlEventFunc on_event;
  gpointer user_data;
  GError *error; /* (nullable) */
} Following;

static gboolean
on_told_to_end (gpointer user_data)
{
  g_main_loop_quit (((Following *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

static void
acknowledge (SoupWebsocketConnection *socket, gint64 seq)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":\"seen\",\"seq\":%" G_GINT64_FORMAT "}", seq);

  soup_websocket_connection_send_text (socket, text);
}

static void
on_frame (SoupWebsocketConnection *socket, int type, GBytes *frame, gpointer user_data)
{
  Following *following = user_data;
  gsize length;
  const char *text = g_bytes_get_data (frame, &length);
  g_autoptr (JsonNode) node = guiche_json_parse_object (text, length, REPLY_BYTES_MAX, NULL);
  JsonObject *object = node == NULL ? NULL : json_node_get_object (node);
  gint64 seq = 0;

  if (object == NULL || !json_object_has_member (object, "kind"))
    return;
  following->on_event (text, following->user_data);
  if (guiche_json_get_int (object, "seq", TRUE, &seq, NULL))
    acknowledge (socket, seq);
}

static void
on_stream_closed (SoupWebsocketConnection *socket, gpointer user_data)
{
  Following *following = user_data;

  if (following->error == NULL)
    g_set_error (&following->error, GUICHE_ERROR, GUICHE_ERROR_NETWORK,
                 "the server closed the stream (%u)",
                 soup_websocket_connection_get_close_code (socket));
  g_main_loop_quit (following->loop);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Following *following = user_data;
  SoupWebsocketConnection *socket =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &following->error);

  if (socket == NULL) {
    g_main_loop_quit (following->loop);
    return;
  }
  soup_websocket_connection_set_max_incoming_payload_size (socket, 4 * 1024 * 1024);
  g_signal_connect (socket, "message", G_CALLBACK (on_frame), following);
  g_signal_connect (socket, "closed", G_CALLBACK (on_stream_closed), following);
  g_object_set_data_full (source, "guichectl-stream", socket, g_object_unref);
}

gboolean
guichectl_follow (GuichectlConnection *self,
                  gint64 since,
                  GuichectlEventFunc on_event,
                  gpointer user_data,
                  GError **error)
{
  g_autofree char *url =
      g_strdup_printf ("%s/api/v1/stream?since=%" G_GINT64_FORMAT, self->url, since);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Following following = { .loop = loop, .on_event = on_event, .user_data = user_data };
  guint on_term = g_unix_signal_add (SIGTERM, on_told_to_end, &following);
  guint on_int = g_unix_signal_add (SIGINT, on_told_to_end, &following);

  add_token (self, message);
  soup_session_websocket_connect_async (self->session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        NULL, on_connected, &following);
  g_main_loop_run (loop);
  g_source_remove (on_term);
  g_source_remove (on_int);
  if (following.error == NULL)
    return TRUE;
  g_propagate_error (error, following.error);
  return FALSE;
}
