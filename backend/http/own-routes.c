/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "http/server-private.h"
#include "store/catch-up.h"

#include <string.h>

/* What the ring answers itself. */

/* Figures tell about the company: they are for this machine and for those that watch it, not for
 * who comes through the proxy. */
static gboolean
may_see_figures (GuicheServer *self, const char *text)
{
  const char *watchers = guiche_settings_get_string (self->settings, "http", "metrics_addresses");
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  g_auto (GStrv) words = g_strsplit (watchers, " ", -1);

  if (address == NULL)
    return strcmp (text, "local") == 0;
  if (g_inet_address_get_is_loopback (address))
    return TRUE;
  for (gsize i = 0; words[i] != NULL; i++) {
    g_autoptr (GInetAddress) watcher = g_inet_address_new_from_string (words[i]);
    if (watcher != NULL && g_inet_address_equal (watcher, address))
      return TRUE;
  }
  return FALSE;
}

static gboolean
handle_live (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "status", "ok");
  guiche_json_writer_end_object (writer);
  return TRUE;
}

static const char *
bus_state (GuicheServer *self)
{
  if (self->bus == NULL || !guiche_bus_has_url (self->bus))
    return "none";
  return guiche_bus_is_connected (self->bus) ? "connected" : "away";
}

/* Which node this is helps who runs it, and nobody else. */
static void
write_details (GuicheServer *self, GuicheJsonWriter *writer, gboolean is_reachable)
{
  gboolean is_shared = guiche_store_is_shared (self->store);

  guiche_json_writer_member_string (writer, "node", guiche_store_node (self->store));
  guiche_json_writer_member_string (writer, "version", GUICHE_VERSION);
  guiche_json_writer_member_string (writer, "engine", is_shared ? "postgresql" : "sqlite");
  guiche_json_writer_member_bool (writer, "is_database_reachable", is_reachable);
  guiche_json_writer_member_string (writer, "bus", bus_state (self));
  guiche_json_writer_member_bool (writer, "is_draining", self->is_draining);
}

/* Ready for new requests: answered at once, also when the database hangs. */
static gboolean
handle_ready (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheServer *self = guiche_request_context (request);
  GuicheJsonWriter *writer = guiche_reply_json (reply);
  gboolean is_reachable = guiche_health_is_reachable (self->health);
  const char *status = "ok";

  if (self->is_stopping)
    status = "stopping";
  else if (self->is_draining)
    status = "draining";
  else if (!is_reachable)
    status = "unavailable";
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "status", status);
  if (may_see_figures (self, guiche_request_actor (request)->address))
    write_details (self, writer, is_reachable);
  guiche_json_writer_end_object (writer);
  if (strcmp (status, "ok") != 0)
    guiche_reply_set_status (reply, 503);
  return TRUE;
}

static gboolean
handle_metrics (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  if (!may_see_figures (guiche_request_context (request),
                        guiche_request_actor (request)->address)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         "there is nothing at this path");
    return FALSE;
  }

  char *text = guiche_metrics_text (guiche_request_context (request));
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  guiche_reply_set_bytes (reply, bytes, "text/plain; version=0.0.4; charset=utf-8");
  return TRUE;
}

static gboolean
handle_openapi (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuicheServer *self = guiche_request_context (request);

  if (self->openapi == NULL)
    self->openapi = guiche_openapi_document (self);
  guiche_reply_set_bytes (reply, self->openapi, "application/json");
  return TRUE;
}

static const char *const health_states[] = { "ok", "unavailable", "draining", "stopping", NULL };
static const char *const bus_states[] = { "none", "connected", "away", NULL };

static const GuicheField live_fields[] = {
  { "status", GUICHE_TYPE_STRING, TRUE, .description = "`ok`: the process answers" },
  { NULL },
};
static const GuicheSchema live_schema = { "Live", live_fields, TRUE };

static const GuicheField health_fields[] = {
  { "status", GUICHE_TYPE_STRING, TRUE, .choices = health_states,
    .description = "Anything but `ok` comes with status 503: `unavailable` (the database does not "
                   "answer), `draining` (go to another node), `stopping`" },
  { "node", GUICHE_TYPE_STRING, FALSE,
    .description = "This and what follows: only for those who may see /metrics" },
  { "version", GUICHE_TYPE_STRING, FALSE },
  { "engine", GUICHE_TYPE_STRING, FALSE, .description = "`sqlite` or `postgresql`" },
  { "is_database_reachable", GUICHE_TYPE_BOOLEAN, FALSE },
  { "bus", GUICHE_TYPE_STRING, FALSE, .choices = bus_states,
    .description = "Redis: `none` is configured, `connected`, or `away` (slower, nothing wrong)" },
  { "is_draining", GUICHE_TYPE_BOOLEAN, FALSE },
  { NULL },
};
static const GuicheSchema health_schema = { "Health", health_fields, TRUE };

static const GuicheField stream_query[] = {
  { "since", GUICHE_TYPE_INTEGER, FALSE,
    .description = "seq of the last event the client has; without it: from now on" },
  { "token", GUICHE_TYPE_STRING, FALSE, 1, GUICHE_TOKEN_MAX_LENGTH,
    "Access token, where the Authorization header cannot be set" },
  { NULL },
};

static const GuicheRoute own_routes[] = {
  { "GET", "/health", GUICHE_ROLE_NONE, GUICHE_RATE_NONE, GUICHE_ROUTE_RING, NULL, NULL,
    &health_schema, handle_ready, "As /health/ready" },
  { "GET", "/health/live", GUICHE_ROLE_NONE, GUICHE_RATE_NONE, GUICHE_ROUTE_RING, NULL, NULL,
    &live_schema, handle_live, "Is the process alive? Anything else: start it anew" },
  { "GET", "/health/ready", GUICHE_ROLE_NONE, GUICHE_RATE_NONE, GUICHE_ROUTE_RING, NULL, NULL,
    &health_schema, handle_ready, "Should new requests come here? For balancers" },
  { "GET", "/metrics", GUICHE_ROLE_NONE, GUICHE_RATE_NONE, GUICHE_ROUTE_RING, NULL, NULL, NULL,
    handle_metrics, "Figures in Prometheus' text format" },
  { "GET", "/api/v1/openapi.json", GUICHE_ROLE_NONE, GUICHE_RATE_NONE, GUICHE_ROUTE_RING, NULL,
    NULL, NULL, handle_openapi, "This document" },
  { "GET", "/api/v1/stream", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_RING, stream_query,
    NULL, NULL, NULL, "The live stream of events (WebSocket)" },
  { "GET", "/api/v1/webchat/stream", GUICHE_ROLE_VISITOR, GUICHE_RATE_READ, GUICHE_ROUTE_RING,
    stream_query, NULL, NULL, NULL, "The visitor's live stream (WebSocket)" },
  { NULL },
};

void
guiche_server_add_own_routes (GuicheServer *self)
{
  static const char docs_csp[] =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
      "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  guiche_server_add_routes (self, own_routes, self);
  guiche_server_add_routes (self, guiche_sync_routes (), NULL);
  guiche_server_add_static (self, "/docs", "/io/github/guiche/Guiche/docs/index.html", docs_csp);
  guiche_server_add_static (self, "/docs/{file*}", "/io/github/guiche/Guiche/docs", docs_csp);
}
