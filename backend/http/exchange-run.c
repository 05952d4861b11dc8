/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/schema.h"
#include "http/server-private.h"

#include <string.h>

/* The token: `Authorization: Bearer`, or `?token=` where a header cannot be set (WebSocket,
 * <audio>). */
static gboolean
find_token (GuicheExchange *self, const char **out_token, gsize *out_length)
{
  gsize length;
  const char *value =
      guiche_connection_header (self->peer->connection, GUICHE_HEADER_AUTHORIZATION, &length);

  if (value != NULL && length > 7 && g_ascii_strncasecmp (value, "Bearer ", 7) == 0) {
    *out_token = value + 7;
    *out_length = length - 7;
    return TRUE;
  }
  const char *token = guiche_request_query (&self->request, "token");
  if (value != NULL || token == NULL || strcmp (self->row->route->method, "GET") != 0)
    return FALSE;
  *out_token = token;
  *out_length = strlen (token);
  return TRUE;
}

static gboolean
find_own_tenant (GuicheExchange *self)
{
  const char *key = guiche_request_path_param (&self->request, "tenant");

  /* Public routes that name the company in their path; sign-in names it in its body. */
  if (key == NULL)
    return TRUE;
  self->request.tenant = guiche_store_find_tenant (self->server->store, key);
  if (self->request.tenant != NULL)
    return TRUE;
  g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                       "there is no such company");
  return FALSE;
}

gboolean
guiche_exchange_identify (GuicheExchange *self)
{
  const char *token;
  gsize length;

  self->request.actor.address = self->address != NULL ? self->address : self->peer->address;
  if (self->row->route->role == GUICHE_ROLE_NONE)
    return find_own_tenant (self);
  if (!find_token (self, &token, &length)) {
    g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, "sign in first");
    return FALSE;
  }
  GuicheGrant *grant = guiche_access_find (self->server->access, token, length, &self->error);
  if (grant == NULL)
    return FALSE;
  self->grant = guiche_grant_ref (grant);
  self->request.tenant = grant->tenant;
  return TRUE;
}

gboolean
guiche_exchange_authorize (GuicheExchange *self)
{
  const GuicheRoute *route = self->row->route;

  if (self->grant != NULL) {
    GuicheViewer *viewer = self->grant->viewer;
    gboolean is_allowed = route->role == GUICHE_ROLE_VISITOR ? viewer->role == GUICHE_ROLE_VISITOR
                                                             : viewer->role >= route->role;
    if (!is_allowed) {
      g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN,
                           "this role may not do that");
      return FALSE;
    }
    self->request.actor.role = viewer->role;
    self->request.actor.id = self->grant->claims.subject;
    self->request.actor.session_id = self->grant->claims.session_id;
    self->request.actor.viewer = viewer;
  }
  return guiche_limits_take (self->server->limits, self->request.tenant, &self->address_key,
                             route->rate, self->started_us, &self->error);
}

static gboolean
is_json (const char *type)
{
  static const char json[] = "application/json";

  return type != NULL && g_ascii_strncasecmp (type, json, sizeof json - 1) == 0 &&
         (type[sizeof json - 1] == '\0' || type[sizeof json - 1] == ';' ||
          type[sizeof json - 1] == ' ');
}

static gboolean
decode_body (GuicheExchange *self)
{
  const GuicheRoute *route = self->row->route;
  gsize length;
  const char *text = guiche_connection_whole_body (self->peer->connection, &length);

  if (text == NULL) {
    text = (const char *) self->body->data;
    length = self->body->len;
  }

  if (route->query != NULL &&
      !guiche_schema_check_query (route->query, &self->request, &self->error))
    return FALSE;
  if (route->max_body > 0 || (route->request == NULL && length == 0))
    return TRUE;
  if (length > 0 && !is_json (self->request.content_type)) {
    g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE,
                         "send application/json");
    return FALSE;
  }
  if (route->request == NULL)
    return guiche_json_check (text, length, GUICHE_JSON_MAX_BYTES, &self->error);
  if (length == 0) {
    text = "{}";
    length = 2;
  }
  self->request.body = guiche_json_parse_object (text, length, GUICHE_JSON_MAX_BYTES, &self->error);
  return self->request.body != NULL &&
         guiche_schema_check (route->request, json_node_get_object (self->request.body),
                              &self->error);
}

