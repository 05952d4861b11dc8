/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desk.h"

#include "desk/customer.h"
#include "desk/message.h"
#include "desk/routes.h"
#include "desk/scheduled.h"
#include "http/request-private.h"
#include "http/router.h"
#include "http/schema.h"
#include "people/access.h"
#include "people/user.h"

#include <string.h>

/* --- people ----------------------------------------------------------------------------------- */

typedef struct {
  const char *login;
  GuicheTestPerson *person;
} NewPerson;

static gboolean
run_new_person (GuicheTx *tx, gpointer data, GError **error)
{
  NewPerson *new_person = data;
  GuicheUserChange change = GUICHE_USER_CHANGE_NOTHING;
  g_autoptr (GuicheUser) user = NULL;

  change.login = new_person->login;
  change.name = new_person->person->name;
  change.role = new_person->person->role;
  change.password_hash = "no password";
  user = guiche_user_create (tx, &change, error);
  if (user != NULL)
    new_person->person->id = user->id;
  return user != NULL;
}

static void
add_person (GuicheTestDesk *self, GuicheTestPerson *person, const char *login, GuicheRole role)
{
  NewPerson new_person = { login, person };

  person->role = role;
  g_snprintf (person->name, sizeof person->name, "%c%s", g_ascii_toupper (login[0]), login + 1);
  guiche_test_write (self->store, NULL, run_new_person, &new_person);
}

typedef struct {
  const GuicheTestPerson *person;
  GuicheViewer *viewer;
} LoadViewer;

static gboolean
run_load_viewer (GuicheTx *tx, gpointer data, GError **error)
{
  LoadViewer *load = data;

  load->viewer = guiche_access_load_viewer (tx, &load->person->id, error);
  return load->viewer != NULL;
}

GuicheViewer *
guiche_test_viewer (GuicheTestDesk *self, const GuicheTestPerson *person)
{
  LoadViewer load = { person, NULL };

  if (person->role == GUICHE_ROLE_VISITOR)
    return guiche_viewer_new (GUICHE_ROLE_VISITOR, NULL, &person->conversation_id, NULL, NULL, 0);
  guiche_test_read (self->store, NULL, run_load_viewer, &load);
  return load.viewer;
}

/* --- calling -----------------------------------------------------------------------------------
 */

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

/* --- making things happen ------------------------------------------------------------------------
 */

char *
guiche_test_path (const GuicheId *conversation_id, const char *rest)
{
  char id[GUICHE_ID_STRING_LENGTH + 1];

  guiche_id_to_string (conversation_id, id);
  return g_strconcat ("/api/v1/conversations/", id, rest, NULL);
}

char *
guiche_test_client_id (GuicheTestDesk *self)
{
  return g_strdup_printf ("01980000-0000-7000-8000-%012x", ++self->n_clients);
}

typedef struct {
  const char *name, *queue;
  GuicheTestPerson *visitor;
} Visit;

static gboolean
run_visit (GuicheTx *tx, gpointer data, GError **error)
{
  Visit *visit = data;
  g_auto (GuicheCustomerRecord) customer = { 0 };
  GuicheCustomerChange change = { .name = visit->name, .status = "active" };
  GuicheConversationOpening opening = { .channel = "webchat", .queue = visit->queue };
  g_autoptr (GuicheConversation) conversation = NULL;

  if (!guiche_customer_create (tx, &change, TRUE, &customer, error))
    return FALSE;
  opening.customer_id = customer.id;
  conversation = guiche_conversation_open (tx, &opening, NULL, error);
  if (conversation == NULL)
    return FALSE;
  visit->visitor->id = customer.id;
  visit->visitor->conversation_id = conversation->record.id;
  return TRUE;
}

GuicheTestPerson
guiche_test_visit (GuicheTestDesk *self, const char *name, const char *queue)
{
  GuicheTestPerson visitor = { .role = GUICHE_ROLE_VISITOR };
  Visit visit = { name, queue, &visitor };

  g_strlcpy (visitor.name, name, sizeof visitor.name);
  guiche_test_write (self->store, NULL, run_visit, &visit);
  return visitor;
}

typedef struct {
  GuicheId conversation_id;
  GuicheMessageRequest request;
  GuicheDelivery state;
  gint64 seq;
} Said;

static gboolean
run_send (GuicheTx *tx, gpointer data, GError **error)
{
  Said *said = data;
  GuicheMessageResult result;

  if (!guiche_message_send (tx, &said->conversation_id, &said->request, &result, error))
    return FALSE;
  said->seq = result.seq;
  return TRUE;
}

