/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/server-private.h"

#include <string.h>

gboolean
guiche_exchange_is_method (GuicheExchange *self, const char *method)
{
  const GuicheHead *head = guiche_connection_head (self->peer->connection);

  return head->method.length == strlen (method) &&
         memcmp (guiche_connection_slice (self->peer->connection, head->method), method,
                 head->method.length) == 0;
}

void
guiche_exchange_set_head (GuicheExchange *self, guint status, const char *type)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  soup_server_message_set_status (self->message, status, NULL);
  if (type != NULL)
    soup_message_headers_append (headers, "Content-Type", type);
  soup_message_headers_append (headers, "X-Content-Type-Options", "nosniff");
  if (guiche_connection_is_tls (self->peer->connection))
    soup_message_headers_append (headers, "Strict-Transport-Security", "max-age=31536000");
  guiche_cors_apply (self);
}

static gboolean
has_header (GuicheExchange *self, const char *name)
{
  for (guint i = 0; self->reply.headers != NULL && i < self->reply.headers->len; i++)
    if (g_ascii_strcasecmp (g_array_index (self->reply.headers, GuicheReplyHeader, i).name, name) ==
        0)
      return TRUE;
  return FALSE;
}

static void
add_own_headers (GuicheExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  for (guint i = 0; self->reply.headers != NULL && i < self->reply.headers->len; i++) {
    GuicheReplyHeader *header = &g_array_index (self->reply.headers, GuicheReplyHeader, i);
    soup_message_headers_append (headers, header->name, header->value);
  }
  if (!has_header (self, "Cache-Control"))
    soup_message_headers_append (headers, "Cache-Control", "no-store");
}

/* libsoup takes no empty piece. */
static void
write_bytes (GuicheExchange *self, GBytes *bytes)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  if (g_bytes_get_size (bytes) > 0)
    soup_message_body_append_bytes (body, bytes);
  soup_message_body_complete (body);
}

/* The writer's buffer stays until the exchange is given back, after the last byte was taken. */
static void
write_json (GuicheExchange *self)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  gsize length;
  const char *text = guiche_json_writer_peek (self->reply.json, &length);

  soup_message_body_append (body, SOUP_MEMORY_STATIC, text, length);
  soup_message_body_complete (body);
}

void
guiche_exchange_write_reply (GuicheExchange *self)
{
  GuicheReply *reply = &self->reply;

  if (reply->file_path != NULL) {
    g_autoptr (GError) error = NULL;
    if (guiche_send_file_begin (self, &error))
      guiche_exchange_resume (self);
    else
      guiche_exchange_write_error (self, error);
    return;
  }
  guint status =
      reply->status == 200 && !reply->has_json && reply->bytes == NULL ? 204 : reply->status;
  guiche_exchange_set_head (self, status,
                            reply->bytes != NULL ? reply->type
                            : reply->has_json    ? "application/json"
                                                 : NULL);
  add_own_headers (self);
  if (reply->bytes != NULL)
    write_bytes (self, reply->bytes);
  else if (reply->has_json)
    write_json (self);
  guiche_exchange_resume (self);
}

/* What went wrong inside is for the log, not for the client. */
static GError *
public_error (GuicheExchange *self, const GError *error)
{
  gboolean is_internal = error->domain != GUICHE_ERROR || error->code == GUICHE_ERROR_INTERNAL ||
                         error->code == GUICHE_ERROR_DATABASE_CORRUPT ||
                         error->code == GUICHE_ERROR_DATABASE_NEWER;

  if (!is_internal)
    return g_error_copy (error);
  g_warning ("%s %s: %s", self->row != NULL ? self->row->route->method : "-",
             self->row != NULL ? self->row->route->path : "-", error->message);
  return g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_INTERNAL,
                              "something went wrong in the server; it was written to its log");
}

void
guiche_exchange_write_error (GuicheExchange *self, const GError *error)
{
  g_autoptr (GError) shown = public_error (self, error);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *retry_after = guiche_error_get_detail (shown, "retry_after_s");
  char *text = guiche_error_to_json (shown);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  guiche_exchange_set_head (self, guiche_error_http_status (shown->code), "application/json");
  soup_message_headers_append (headers, "Cache-Control", "no-store");
  if (retry_after != NULL)
    soup_message_headers_append (headers, "Retry-After", retry_after);
  else if (shown->code == GUICHE_ERROR_UNAVAILABLE)
    soup_message_headers_append (headers, "Retry-After", "1");
  if (shown->code == GUICHE_ERROR_UNAUTHENTICATED)
    soup_message_headers_append (headers, "WWW-Authenticate", "Bearer");
  if (shown->code == GUICHE_ERROR_METHOD_NOT_ALLOWED && self->allow != NULL)
    soup_message_headers_append (headers, "Allow", self->allow);
  write_bytes (self, bytes);
  guiche_exchange_resume (self);
}

/* After the hub's own handler has stolen the connection: libsoup says no more about it. */
static void
on_taken (SoupServerMessage *message, gpointer user_data)
{
  GuicheExchange *self = user_data;
  GuicheServer *server = self->server;

  g_signal_handlers_disconnect_by_func (message, on_taken, self);
  guiche_exchange_on_finished (server, message, FALSE);
  guiche_acceptor_forget_taken (server->acceptor, soup_server_message_get_remote_address (message));
}

void
guiche_exchange_open_stream (GuicheExchange *self)
{
  GuicheHubPeer peer = {
    .tenant = self->request.tenant,
    .viewer = self->grant->viewer,
    .subject = self->grant->claims.subject,
    .session_id = self->grant->claims.session_id,
    .expires_at_us = self->grant->claims.expires_at_us,
    .since = guiche_request_query_int (&self->request, "since", -1),
    .address = self->request.actor.address,
  };

  if (guiche_hub_adopt (self->server->hub, self->message, &peer))
    g_signal_connect_after (self->message, "wrote-informational", G_CALLBACK (on_taken), self);
  guiche_exchange_resume (self);
}