/* (thread writer), (thread reader), (thread worker) */
static gboolean
run_handler (GuicheTx *tx, gpointer data, GError **error)
{
  GuicheExchange *self = data;

  guiche_reply_reset (&self->reply); /* a batch may run its requests again one by one */
  return self->row->route->handler (tx, &self->request, &self->reply, error);
}

/* (thread main) */
static void
on_handled (gpointer data, GError *error)
{
  GuicheExchange *self = data;

  if (!guiche_exchange_release (self))
    return;
  if (error != NULL)
    guiche_exchange_write_error (self, error);
  else
    guiche_exchange_write_reply (self);
}

/* (thread worker) */
static void
run_on_worker (gpointer data, gpointer user_data)
{
  GuicheExchange *self = data;

  run_handler (NULL, self, &self->error);
}

static void
on_worker_done (gpointer data, gpointer user_data)
{
  GuicheExchange *self = data;

  on_handled (self, self->error);
}

static void
dispatch_to_worker (GuicheExchange *self)
{
  GuicheServer *server = self->server;
  gboolean is_sign_in = self->row->route->rate == GUICHE_RATE_SIGN_IN;
  GuicheWorkers *workers = is_sign_in ? server->sign_in_workers : server->workers;

  if (guiche_workers_push (workers, run_on_worker, on_worker_done, self, NULL)) {
    self->is_working = TRUE;
    guiche_exchange_pause (self);
    return;
  }
  g_set_error_literal (&self->error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                       "too much is waiting: try again");
  guiche_exchange_write_error (self, self->error);
}

static void
dispatch (GuicheExchange *self)
{
  if (self->is_stream) {
    guiche_exchange_open_stream (self);
    return;
  }
  switch (self->row->route->mode) {
  case GUICHE_ROUTE_WRITE:
    self->is_working = TRUE;
    guiche_exchange_pause (self);
    guiche_tenant_write (self->request.tenant, &self->request.actor, run_handler, on_handled, self);
    break;
  case GUICHE_ROUTE_READ:
    self->is_working = TRUE;
    guiche_exchange_pause (self);
    guiche_tenant_read (self->request.tenant, &self->request.actor, run_handler, on_handled, self);
    break;
  case GUICHE_ROUTE_WORKER:
    dispatch_to_worker (self);
    break;
  case GUICHE_ROUTE_RING:
  default:
    if (run_handler (NULL, self, &self->error))
      guiche_exchange_write_reply (self);
    else
      guiche_exchange_write_error (self, self->error);
    break;
  }
}

static void
check_and_dispatch (GuicheExchange *self)
{
  gboolean is_authorized = self->request.upload != NULL || guiche_exchange_authorize (self);

  if (is_authorized && decode_body (self))
    dispatch (self);
  else
    guiche_exchange_write_error (self, self->error);
}

static void
on_loaded (gpointer user_data, const GError *error)
{
  GuicheExchange *self = user_data;

  if (!guiche_exchange_release (self))
    return;
  if (error != NULL)
    guiche_exchange_write_error (self, error);
  else
    check_and_dispatch (self);
}

void
guiche_exchange_run (GuicheExchange *self)
{
  char method[8] = "";
  const GuicheHead *head = guiche_connection_head (self->peer->connection);

  memcpy (method, guiche_connection_slice (self->peer->connection, head->method),
          MIN (head->method.length, 7));
  if (self->allow != NULL && strcmp (method, "OPTIONS") == 0) {
    guiche_cors_preflight (self);
    return;
  }
  /* An upload was identified before its body came. */
  if (self->error != NULL || (self->request.upload == NULL && !guiche_exchange_identify (self))) {
    guiche_exchange_write_error (self, self->error);
    return;
  }
  if (self->grant == NULL || self->request.upload != NULL || guiche_access_is_fresh (self->grant)) {
    check_and_dispatch (self);
    return;
  }
  self->is_working = TRUE;
  guiche_exchange_pause (self);
  guiche_access_load (self->server->access, self->grant, on_loaded, self);
}
