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
guiche_exchange_add_header (GuicheExchange *self, const char *name, const char *value)
{
  if (self->message != NULL) {
    SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
    soup_message_headers_append (headers, name, value);
    return;
  }
  g_string_append (self->head, name);
  g_string_append_len (self->head, ": ", 2);
  g_string_append (self->head, value);
  g_string_append_len (self->head, "\r\n", 2);
}

void
guiche_exchange_set_head (GuicheExchange *self, guint status, const char *type)
{
  self->status = status;
  if (self->message != NULL)
    soup_server_message_set_status (self->message, status, NULL);
  if (type != NULL)
    guiche_exchange_add_header (self, "Content-Type", type);
  guiche_exchange_add_header (self, "X-Content-Type-Options", "nosniff");
  if (guiche_connection_is_tls (self->peer->connection))
    guiche_exchange_add_header (self, "Strict-Transport-Security", "max-age=31536000");
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
  for (guint i = 0; self->reply.headers != NULL && i < self->reply.headers->len; i++) {
    GuicheReplyHeader *header = &g_array_index (self->reply.headers, GuicheReplyHeader, i);
    guiche_exchange_add_header (self, header->name, header->value);
  }
  if (!has_header (self, "Cache-Control"))
    guiche_exchange_add_header (self, "Cache-Control", "no-store");
}

/* @body stays until the exchange is given back, after its last byte was taken. */
static void
finish (GuicheExchange *self, const void *body, gsize length)
{
  if (self->message == NULL) {
    guiche_exchange_answer_direct (self, body, length);
    return;
  }
  SoupMessageBody *message_body = soup_server_message_get_response_body (self->message);
  if (length > 0) /* libsoup takes no empty piece */
    soup_message_body_append (message_body, SOUP_MEMORY_STATIC, body, length);
  soup_message_body_complete (message_body);
  guiche_exchange_resume (self);
}

static void
write_file (GuicheExchange *self)
{
  g_autoptr (GError) error = NULL;

  /* Who changes something does not answer with a file; that would need libsoup's streaming. */
  if (self->message == NULL)
    g_set_error_literal (&error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "a file from a write");
  else if (guiche_send_file_begin (self, &error))
    guiche_exchange_resume (self);
  if (error != NULL)
    guiche_exchange_write_error (self, error);
}

void
guiche_exchange_write_reply (GuicheExchange *self)
{
  GuicheReply *reply = &self->reply;
  gboolean is_empty = !reply->has_json && reply->bytes == NULL;
  const void *body = NULL;
  gsize length = 0;

  if (reply->file_path != NULL) {
    write_file (self);
    return;
  }
  if (reply->bytes != NULL)
    body = g_bytes_get_data (reply->bytes, &length);
  else if (reply->has_json)
    body = guiche_json_writer_peek (reply->json, &length);
  guiche_exchange_set_head (self, reply->status == 200 && is_empty ? 204 : reply->status,
                            reply->bytes != NULL ? reply->type
                            : reply->has_json    ? "application/json"
                                                 : NULL);
  add_own_headers (self);
  finish (self, body, length);
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
  const char *retry_after = guiche_error_get_detail (shown, "retry_after_s");
  char *text = guiche_error_to_json (shown);

  g_clear_pointer (&self->reply.bytes, g_bytes_unref);
  self->reply.bytes = g_bytes_new_take (text, strlen (text));
  guiche_exchange_set_head (self, guiche_error_http_status (shown->code), "application/json");
  guiche_exchange_add_header (self, "Cache-Control", "no-store");
  if (retry_after != NULL)
    guiche_exchange_add_header (self, "Retry-After", retry_after);
  else if (shown->code == GUICHE_ERROR_UNAVAILABLE)
    guiche_exchange_add_header (self, "Retry-After", "1");
  if (shown->code == GUICHE_ERROR_UNAUTHENTICATED)
    guiche_exchange_add_header (self, "WWW-Authenticate", "Bearer");
  if (shown->code == GUICHE_ERROR_METHOD_NOT_ALLOWED && self->allow != NULL)
    guiche_exchange_add_header (self, "Allow", self->allow);
  finish (self, text, strlen (text));
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
