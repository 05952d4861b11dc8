/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/server-private.h"

#include <string.h>

/* Only the chat's routes may be called from pages of other origins, and only from those
 * configured; credentials are never allowed, since nothing here uses cookies. */

static gboolean
is_allowed (GuicheServer *server, const char *origin)
{
  return server->allows_any_origin ||
         g_strv_contains ((const char *const *) server->allowed_origins, origin);
}

static char *
dup_origin (GuicheExchange *self)
{
  gsize length;
  const char *origin =
      guiche_connection_header (self->peer->connection, GUICHE_HEADER_ORIGIN, &length);

  return origin != NULL ? g_strndup (origin, length) : NULL;
}

static void
allow (GuicheExchange *self, const char *origin)
{
  guiche_exchange_add_header (self, "Access-Control-Allow-Origin", origin);
  guiche_exchange_add_header (self, "Vary", "Origin");
}

void
guiche_cors_apply (GuicheExchange *self)
{
  if (self->row == NULL || !self->row->allows_origins)
    return;
  g_autofree char *origin = dup_origin (self);
  if (origin != NULL && is_allowed (self->server, origin))
    allow (self, origin);
}

static gboolean
path_allows_origins (GuicheExchange *self)
{
  const GuicheRequest *request = &self->request;

  return request->n_segments > 2 && strcmp (request->segments[2], "webchat") == 0;
}

void
guiche_cors_preflight (GuicheExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  g_autofree char *origin = dup_origin (self);

  soup_server_message_set_status (self->message, 204, NULL);
  soup_message_headers_append (headers, "Allow", self->allow);
  if (origin == NULL || !path_allows_origins (self) || !is_allowed (self->server, origin))
    return;
  allow (self, origin);
  soup_message_headers_append (headers, "Access-Control-Allow-Methods", self->allow);
  soup_message_headers_append (headers, "Access-Control-Allow-Headers",
                               "Authorization, Content-Type, Range");
  soup_message_headers_append (headers, "Access-Control-Max-Age", "600");
}
