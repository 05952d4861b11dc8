/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/fake-server.h"

#include <string.h>

#define USER                                                                                       \
  "{\"id\":\"" GUICHE_FAKE_ME                                                                      \
  "\",\"login\":\"ana\",\"name\":\"Ana\",\"role\":\"agent\",\"email\":null,"                       \
  "\"status_text\":null,\"is_enabled\":true,\"queues\":[\"financial\"]}"

static void
answer (SoupServerMessage *message, guint status, const char *json)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, json,
                                    strlen (json));
}

static void
answer_tokens (GuicheFakeServer *self, SoupServerMessage *message)
{
  gint64 life = self->token_life_us != 0 ? self->token_life_us : G_TIME_SPAN_HOUR;
  g_autofree char *json = g_strdup_printf (
      "{\"token\":\"t%u\",\"refresh_token\":\"r%u\",\"expires_at\":%" G_GINT64_FORMAT
      ",\"user\":" USER "}",
      self->n_logins + self->n_refreshes, self->n_logins + self->n_refreshes,
      g_get_real_time () + life);

  answer (message, 200, json);
}

static void
answer_snapshot (GuicheFakeServer *self, SoupServerMessage *message)
{
  g_autofree char *conversation = guiche_fake_conversation_json (0, "open");
  g_autofree char *json = g_strdup_printf (
      "{\"seq\":10,\"me\":" USER ",\"users\":[" USER
      "],\"queues\":[],\"canned_replies\":[],\"conversations\":[%s],"
      "\"customers\":[],\"messages\":[],\"drafts\":[],\"read_marks\":[],\"scheduled_messages\":[]}",
      conversation);

  self->n_snapshots++;
  answer (message, 200, self->snapshot != NULL ? self->snapshot : json);
}

static void
refuse (SoupServerMessage *message, guint status)
{
  answer (message, status,
          status == 401   ? "{\"error\":{\"code\":\"unauthenticated\",\"message\":\"no\"}}"
          : status == 408 ? "<html><body>408 Request Time-out</body></html>" /* a balancer's */
          : status == 409 ? "{\"error\":{\"code\":\"conversation-closed\",\"message\":\"closed\"}}"
                          : "{\"error\":{\"code\":\"unavailable\",\"message\":\"later\"}}");
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  GuicheFakeServer *self = user_data;

  if (self->redirects) {
    soup_server_message_set_redirect (message, 302, "http://127.0.0.1:1/elsewhere");
  } else if (strcmp (path, "/api/v1/auth/login") == 0) {
    self->n_logins++;
    answer_tokens (self, message);
  } else if (strcmp (path, "/api/v1/auth/refresh") == 0) {
    self->n_refreshes++;
    if (self->refresh_status != 0)
      refuse (message, self->refresh_status);
    else
      answer_tokens (self, message);
  } else if (strcmp (path, "/api/v1/snapshot") == 0) {
    answer_snapshot (self, message);
  } else if (soup_server_message_get_method (message) == SOUP_METHOD_DELETE) {
    g_free (self->deleted);
    self->deleted = g_strdup (path);
    answer (message, 200, "{}");
  } else if (g_str_has_suffix (path, "/messages")) {
    self->n_posts++;
    refuse (message, self->post_status != 0 ? self->post_status : 503);
  } else if (strcmp (path, "/api/v1/conversations") == 0) {
    answer (message, 200, "{\"items\":[],\"next_cursor\":null}");
  } else {
    answer (message, 200, "{}");
  }
}

static void
on_stream_text (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer user_data)
{
  GuicheFakeServer *self = user_data;

  g_ptr_array_add (self->received,
                   g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static void
on_early (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  GuicheFakeServer *self = user_data;

  self->n_streams++;
  self->offers_extensions =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Sec-WebSocket-Extensions") != NULL;
  g_free (self->since);
  self->since = query != NULL ? g_strdup (g_hash_table_lookup (query, "since")) : NULL;
  if (self->stream_status != 0)
    refuse (message, self->stream_status);
}

static void
on_stream (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *connection,
           gpointer user_data)
{
  GuicheFakeServer *self = user_data;

  g_set_object (&self->stream, connection);
  g_signal_connect (connection, "message", G_CALLBACK (on_stream_text), self);
}

GuicheFakeServer *
guiche_fake_server_new (GTlsCertificate *certificate)
{
  GuicheFakeServer *self = g_new0 (GuicheFakeServer, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->received = g_ptr_array_new_with_free_func (g_free);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  soup_server_add_early_handler (self->server, "/api/v1/stream", on_early, self, NULL);
  soup_server_add_websocket_handler (self->server, "/api/v1/stream", NULL, NULL, on_stream, self,
                                     NULL);
  soup_server_listen_local (
      self->server, 0,
      SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  self->url[strlen (self->url) - 1] = '\0';
  return self;
}

void
guiche_fake_server_free (GuicheFakeServer *self)
{
  g_clear_object (&self->stream);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_ptr_array_unref (self->received);
  g_free (self->snapshot);
  g_free (self->since);
  g_free (self->deleted);
  g_free (self->url);
  g_free (self);
}

void
guiche_fake_server_say (GuicheFakeServer *self, const char *text)
{
  soup_websocket_connection_send_text (self->stream, text);
}

void
guiche_fake_server_close (GuicheFakeServer *self, gushort code)
{
  soup_websocket_connection_close (self->stream, code, NULL);
  g_clear_object (&self->stream);
}

char *
guiche_fake_conversation_json (gint64 last_seq, const char *state)
{
  return g_strdup_printf ("{\"id\":\"" GUICHE_FAKE_CONVERSATION
                          "\",\"kind\":\"customer\",\"channel\":\"webchat\",\"customer_id\":null,"
                          "\"title\":\"Maria\",\"queue\":\"financial\",\"priority\":5,\"state\":\"%"
                          "s\",\"assignee_id\":\"" GUICHE_FAKE_ME
                          "\",\"last_seq\":%" G_GINT64_FORMAT
                          ",\"last_message\":null,\"waiting_since\":null,\"opened_at\":1,"
                          "\"snoozed_until\":null,\"closed_at\":null,\"close_reason\":null,"
                          "\"created_at\":1,\"updated_at\":1,\"members\":[],"
                          "\"customer_read_seq\":0,\"agent_read_seq\":0,\"customer_delivered_seq\":"
                          "0,\"agent_delivered_seq\":0}",
                          state, last_seq);
}

char *
guiche_fake_message_json (gint64 seq,
                          const char *client_id,
                          const char *sender_id,
                          const char *body)
{
  return g_strdup_printf (
      "{\"id\":\"00000000-0000-7000-8000-0e%010" G_GINT64_FORMAT
      "\",\"conversation_id\":\"" GUICHE_FAKE_CONVERSATION "\",\"seq\":%" G_GINT64_FORMAT
      ",\"client_id\":\"%s\",\"sender\":{\"kind\":\"%s\",\"id\":\"%s\",\"name\":\"X\"},"
      "\"kind\":\"text\",\"body\":\"%s\",\"attachments\":[],\"quote\":null,\"at\":%" G_GINT64_FORMAT
      ",\"state\":1,\"edited_at\":null,\"deleted_at\":null,\"mentions\":[]}",
      seq, seq, client_id, strcmp (sender_id, GUICHE_FAKE_ME) == 0 ? "agent" : "customer",
      sender_id, body, g_get_real_time ());
}
