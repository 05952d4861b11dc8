/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/request-private.h"
#include "http/router.h"
#include "http/schema.h"
#include "support/desk.h"

#include <string.h>

typedef struct {
  const GuicheRoute *route;
  const GuicheRequest *request;
  GuicheReply *reply;
} Call;

static gboolean
run_handler (GuicheTx *tx, gpointer data, GError **error)
{
  Call *call = data;

  guiche_reply_reset (call->reply);
  return call->route->handler (tx, call->request, call->reply, error);
}

static gboolean
check_role (const GuicheRoute *route, GuicheRole role, GError **error)
{
  gboolean is_allowed =
      route->role == GUICHE_ROLE_VISITOR ? role == GUICHE_ROLE_VISITOR : role >= route->role;

  if (!is_allowed)
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN, "the role does not suffice");
  return is_allowed;
}

static gboolean
decode (GuicheTestDesk *self,
        GuicheRequest *request,
        const char *method,
        const char *target,
        const char *body,
        const GuicheRoute **out_route,
        GError **error)
{
  GuicheRequestTexts texts = { .target = { target, strlen (target) } };
  g_autofree char *allow = NULL;
  GuicheRouterRow *row;

  if (!guiche_request_decode (request, &texts, error))
    return FALSE;
  row = guiche_router_find (self->router, method, request, &allow);
  if (row == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no such route");
    return FALSE;
  }
  *out_route = row->route;
  if (!check_role (row->route, request->actor.role, error) ||
      (row->route->query != NULL && !guiche_schema_check_query (row->route->query, request, error)))
    return FALSE;
  if (row->route->request == NULL)
    return TRUE;
  request->body = guiche_json_parse_object (
      body == NULL ? "{}" : body, body == NULL ? 2 : strlen (body), GUICHE_JSON_MAX_BYTES, error);
  return request->body != NULL &&
         guiche_schema_check (row->route->request, json_node_get_object (request->body), error);
}

static gboolean
run (GuicheTestDesk *self, Call *call, GError **error)
{
  GuicheTenant *tenant = self->store->tenant;
  const GuicheActor *actor = &call->request->actor;

  if (call->route->mode == GUICHE_ROUTE_WRITE)
    return guiche_tenant_write_sync (tenant, actor, run_handler, call, error);
  if (call->route->mode == GUICHE_ROUTE_READ)
    return guiche_tenant_read_sync (tenant, actor, run_handler, call, error);
  return run_handler (NULL, call, error);
}

/* The reply as JSON, checked against what the route promises; a scheduled message has its own
 * shape. */
static JsonNode *
read_reply (const GuicheRoute *route, GuicheReply *reply)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  const char *text;
  JsonNode *node;

  if (!reply->has_json)
    return NULL;
  text = guiche_json_writer_peek (reply->json, &length);
  node = guiche_json_parse_object (text, length, 64 * 1024 * 1024, &error);
  g_assert_no_error (error);
  if (route->reply != NULL && !json_object_has_member (json_node_get_object (node), "send_at"))
    guiche_schema_check (route->reply, json_node_get_object (node), &error);
  g_assert_no_error (error);
  return node;
}

static JsonNode *
read_error (const GError *error, guint *out_status)
{
  g_autofree char *text = guiche_error_to_json (error);
  JsonNode *node = guiche_json_parse_object (text, strlen (text), GUICHE_JSON_MAX_BYTES, NULL);

  g_assert_true (error->domain == GUICHE_ERROR);
  *out_status = guiche_error_http_status ((GuicheError) error->code);
  return node;
}

static JsonNode *
call_text (GuicheTestDesk *self,
           const GuicheTestPerson *person,
           guint *out_status,
           const char *method,
           const char *path,
           const char *body)
{
  g_autoptr (GuicheViewer) viewer = guiche_test_viewer (self, person);
  g_autoptr (GError) error = NULL;
  GuicheRequest request;
  GuicheReply reply;
  Call call = { .request = &request, .reply = &reply };
  JsonNode *node = NULL;

  guiche_request_init (&request);
  guiche_reply_init (&reply);
  request.store = self->store->store;
  request.tenant = self->store->tenant;
  request.actor = (GuicheActor){ .role = person->role, .id = person->id, .viewer = viewer };
  if (decode (self, &request, method, path, body, &call.route, &error) &&
      run (self, &call, &error)) {
    *out_status = reply.status;
    node = read_reply (call.route, &reply);
  } else {
    node = read_error (error, out_status);
  }
  guiche_request_clear (&request);
  guiche_reply_clear (&reply);
  return node;
}

JsonNode *
guiche_test_call (GuicheTestDesk *self,
                  const GuicheTestPerson *person,
                  guint *out_status,
                  const char *method,
                  const char *path,
                  const char *body,
                  ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  if (body != NULL) {
    va_start (arguments, body);
    text = g_strdup_vprintf (body, arguments);
    va_end (arguments);
  }
  return call_text (self, person, out_status, method, path, text);
}

JsonObject *
guiche_test_expect (GuicheTestDesk *self,
                    const GuicheTestPerson *person,
                    guint status,
                    const char *method,
                    const char *path,
                    const char *body,
                    ...)
{
  static JsonNode *answer;
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  va_list arguments;
  guint actual = 0;

  if (body != NULL) {
    va_start (arguments, body);
    text = g_strdup_vprintf (body, arguments);
    va_end (arguments);
  }
  g_clear_pointer (&answer, json_node_unref);
  answer = call_text (self, person, &actual, method, path, text);
  if (actual != status) {
    shown = answer == NULL ? NULL : json_to_string (answer, FALSE);
    g_error ("%s %s %s: %u, not %u: %s", method, path, text, actual, status, shown);
  }
  return answer == NULL ? NULL : json_node_get_object (answer);
}

const char *
guiche_test_error_code (JsonObject *answer)
{
  return json_object_get_string_member (json_object_get_object_member (answer, "error"), "code");
}
