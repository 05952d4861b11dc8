/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl user, queue */
#include "config.h"

#include "base/error.h"
#include "guichectl/command.h"
#include "guichectl/output.h"

#include <string.h>

static const GuichectlColumn user_columns[] = {
  { "LOGIN", "login" },        { "NAME", "name" },     { "ROLE", "role" },
  { "ENABLED", "is_enabled" }, { "QUEUES", "queues" }, { NULL },
};

static const GuichectlColumn queue_columns[] = {
  { "KEY", "key" },         { "NAME", "name" }, { "PRIORITY", "priority" },
  { "MEMBERS", "members" }, { NULL },
};

JsonNode *
guichectl_get_users (GuichectlCall *call, GError **error)
{
  return guichectl_call (call->connection, "GET", "/api/v1/users", NULL, error);
}

JsonObject *
guichectl_find_user (JsonNode *users, const char *login, GError **error)
{
  JsonArray *items = json_object_get_array_member (json_node_get_object (users), "items");

  for (guint i = 0; i < json_array_get_length (items); i++) {
    JsonObject *user = json_array_get_object_element (items, i);

    if (g_ascii_strcasecmp (json_object_get_string_member (user, "login"), login) == 0)
      return user;
  }
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no user %s", login);
  return NULL;
}

/* Changes one user by login; @body is taken. */
static gboolean
change_user (GuichectlCall *call, const char *login, GuicheJsonWriter *body, GError **error)
{
  g_autoptr (GuicheJsonWriter) owned_body = body;
  g_autoptr (JsonNode) users = guichectl_get_users (call, error);
  JsonObject *user = users == NULL ? NULL : guichectl_find_user (users, login, error);
  g_autoptr (JsonNode) changed = NULL;
  g_autofree char *path = NULL;

  if (user == NULL)
    return FALSE;
  path = g_strconcat ("/api/v1/users/", json_object_get_string_member (user, "id"), NULL);
  changed = guichectl_call (call->connection, "PATCH", path, g_steal_pointer (&owned_body), error);
  if (changed == NULL)
    return FALSE;
  guichectl_print_object (changed, call->options->as_json);
  return TRUE;
}

static gboolean
user_list (GuichectlCall *call, GError **error)
{
  g_autoptr (JsonNode) users = guichectl_get_users (call, error);

  if (users == NULL)
    return FALSE;
  guichectl_print (users, call->options->as_json, "items", user_columns);
  return TRUE;
}

static gboolean
user_show (GuichectlCall *call, GError **error)
{
  g_autoptr (JsonNode) users = guichectl_get_users (call, error);
  JsonObject *user = users == NULL ? NULL : guichectl_find_user (users, call->arguments[0], error);
  g_autoptr (JsonNode) node = NULL;

  if (user == NULL)
    return FALSE;
  node = json_node_init_object (json_node_alloc (), user);
  guichectl_print_object (node, call->options->as_json);
  return TRUE;
}

static gboolean
user_add (GuichectlCall *call, GError **error)
{
  g_autofree char *password =
      guichectl_read_password (call->options, "Password of the new user: ", error);
  const char *role = call->options->role != NULL ? call->options->role : "agent";
  g_autoptr (JsonNode) user = NULL;
  GuicheJsonWriter *body;

  if (password == NULL)
    return FALSE;
  body = guiche_json_writer_new ();
  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_string (body, "login", call->arguments[0]);
  guiche_json_writer_member_string (body, "name", call->arguments[1]);
  guiche_json_writer_member_string (body, "role", role);
  guiche_json_writer_member_string (body, "password", password);
  if (call->options->email != NULL)
    guiche_json_writer_member_string (body, "email", call->options->email);
  guiche_json_writer_end_object (body);
  user = guichectl_call (call->connection, "POST", "/api/v1/users", body, error);
  if (user == NULL)
    return FALSE;
  guichectl_print_object (user, call->options->as_json);
  return TRUE;
}

