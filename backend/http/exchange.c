/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/server-private.h"

#include <string.h>

#define MAX_IDLE_EXCHANGES 256
#define KEPT_BODY_BYTES 8192

static GuicheExchange *
exchange_take (GuicheServer *server)
{
  GuicheExchange *self = g_queue_pop_tail (&server->idle_exchanges);

  if (self != NULL)
    return self;
  self = g_new0 (GuicheExchange, 1);
  guiche_request_init (&self->request);
  guiche_reply_init (&self->reply);
  self->body = g_byte_array_new ();
  self->head = g_string_sized_new (512);
  return self;
}

void
guiche_exchange_free (GuicheExchange *self)
{
  guiche_request_clear (&self->request);
  guiche_reply_clear (&self->reply);
  g_byte_array_unref (self->body);
  g_string_free (self->head, TRUE);
  g_free (self);
}

void
guiche_exchange_give_back (GuicheExchange *self)
{
  GuicheServer *server = self->server;
  GuicheRequest request;
  GuicheReply reply;
  GByteArray *body = self->body;
  GString *head = g_string_truncate (self->head, 0);

  guiche_send_file_stop (self);
  if (self->is_stream)
    g_signal_handlers_disconnect_by_data (self->message, self);
  guiche_request_reset (&self->request);
  guiche_reply_reset (&self->reply);
  g_clear_object (&self->message);
  g_clear_pointer (&self->peer, guiche_peer_unref);
  g_clear_pointer (&self->grant, guiche_grant_unref);
  g_clear_error (&self->error);
  g_free (self->allow);
  g_free (self->address);
  if (body->len > KEPT_BODY_BYTES) {
    g_byte_array_unref (body);
    body = g_byte_array_new ();
  }
  g_byte_array_set_size (body, 0);

  request = self->request;
  reply = self->reply;
  memset (self, 0, sizeof *self);
  self->request = request;
  self->reply = reply;
  self->body = body;
  self->head = head;
  server->n_exchanges--;
  if (g_queue_get_length (&server->idle_exchanges) < MAX_IDLE_EXCHANGES)
    g_queue_push_tail (&server->idle_exchanges, self);
  else
    guiche_exchange_free (self);
}

static GuichePeer *
peer_of (GuicheServer *server, SoupServerMessage *message)
{
  return guiche_acceptor_find (server->acceptor, soup_server_message_get_remote_address (message));
}

/* The last element is the one our own proxy has appended. */
static gboolean
read_forwarded (GuicheExchange *self)
{
  gsize length;
  const char *value =
      guiche_connection_header (self->peer->connection, GUICHE_HEADER_X_FORWARDED_FOR, &length);

  if (value == NULL)
    return FALSE;
  const char *comma = memrchr (value, ',', length);
  g_autofree char *text =
      comma != NULL ? g_strndup (comma + 1, value + length - comma - 1) : g_strndup (value, length);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (g_strstrip (text));
  if (address == NULL)
    return FALSE;
  self->address = g_inet_address_to_string (address);
  guiche_address_key_set (&self->address_key, address);
  return TRUE;
}

static GuicheText
header_text (GuicheExchange *self, GuicheHeader header)
{
  GuicheText text;

  text.text = guiche_connection_header (self->peer->connection, header, &text.length);
  return text;
}

static const char *
method_of (GuicheExchange *self, char buffer[20])
{
  const GuicheHead *head = guiche_connection_head (self->peer->connection);

  memcpy (buffer, guiche_connection_slice (self->peer->connection, head->method),
          head->method.length);
  buffer[head->method.length] = '\0';
  return buffer;
}

/* Finds the route; what is wrong goes into @error. */
void
guiche_exchange_route (GuicheExchange *self)
{
  GuicheConnection *connection = self->peer->connection;
  const GuicheHead *head = guiche_connection_head (connection);
  GuicheRequestTexts texts = {
    .target = { guiche_connection_slice (connection, head->target), head->target.length },
    .content_type = header_text (self, GUICHE_HEADER_CONTENT_TYPE),
    .user_agent = header_text (self, GUICHE_HEADER_USER_AGENT),
    .accept_language = header_text (self, GUICHE_HEADER_ACCEPT_LANGUAGE),
    .if_none_match = header_text (self, GUICHE_HEADER_IF_NONE_MATCH),
  };
  char method[20];

  if (!guiche_request_decode (&self->request, &texts, &self->error))
    return;

  self->row = guiche_router_find (self->server->router, method_of (self, method), &self->request,
                                  &self->allow);
  self->request.store = self->server->store;
  self->is_stream = self->row != NULL && self->row->route->handler == NULL;
  if (self->row != NULL)
    self->request.context = self->row->context;
  else if (self->allow != NULL)
    g_set_error (&self->error, GUICHE_ERROR, GUICHE_ERROR_METHOD_NOT_ALLOWED, "this path allows %s",
                 self->allow);
  else
    g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         "there is nothing at this path");
}

static gint64
body_limit (GuicheExchange *self)
{
  if (self->row != NULL && self->row->route->max_body > 0)
    return self->row->route->max_body;
  return GUICHE_JSON_MAX_BYTES;
}

/* Answers without waiting for the body and closes. */
static void
refuse_now (GuicheExchange *self, const GError *error)
{
  guiche_connection_refuse (self->peer->connection, guiche_error_http_status (error->code),
                            guiche_error_code_name (error->code), error->message);
}

