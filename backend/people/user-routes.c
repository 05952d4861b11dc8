/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "people/routes.h"
#include "people/sign-in.h"
#include "people/user-schema.h"

static const char *const role_names[] = { "agent", "supervisor", "admin", NULL };

static const GuicheField user_fields[] = {
  { "id", GUICHE_TYPE_ID, TRUE },
  { "login", GUICHE_TYPE_STRING, TRUE },
  { "name", GUICHE_TYPE_STRING, TRUE },
  { "role", GUICHE_TYPE_STRING, TRUE, .choices = role_names },
  { "email", GUICHE_TYPE_STRING, .is_nullable = TRUE },
  { "status_text", GUICHE_TYPE_STRING, .is_nullable = TRUE },
  { "is_enabled", GUICHE_TYPE_BOOLEAN, TRUE },
  { "queues", GUICHE_TYPE_ARRAY, TRUE, .item = GUICHE_TYPE_STRING },
  { NULL },
};
const GuicheSchema guiche_user_schema = { "User", user_fields, TRUE };

static const GuicheField list_fields[] = {
  { "items", GUICHE_TYPE_ARRAY, TRUE, .schema = &guiche_user_schema },
  { NULL },
};
static const GuicheSchema list_schema = { "UserList", list_fields };

static const GuicheField create_fields[] = {
  { "login", GUICHE_TYPE_STRING, TRUE, 2, 32, "a-z, 0-9, dot, underscore, hyphen" },
  { "name", GUICHE_TYPE_STRING, TRUE, 1, 100 },
  { "role", GUICHE_TYPE_STRING, TRUE, 0, 16, .choices = role_names },
  { "password", GUICHE_TYPE_STRING, TRUE, 8, 128 },
  { "email", GUICHE_TYPE_STRING, FALSE, 0, 254, .is_nullable = TRUE },
  { NULL },
};
static const GuicheSchema create_schema = { "UserCreate", create_fields };

static const GuicheField update_fields[] = {
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 100 },
  { "role", GUICHE_TYPE_STRING, FALSE, 0, 16, .choices = role_names },
  { "email", GUICHE_TYPE_STRING, FALSE, 0, 254 },
  { "is_enabled", GUICHE_TYPE_BOOLEAN, FALSE, .description = "false ends the user's sessions" },
  { "password", GUICHE_TYPE_STRING, FALSE, 8, 128, "Ends the user's sessions" },
  { NULL },
};
static const GuicheSchema update_schema = { "UserUpdate", update_fields };

static const GuicheField me_fields[] = {
  { "name", GUICHE_TYPE_STRING, FALSE, 1, 100 },
  { "status_text", GUICHE_TYPE_STRING, FALSE, 0, 140 },
  { "email", GUICHE_TYPE_STRING, FALSE, 0, 254 },
  { "current_password", GUICHE_TYPE_STRING, FALSE, 1, 256, "Needed with new_password" },
  { "new_password", GUICHE_TYPE_STRING, FALSE, 8, 128, "Ends the user's other sessions" },
  { NULL },
};
static const GuicheSchema me_schema = { "MeUpdate", me_fields };

/* A change on its way to the write queue; strings are borrowed from the request. */
typedef struct {
  GuicheId id;
  GuicheUserChange change;
  const GuicheId *keep_session; /* (nullable) */
  GuicheUser *user;             /* (owned): what came of it */
} Change;

static void
change_clear (Change *self)
{
  g_clear_pointer (&self->user, guiche_user_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

/* (thread writer) */
static gboolean
run_create (GuicheTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  change_clear (change);
  change->user = guiche_user_create (tx, &change->change, error);
  return change->user != NULL;
}

/* (thread writer) */
static gboolean
run_update (GuicheTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  change_clear (change);
  change->user = guiche_user_update (tx, &change->id, &change->change, change->keep_session, error);
  return change->user != NULL;
}

/* What users may change of themselves. Only what is read here can be set: a body may hold anything.
 */
static gboolean
read_profile (JsonObject *body, GuicheUserChange *change, GError **error)
{
  return guiche_json_get_string (body, "name", FALSE, &change->name, error) &&
         guiche_json_get_string (body, "email", FALSE, &change->email, error) &&
         guiche_json_get_string (body, "status_text", FALSE, &change->status_text, error);
}

/* What admins may change besides. */
static gboolean
read_change (JsonObject *body, GuicheUserChange *change, GError **error)
{
  const char *role = NULL;

  if (!read_profile (body, change, error) ||
      !guiche_json_get_string (body, "role", FALSE, &role, error) ||
      !guiche_json_get_bool (body, "is_enabled", FALSE, &change->is_enabled, error))
    return FALSE;
  if (role != NULL)
    guiche_role_parse (role, &change->role);
  return TRUE;
}

/* The hash of member @name, or %NULL with unset error when it is absent. */
static char *
hash_member (const GuicheRequest *request, const char *name, const char *login, GError **error)
{
  GuichePeopleContext *context = guiche_request_context (request);
  const char *password = NULL;

  if (!guiche_json_get_string (guiche_request_body (request), name, FALSE, &password, error) ||
      password == NULL || !guiche_password_check_new (password, login, error))
    return NULL;
  return guiche_passwords_hash (context->passwords, password, error);
}

static gboolean
handle_list (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GPtrArray) users = guiche_users_list (tx, error);
  GuicheJsonWriter *writer;

  if (users == NULL)
    return FALSE;
  writer = guiche_reply_json (reply);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "items");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < users->len; i++)
    guiche_user_write_json (g_ptr_array_index (users, i), writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  return TRUE;
}