static gboolean
user_change (GuichectlCall *call, GError **error)
{
  const GuichectlOptions *options = call->options;
  GuicheJsonWriter *body = guiche_json_writer_new ();

  guiche_json_writer_begin_object (body);
  if (options->role != NULL)
    guiche_json_writer_member_string (body, "role", options->role);
  if (options->name != NULL)
    guiche_json_writer_member_string (body, "name", options->name);
  if (options->email != NULL)
    guiche_json_writer_member_string (body, "email", options->email);
  guiche_json_writer_end_object (body);
  return change_user (call, call->arguments[0], body, error);
}

static gboolean
user_password (GuichectlCall *call, GError **error)
{
  g_autofree char *password = guichectl_read_password (call->options, "New password: ", error);
  GuicheJsonWriter *body;

  if (password == NULL)
    return FALSE;
  body = guiche_json_writer_new ();
  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_string (body, "password", password);
  guiche_json_writer_end_object (body);
  return change_user (call, call->arguments[0], body, error);
}

static gboolean
set_enabled (GuichectlCall *call, gboolean is_enabled, GError **error)
{
  GuicheJsonWriter *body = guiche_json_writer_new ();

  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_bool (body, "is_enabled", is_enabled);
  guiche_json_writer_end_object (body);
  return change_user (call, call->arguments[0], body, error);
}

static gboolean
user_disable (GuichectlCall *call, GError **error)
{
  return set_enabled (call, FALSE, error);
}

static gboolean
user_enable (GuichectlCall *call, GError **error)
{
  return set_enabled (call, TRUE, error);
}

static gboolean
queue_list (GuichectlCall *call, GError **error)
{
  g_autoptr (JsonNode) queues =
                 guichectl_call (call->connection, "GET", "/api/v1/queues", NULL, error);

  if (queues == NULL)
    return FALSE;
  guichectl_print (queues, call->options->as_json, "items", queue_columns);
  return TRUE;
}

/* The whole list of members as logins; an empty one is `-`. */
static gboolean
queue_members (GuichectlCall *call, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (call->arguments[0], NULL, FALSE);
  g_autofree char *path = g_strconcat ("/api/v1/queues/", escaped, NULL);
  g_autoptr (GuicheJsonWriter) body = guiche_json_writer_new ();
  g_autoptr (JsonNode) users = guichectl_get_users (call, error);
  g_autoptr (JsonNode) queue = NULL;

  if (users == NULL)
    return FALSE;
  guiche_json_writer_begin_object (body);
  guiche_json_writer_name (body, "members");
  guiche_json_writer_begin_array (body);
  for (guint i = 1; i < call->n_arguments && strcmp (call->arguments[i], "-") != 0; i++) {
    JsonObject *user = guichectl_find_user (users, call->arguments[i], error);

    if (user == NULL)
      return FALSE;
    guiche_json_writer_string (body, json_object_get_string_member (user, "id"));
  }
  guiche_json_writer_end_array (body);
  guiche_json_writer_end_object (body);
  queue = guichectl_call (call->connection, "PATCH", path, g_steal_pointer (&body), error);
  if (queue == NULL)
    return FALSE;
  guichectl_print_object (queue, call->options->as_json);
  return TRUE;
}

const GuichectlCommand guichectl_people_commands[] = {
  { "user", "list", "", 0, 0, FALSE, user_list, "the colleagues of the company" },
  { "user", "show", "LOGIN", 1, 1, FALSE, user_show, "one of them" },
  { "user", "add", "LOGIN NAME", 2, 2, FALSE, user_add,
    "add one; --role, --email, --password-stdin" },
  { "user", "change", "LOGIN", 1, 1, FALSE, user_change, "set --name, --role, --email" },
  { "user", "password", "LOGIN", 1, 1, FALSE, user_password,
    "set a new password; ends their sessions" },
  { "user", "disable", "LOGIN", 1, 1, FALSE, user_disable,
    "refuse them from now on; ends their sessions" },
  { "user", "enable", "LOGIN", 1, 1, FALSE, user_enable, "let them in again" },
  { "queue", "list", "", 0, 0, FALSE, queue_list, "the queues and who serves them" },
  { "queue", "members", "KEY LOGIN ...", 2, 500, FALSE, queue_members,
    "who serves it from now on; - for nobody" },
  { NULL },
};