static void
take_bytes (gpointer user_data, const void *data, gsize length)
{
  GuicheExchange *self = user_data;

  if (self->request.upload != NULL) {
    if (self->error == NULL &&
        !guiche_upload_write (self->request.upload, data, length, &self->error))
      refuse_now (self, self->error);
    return;
  }
  if (self->body->len + length > GUICHE_JSON_MAX_BYTES) {
    g_clear_error (&self->error);
    g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE,
                         "the body is too large");
    refuse_now (self, self->error);
    return;
  }
  g_byte_array_append (self->body, data, length);
}

/* A small file comes with its head. */
static void
take_whole_upload (GuicheExchange *self)
{
  gsize length;
  const char *body = guiche_connection_whole_body (self->peer->connection, &length);

  if (body != NULL)
    take_bytes (self, body, length);
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  gsize length;
  const void *data = g_bytes_get_data (chunk, &length);

  take_bytes (user_data, data, length);
}

/* libsoup keeps nothing of the body; of one in chunks it gives us what is in them. */
static void
watch_body (GuicheExchange *self)
{
  const GuicheHead *head = guiche_connection_head (self->peer->connection);

  gsize whole;

  if ((head->content_length <= 0 && !head->is_chunked) ||
      guiche_connection_whole_body (self->peer->connection, &whole) != NULL)
    return;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (self->message), FALSE);
  if (head->is_chunked)
    self->chunk_handler =
        g_signal_connect (self->message, "got-chunk", G_CALLBACK (on_chunk), self);
  else
    guiche_connection_set_sink (self->peer->connection, take_bytes, self);
}

GuicheExchange *
guiche_exchange_begin (GuicheServer *server, SoupServerMessage *message, GuichePeer *peer)
{
  GuicheExchange *self = exchange_take (server);

  server->n_exchanges++;
  self->server = server;
  self->message = message != NULL ? g_object_ref (message) : NULL;
  self->peer = guiche_peer_ref (peer);
  self->started_us = g_get_monotonic_time ();
  self->address_key = peer->key;
  peer->exchange = self;
  if (peer->is_proxy)
    read_forwarded (self);
  return self;
}

void
guiche_exchange_on_head (GuicheServer *server, SoupServerMessage *message)
{
  GuichePeer *peer = peer_of (server, message);

  if (peer == NULL)
    return;
  GuicheExchange *self = guiche_exchange_begin (server, message, peer);
  const GuicheHead *head = guiche_connection_head (peer->connection);
  gsize length;
  const char *expect = guiche_connection_header (peer->connection, GUICHE_HEADER_EXPECT, &length);

  guiche_exchange_route (self);
  watch_body (self);
  if (expect != NULL && (length != 12 || g_ascii_strncasecmp (expect, "100-continue", 12) != 0)) {
    guiche_connection_refuse (peer->connection, 417, "invalid-request",
                              "this expectation is not met");
    return;
  }
  if (head->content_length > body_limit (self)) {
    g_clear_error (&self->error);
    g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE,
                         "the body is too large");
  } else if (self->error == NULL &&
             guiche_connection_header (peer->connection, GUICHE_HEADER_CONTENT_ENCODING, &length) !=
                 NULL) {
    g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE,
                         "bodies are taken as they are, not encoded");
  } else if (self->error == NULL && self->row->route->max_body > 0) {
    guiche_exchange_begin_upload (self, &self->error);
  }
  /* A refused request with much to come is not read to its end. */
  if (self->error != NULL && (head->is_chunked || head->content_length > GUICHE_JSON_MAX_BYTES))
    refuse_now (self, self->error);
}

void
guiche_exchange_on_body (GuicheServer *server, SoupServerMessage *message)
{
  GuichePeer *peer = peer_of (server, message);
  GuicheExchange *self = peer != NULL ? peer->exchange : NULL;

  if (self == NULL || self->message != message)
    return;
  guiche_connection_set_handling (peer->connection, TRUE);
  if (self->request.upload != NULL)
    take_whole_upload (self);
  if (guiche_connection_head (peer->connection)->is_chunked || server->is_stopping)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Connection",
                                 "close");
  guiche_exchange_run (self);
}

static void
count (GuicheExchange *self)
{
  if (self->row != NULL)
    guiche_router_count (self->row, soup_server_message_get_status (self->message),
                         g_get_monotonic_time () - self->started_us);
}

void
guiche_exchange_on_finished (GuicheServer *server, SoupServerMessage *message, gboolean is_aborted)
{
  GuichePeer *peer = peer_of (server, message);
  GuicheExchange *self = peer != NULL ? peer->exchange : NULL;

  /* libsoup calls every reply of 500 aborted, also one that was sent. */
  if (peer != NULL)
    guiche_connection_request_done (peer->connection);
  if (self == NULL || self->message != message)
    return;
  peer->exchange = NULL;
  guiche_connection_set_sink (peer->connection, NULL, NULL);
  self->is_finished = TRUE;
  server->n_aborted += is_aborted && soup_server_message_get_status (message) != 500;
  if (!self->is_stream)
    count (self);
  if (self->chunk_handler != 0)
    g_signal_handler_disconnect (message, self->chunk_handler);
  self->chunk_handler = 0;
  if (!self->is_working)
    guiche_exchange_give_back (self);
}

void
guiche_exchange_pause (GuicheExchange *self)
{
  if (self->is_paused || self->message == NULL)
    return;
  self->is_paused = TRUE;
  soup_server_message_pause (self->message);
}

void
guiche_exchange_resume (GuicheExchange *self)
{
  if (!self->is_paused || self->is_finished)
    return;
  self->is_paused = FALSE;
  soup_server_message_unpause (self->message);
}

gboolean
guiche_exchange_release (GuicheExchange *self)
{
  self->is_working = FALSE;
  if (!self->is_finished)
    return TRUE;
  guiche_exchange_give_back (self);
  return FALSE;
}