/* (thread worker) */
static gboolean
handle_create (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (Change) change = { .change = GUICHE_USER_CHANGE_NOTHING };
  g_autofree char *hash = NULL;

  if (!read_change (guiche_request_body (request), &change.change, error) ||
      !guiche_json_get_string (guiche_request_body (request), "login", TRUE, &change.change.login,
                               error))
    return FALSE;
  hash = hash_member (request, "password", change.change.login, error);
  if (hash == NULL)
    return FALSE;
  change.change.password_hash = hash;
  if (!guiche_tenant_write_sync (guiche_request_tenant (request), guiche_request_actor (request),
                                 run_create, &change, error))
    return FALSE;
  guiche_reply_set_status (reply, 201);
  guiche_user_write_json (change.user, guiche_reply_json (reply));
  return TRUE;
}

static gboolean
finish_update (const GuicheRequest *request, Change *change, GuicheReply *reply, GError **error)
{
  if (!guiche_tenant_write_sync (guiche_request_tenant (request), guiche_request_actor (request),
                                 run_update, change, error))
    return FALSE;
  guiche_user_write_json (change->user, guiche_reply_json (reply));
  return TRUE;
}

/* (thread worker) */
static gboolean
handle_update (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_auto (Change) change = { .change = GUICHE_USER_CHANGE_NOTHING };
  g_autofree char *hash = NULL;
  g_autoptr (GError) failure = NULL;

  if (!guiche_request_path_id (request, "id", &change.id, error) ||
      !read_change (guiche_request_body (request), &change.change, error))
    return FALSE;
  hash = hash_member (request, "password", NULL, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  change.change.password_hash = hash;
  return finish_update (request, &change, reply, error);
}

static gboolean
handle_get_me (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  g_autoptr (GuicheUser) user = guiche_user_load (tx, &guiche_tx_actor (tx)->id, error);

  if (user == NULL)
    return FALSE;
  guiche_user_write_json (user, guiche_reply_json (reply));
  return TRUE;
}

/* Checks the current password when a new one comes; *@out_hash is the new one's. */
static gboolean
read_new_password (const GuicheRequest *request, char **out_hash, GError **error)
{
  GuichePeopleContext *context = guiche_request_context (request);
  JsonObject *body = guiche_request_body (request);
  const char *current = NULL;

  if (!json_object_has_member (body, "new_password"))
    return TRUE;
  if (!guiche_json_get_string (body, "current_password", TRUE, &current, error) ||
      !guiche_sign_in_confirm (guiche_request_tenant (request), context->passwords,
                               guiche_request_actor (request), current, error))
    return FALSE;
  *out_hash = hash_member (request, "new_password", NULL, error);
  return *out_hash != NULL;
}

/* (thread worker) */
static gboolean
handle_update_me (GuicheTx *tx, const GuicheRequest *request, GuicheReply *reply, GError **error)
{
  const GuicheActor *actor = guiche_request_actor (request);
  g_auto (Change) change = { .id = actor->id,
                             .change = GUICHE_USER_CHANGE_NOTHING,
                             .keep_session = &actor->session_id };
  g_autofree char *hash = NULL;

  if (!read_profile (guiche_request_body (request), &change.change, error) ||
      !read_new_password (request, &hash, error))
    return FALSE;
  change.change.password_hash = hash;
  return finish_update (request, &change, reply, error);
}

static const GuicheRoute routes[] = {
  { "GET", "/api/v1/users", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, NULL, NULL,
    &list_schema, handle_list, "The colleagues" },
  { "POST", "/api/v1/users", GUICHE_ROLE_ADMIN, GUICHE_RATE_WRITE, GUICHE_ROUTE_WORKER, NULL,
    &create_schema, &guiche_user_schema, handle_create, "Add a colleague" },
  { "PATCH", "/api/v1/users/{id}", GUICHE_ROLE_ADMIN, GUICHE_RATE_WRITE, GUICHE_ROUTE_WORKER, NULL,
    &update_schema, &guiche_user_schema, handle_update, "Change, disable or enable a colleague" },
  { "GET", "/api/v1/me", GUICHE_ROLE_AGENT, GUICHE_RATE_READ, GUICHE_ROUTE_READ, NULL, NULL,
    &guiche_user_schema, handle_get_me, "The signed-in user" },
  { "PATCH", "/api/v1/me", GUICHE_ROLE_AGENT, GUICHE_RATE_WRITE, GUICHE_ROUTE_WORKER, NULL,
    &me_schema, &guiche_user_schema, handle_update_me, "Change the own profile or password" },
  { NULL },
};

const GuicheRoute *
guiche_user_routes (void)
{
  return routes;
}