static gboolean
run_delivery (GuicheTx *tx, gpointer data, GError **error)
{
  Said *said = data;
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load_visible (tx, &said->conversation_id, error);

  return conversation != NULL &&
         guiche_conversation_raise_delivery (tx, conversation, GUICHE_SENDER_CUSTOMER, said->state,
                                             said->seq, error);
}

static void
write_as (GuicheTestDesk *self, const GuicheTestPerson *person, GuicheWorkRun work, Said *said)
{
  g_autoptr (GuicheViewer) viewer = guiche_test_viewer (self, person);
  GuicheActor actor = { .role = person->role, .id = person->id, .viewer = viewer };

  guiche_test_write (self->store, &actor, work, said);
}

gint64
guiche_test_write_as_visitor (GuicheTestDesk *self,
                              const GuicheTestPerson *visitor,
                              const char *body)
{
  Said said = { .conversation_id = visitor->conversation_id, .request = { .body = body } };
  g_autofree char *client_id = guiche_test_client_id (self);

  g_assert_true (guiche_id_parse (client_id, &said.request.client_id));
  write_as (self, visitor, run_send, &said);
  return said.seq;
}

gint64
guiche_test_read_as_visitor (GuicheTestDesk *self,
                             const GuicheTestPerson *visitor,
                             GuicheDelivery state,
                             gint64 seq)
{
  Said said = { .conversation_id = visitor->conversation_id, .state = state, .seq = seq };

  write_as (self, visitor, run_delivery, &said);
  return seq;
}

gint64
guiche_test_say (GuicheTestDesk *self,
                 const GuicheTestPerson *person,
                 const GuicheId *conversation_id,
                 const char *body)
{
  g_autofree char *path = guiche_test_path (conversation_id, "/messages");
  g_autofree char *client_id = guiche_test_client_id (self);

  return json_object_get_int_member (guiche_test_expect (self, person, 201, "POST", path,
                                                         "{\"client_id\":\"%s\",\"body\":\"%s\"}",
                                                         client_id, body),
                                     "seq");
}

void
guiche_test_run_jobs (GuicheTestDesk *self)
{
  g_autoptr (GError) error = NULL;

  guiche_tenant_run_due_jobs (self->store->tenant, NULL, &error);
  g_assert_no_error (error);
}

/* --- the company ---------------------------------------------------------------------------------
 */

static void
set_members (GuicheTestDesk *self,
             const char *queue,
             const GuicheTestPerson *first,
             const GuicheTestPerson *second)
{
  g_autofree char *path = g_strconcat ("/api/v1/queues/", queue, NULL);
  g_autofree char *a = guiche_id_dup_string (&first->id);
  g_autofree char *b = guiche_id_dup_string (second == NULL ? &first->id : &second->id);

  guiche_test_expect (self, &self->sofia, 200, "PATCH", path, "{\"members\":[\"%s\",\"%s\"]}", a,
                      b);
}

GuicheTestDesk *
guiche_test_desk_new (void)
{
  GuicheTestDesk *self = g_new0 (GuicheTestDesk, 1);

  self->store = guiche_test_store_new ();
  for (const GuicheJobKind *kind = guiche_desk_job_kinds (); kind->kind != NULL; kind++)
    guiche_store_add_job_kind (self->store->store, kind);
  self->router = guiche_router_new ();
  for (const GuicheRoute *const *table = guiche_desk_routes (); *table != NULL; table++)
    for (const GuicheRoute *route = *table; route->method != NULL; route++)
      guiche_router_add (self->router, route, NULL);
  add_person (self, &self->ana, "ana", GUICHE_ROLE_AGENT);
  add_person (self, &self->bruno, "bruno", GUICHE_ROLE_AGENT);
  add_person (self, &self->carla, "carla", GUICHE_ROLE_AGENT);
  add_person (self, &self->sofia, "sofia", GUICHE_ROLE_SUPERVISOR);
  set_members (self, "technical_normal", &self->ana, &self->bruno);
  set_members (self, "financial", &self->bruno, NULL);
  set_members (self, "commercial", &self->carla, NULL);
  return self;
}

void
guiche_test_desk_free (GuicheTestDesk *self)
{
  guiche_router_free (self->router);
  guiche_test_store_free (self->store);
  g_free (self);
}
