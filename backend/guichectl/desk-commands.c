/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl customer, conversation */
#include "config.h"

#include "base/error.h"
#include "guichectl/command.h"
#include "guichectl/output.h"

static const GuichectlColumn customer_columns[] = {
  { "ID", "id" },
  { "NAME", "name" },
  { "CONTRACT", "contract" },
  { "DOCUMENT", "document" },
  { "PHONES", "phones" },
  { "STATUS", "status" },
  { NULL },
};

static const GuichectlColumn conversation_columns[] = {
  { "ID", "id" },
  { "TITLE", "title" },
  { "QUEUE", "queue" },
  { "STATE", "state" },
  { "MESSAGES", "last_seq" },
  { "CHANGED", "updated_at" },
  { NULL },
};

static const GuichectlColumn message_columns[] = {
  { "SEQ", "seq" },   { "AT", "at" },     { "FROM", "sender.name" },
  { "KIND", "kind" }, { "BODY", "body" }, { NULL },
};

static gboolean
print_list (GuichectlCall *call, const char *path, const GuichectlColumn *columns, GError **error)
{
  g_autoptr (JsonNode) page = guichectl_call (call->connection, "GET", path, NULL, error);

  if (page == NULL)
    return FALSE;
  guichectl_print (page, call->options->as_json, "items", columns);
  return TRUE;
}

static gboolean
print_one (GuichectlCall *call,
           const char *method,
           const char *path,
           GuicheJsonWriter *body,
           GError **error)
{
  g_autoptr (JsonNode) record = guichectl_call (call->connection, method, path, body, error);

  if (record == NULL)
    return FALSE;
  guichectl_print_object (record, call->options->as_json);
  return TRUE;
}

/* `/api/v1/<room>/<the first argument><rest>` */
static char *
path_of (GuichectlCall *call, const char *room, const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (call->arguments[0], NULL, FALSE);

  return g_strconcat ("/api/v1/", room, "/", escaped, rest, NULL);
}

static gboolean
customer_list (GuichectlCall *call, GError **error)
{
  const char *query = call->n_arguments > 0 ? call->arguments[0] : "";
  g_autofree char *escaped = g_uri_escape_string (query, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/v1/customers?q=%s&limit=%" G_GINT64_FORMAT,
                                           escaped, call->options->limit);

  return print_list (call, path, customer_columns, error);
}

static gboolean
customer_show (GuichectlCall *call, GError **error)
{
  g_autofree char *path = path_of (call, "customers", "");

  return print_one (call, "GET", path, NULL, error);
}

static void
write_list_of_one (GuicheJsonWriter *body, const char *name, const char *value)
{
  if (value == NULL)
    return;
  guiche_json_writer_name (body, name);
  guiche_json_writer_begin_array (body);
  guiche_json_writer_string (body, value);
  guiche_json_writer_end_array (body);
}

static gboolean
customer_add (GuichectlCall *call, GError **error)
{
  GuicheJsonWriter *body = guiche_json_writer_new ();

  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_string (body, "name", call->arguments[0]);
  write_list_of_one (body, "phones", call->options->phone);
  write_list_of_one (body, "emails", call->options->email);
  if (call->options->document != NULL)
    guiche_json_writer_member_string (body, "document", call->options->document);
  guiche_json_writer_end_object (body);
  return print_one (call, "POST", "/api/v1/customers", body, error);
}

static gboolean
conversation_list (GuichectlCall *call, GError **error)
{
  const char *view = call->options->view != NULL ? call->options->view : "all";
  g_autofree char *escaped = g_uri_escape_string (view, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/v1/conversations?view=%s&limit=%" G_GINT64_FORMAT,
                                           escaped, call->options->limit);

  return print_list (call, path, conversation_columns, error);
}

static gboolean
conversation_show (GuichectlCall *call, GError **error)
{
  g_autofree char *path = path_of (call, "conversations", "");

  return print_one (call, "GET", path, NULL, error);
}

static gboolean
conversation_messages (GuichectlCall *call, GError **error)
{
  g_autofree char *rest =
      g_strdup_printf ("/messages?after=%" G_GINT64_FORMAT "&limit=%" G_GINT64_FORMAT,
                       call->options->since, call->options->limit);
  g_autofree char *path = path_of (call, "conversations", rest);

  return print_list (call, path, message_columns, error);
}

static gboolean
conversation_assign (GuichectlCall *call, GError **error)
{
  g_autofree char *path = path_of (call, "conversations", "/assign");
  g_autoptr (JsonNode) users = guichectl_get_users (call, error);
  JsonObject *user = users == NULL ? NULL : guichectl_find_user (users, call->arguments[1], error);
  GuicheJsonWriter *body = NULL;

  if (user == NULL)
    return FALSE;
  body = guiche_json_writer_new ();
  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_string (body, "user_id", json_object_get_string_member (user, "id"));
  guiche_json_writer_end_object (body);
  return print_one (call, "POST", path, body, error);
}

static gboolean
conversation_close (GuichectlCall *call, GError **error)
{
  g_autofree char *path = path_of (call, "conversations", "/close");
  GuicheJsonWriter *body = guiche_json_writer_new ();

  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_string (body, "reason",
                                    call->options->reason != NULL ? call->options->reason
                                                                  : "encerrada pela administração");
  guiche_json_writer_end_object (body);
  return print_one (call, "POST", path, body, error);
}

static gboolean
conversation_reopen (GuichectlCall *call, GError **error)
{
  g_autofree char *path = path_of (call, "conversations", "/reopen");
  GuicheJsonWriter *body = guiche_json_writer_new ();

  guiche_json_writer_begin_object (body);
  guiche_json_writer_end_object (body);
  return print_one (call, "POST", path, body, error);
}

static gboolean
conversation_transfer (GuichectlCall *call, GError **error)
{
  g_autofree char *path = path_of (call, "conversations", "/transfer");
  GuicheJsonWriter *body = guiche_json_writer_new ();

  guiche_json_writer_begin_object (body);
  guiche_json_writer_member_string (body, "queue", call->arguments[1]);
  if (call->options->note != NULL)
    guiche_json_writer_member_string (body, "note", call->options->note);
  guiche_json_writer_end_object (body);
  return print_one (call, "POST", path, body, error);
}

const GuichectlCommand guichectl_desk_commands[] = {
  { "customer", "list", "[TEXT]", 0, 1, FALSE, customer_list,
    "customers, or those that TEXT finds" },
  { "customer", "show", "ID", 1, 1, FALSE, customer_show, "one of them" },
  { "customer", "add", "NAME", 1, 1, FALSE, customer_add, "add one; --phone, --email, --document" },
  { "conversation", "list", "", 0, 0, FALSE, conversation_list,
    "conversations; --view all|queue|closed|snoozed|channels" },
  { "conversation", "show", "ID", 1, 1, FALSE, conversation_show, "one of them" },
  { "conversation", "messages", "ID", 1, 1, FALSE, conversation_messages,
    "what was said; --since SEQ" },
  { "conversation", "assign", "ID LOGIN", 2, 2, FALSE, conversation_assign,
    "give it to a colleague" },
  { "conversation", "close", "ID", 1, 1, FALSE, conversation_close, "end it; --reason TEXT" },
  { "conversation", "reopen", "ID", 1, 1, FALSE, conversation_reopen, "go on with it" },
  { "conversation", "transfer", "ID QUEUE", 2, 2, FALSE, conversation_transfer,
    "let it wait in a queue; --note TEXT" },
  { NULL },
};
