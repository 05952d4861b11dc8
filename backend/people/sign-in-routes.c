/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/text.h"
#include "people/routes.h"
#include "people/sign-in.h"
#include "people/user-schema.h"

#define DEVICE_MAX_CHARACTERS 120

static const GuicheField login_fields[] = {
  { "tenant", GUICHE_TYPE_STRING, TRUE, 1, 64, "The company's key" },
  { "login", GUICHE_TYPE_STRING, TRUE, 1, 64, "The user's login" },
  { "password", GUICHE_TYPE_STRING, TRUE, 1, 256, "The user's password" },
  { NULL },
};
static const GuicheSchema login_schema = { "Login", login_fields };

static const GuicheField refresh_fields[] = {
  { "refresh_token", GUICHE_TYPE_STRING, TRUE, 1, 256, "The newest refresh token received" },
  { NULL },
};
static const GuicheSchema refresh_schema = { "Refresh", refresh_fields };

static const GuicheField nothing_fields[] = { { NULL } };
static const GuicheSchema nothing_schema = { "Nothing", nothing_fields };

static const GuicheField session_fields[] = {
  { "token", GUICHE_TYPE_STRING, TRUE, .description = "Access token, for `Authorization: Bearer`" },
  { "refresh_token", GUICHE_TYPE_STRING, TRUE, .description = "Good for one refresh" },
  { "expires_at", GUICHE_TYPE_TIME, TRUE, .description = "When the access token ends" },
  { "user", GUICHE_TYPE_OBJECT, TRUE, .schema = &guiche_user_schema },
  { NULL },
};
static const GuicheSchema session_schema = { "Session", session_fields, TRUE };

/* Answers with the tokens of @sign_in. */
static void
reply_session (const GuicheRequest *request,
               GuicheTenant *tenant,
               const GuicheSignIn *sign_in,
               GuicheReply *reply)
{
  GuichePeopleContext *context = guiche_request_context (request);
  gint64 now = guiche_clock_now_us (guiche_store_clock (guiche_request_store (request)));
  GuicheTokenClaims claims = {
    .tenant = guiche_tenant_key (tenant),
    .role = sign_in->user->role,
    .subject = sign_in->user->id,
    .session_id = sign_in->session_id,
    .expires_at_us = now + GUICHE_SESSION_ACCESS_US,
  };
  g_autofree char *token = guiche_server_sign_token (context->server, &claims);
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "token", token);
  guiche_json_writer_member_string (writer, "refresh_token", sign_in->refresh_token);
  guiche_json_writer_member_int (writer, "expires_at", claims.expires_at_us);
  guiche_json_writer_name (writer, "user");
  guiche_user_write_json (sign_in->user, writer);
  guiche_json_writer_end_object (writer);
  guiche_reply_set_header (reply, "Cache-Control", "no-store");
}

static char *
device_of (const GuicheRequest *request)
{
  const char *agent = guiche_request_header (request, "User-Agent");

  return agent == NULL ? NULL : guiche_text_one_line (agent, DEVICE_MAX_CHARACTERS);
}

/* (thread worker) */
static gboolean
handle_login (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  GuichePeopleContext *context = guiche_request_context (request);
  JsonObject *body = guiche_request_body (request);
  g_auto (GuicheSignIn) sign_in = { 0 };
  g_autofree char *device = device_of (request);
  const char *key = NULL, *login = NULL, *password = NULL;
  GuicheTenant *tenant;

  if (!guiche_json_get_string (body, "tenant", TRUE, &key, error) ||
      !guiche_json_get_string (body, "login", TRUE, &login, error) ||
      !guiche_json_get_string (body, "password", TRUE, &password, error))
    return FALSE;
  tenant = guiche_store_find_tenant (guiche_request_store (request), key);
  if (!guiche_sign_in (tenant, context->passwords, guiche_request_actor (request), login, password,
                       device, &sign_in, error))
    return FALSE;
  reply_session (request, tenant, &sign_in, reply);
  return TRUE;
}

/* (thread worker) */
static gboolean
handle_refresh (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (GuicheSignIn) sign_in = { 0 };
  g_autofree char *key = NULL;
  const char *token = NULL;
  GuicheSecret secret;
  GuicheTenant *tenant = NULL;

  if (!guiche_json_get_string (guiche_request_body (request), "refresh_token", TRUE, &token, error))
    return FALSE;
  if (guiche_secret_parse_token (token, &key, &secret))
    tenant = guiche_store_find_tenant (guiche_request_store (request), key);
  if (tenant == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                         "the session has ended: sign in again");
    return FALSE;
  }
  if (!guiche_sign_in_refresh (tenant, guiche_request_actor (request), &secret, &sign_in, error))
    return FALSE;
  reply_session (request, tenant, &sign_in, reply);
  return TRUE;
}

static void
reply_nothing (GuicheReply *reply)
{
  GuicheJsonWriter *writer = guiche_reply_json (reply);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_end_object (writer);
}

static gboolean
handle_logout (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  if (!guiche_session_revoke (tx, &guiche_tx_actor (tx)->session_id, error))
    return FALSE;
  reply_nothing (reply);
  return TRUE;
}

static gboolean
handle_logout_everywhere (GuicheTx *tx,
                          const GuicheRequest *request,
                          GuicheReply *reply,
                          GError **error)
{
  if (!guiche_session_revoke_all (tx, &guiche_tx_actor (tx)->id, NULL, error))
    return FALSE;
  reply_nothing (reply);
  return TRUE;
}

static const GuicheRoute routes[] = {
  { "POST", "/api/v1/auth/login", GUICHE_ROLE_NONE, GUICHE_RATE_SIGN_IN, GUICHE_ROUTE_WORKER, NULL,
    &login_schema, &session_schema, handle_login, "Sign in" },
  { "POST", "/api/v1/auth/refresh", GUICHE_ROLE_NONE, GUICHE_RATE_WRITE, GUICHE_ROUTE_WORKER, NULL,
    &refresh_schema, &session_schema, handle_refresh, "Exchange a refresh token for new tokens" },
  { "POST", "/api/v1/auth/logout", GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, GUICHE_ROUTE_WRITE, NULL,
    NULL, &nothing_schema, handle_logout, "End this session" },
  { "POST", "/api/v1/auth/logout-everywhere", GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE,
    GUICHE_ROUTE_WRITE, NULL, NULL, &nothing_schema, handle_logout_everywhere,
    "End every session of the user" },
  { NULL },
};

const GuicheRoute *
guiche_sign_in_routes (void)
{
  return routes;
}
