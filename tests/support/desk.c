/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desk.h"

#include "desk/customer.h"
#include "desk/message.h"
#include "desk/routes.h"
#include "desk/scheduled.h"
#include "http/router.h"
#include "people/access.h"
#include "people/user.h"

#include <string.h>

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
