/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/openapi.h"

#include "http/server-private.h"

#include <string.h>

/* The OpenAPI 3.1 document, written from the route tables: nothing is said here twice. */

static void
write_schema_reference (GuicheJsonWriter *writer, const GuicheSchema *schema)
{
  g_autofree char *reference = g_strconcat ("#/components/schemas/", schema->name, NULL);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "$ref", reference);
  guiche_json_writer_end_object (writer);
}

static void
write_parameter (GuicheJsonWriter *writer, const GuicheField *field, const char *in)
{
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "name", field->name);
  guiche_json_writer_member_string (writer, "in", in);
  guiche_json_writer_member_bool (writer, "required", field->is_required);
  if (field->description != NULL)
    guiche_json_writer_member_string (writer, "description", field->description);
  guiche_json_writer_name (writer, "schema");
  guiche_openapi_write_field (writer, field, FALSE);
  guiche_json_writer_end_object (writer);
}

static void
write_parameters (GuicheJsonWriter *writer, const GuicheRouterRow *row)
{
  if (row->n_names == 0 && row->route->query == NULL)
    return;
  guiche_json_writer_name (writer, "parameters");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < row->n_names; i++) {
    gboolean is_id = g_str_has_suffix (row->names[i], "id");
    GuicheField field = { row->names[i], is_id ? GUICHE_TYPE_ID : GUICHE_TYPE_STRING, TRUE };
    write_parameter (writer, &field, "path");
  }
  for (const GuicheField *field = row->route->query; field != NULL && field->name != NULL; field++)
    write_parameter (writer, field, "query");
  guiche_json_writer_end_array (writer);
}

static void
write_content (GuicheJsonWriter *writer, const char *type, const GuicheSchema *schema)
{
  guiche_json_writer_name (writer, "content");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, type);
  guiche_json_writer_begin_object (writer);
  if (schema != NULL) {
    guiche_json_writer_name (writer, "schema");
    write_schema_reference (writer, schema);
  }
  guiche_json_writer_end_object (writer);
  guiche_json_writer_end_object (writer);
}

static void
write_request_body (GuicheJsonWriter *writer, const GuicheRoute *route)
{
  if (route->request == NULL && route->max_body == 0)
    return;
  guiche_json_writer_name (writer, "requestBody");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_bool (writer, "required", TRUE);
  if (route->max_body > 0)
    write_content (writer, "application/octet-stream", NULL);
  else
    write_content (writer, "application/json", route->request);
  guiche_json_writer_end_object (writer);
}

static void
write_response (GuicheJsonWriter *writer,
                const char *status,
                const char *description,
                const GuicheSchema *schema)
{
  guiche_json_writer_name (writer, status);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "description", description);
  if (schema != NULL)
    write_content (writer, "application/json", schema);
  guiche_json_writer_end_object (writer);
}

static void
write_responses (GuicheJsonWriter *writer, const GuicheRoute *route)
{
  guiche_json_writer_name (writer, "responses");
  guiche_json_writer_begin_object (writer);
  if (route->handler == NULL)
    write_response (writer, "101", "The stream is open; see the protocol's page", NULL);
  else
    write_response (writer, "2XX", "Done", route->reply);
  write_response (writer, "default", "Refused or failed", &guiche_openapi_error_schema);
  guiche_json_writer_end_object (writer);
}

/* `GET /api/v1/conversations/{id}/messages` → `getConversationsIdMessages`. */
static char *
operation_id (const GuicheRoute *route)
{
  g_autofree char *method = g_ascii_strdown (route->method, -1);
  const char *path = g_str_has_prefix (route->path, "/api/v1/") ? route->path + 7 : route->path;
  GString *id = g_string_new (method);
  gboolean is_upper = TRUE;

  for (const char *c = path; *c != '\0'; c++) {
    if (g_ascii_isalnum (*c))
      g_string_append_c (id, is_upper ? g_ascii_toupper (*c) : *c);
    is_upper = !g_ascii_isalnum (*c);
  }
  return g_string_free (id, FALSE);
}

static void
write_security (GuicheJsonWriter *writer, const GuicheRoute *route)
{
  guiche_json_writer_name (writer, "security");
  guiche_json_writer_begin_array (writer);
  if (route->role != GUICHE_ROLE_NONE) {
    guiche_json_writer_begin_object (writer);
    guiche_json_writer_name (writer, route->role == GUICHE_ROLE_VISITOR ? "visitor" : "bearer");
    guiche_json_writer_begin_array (writer);
    guiche_json_writer_end_array (writer);
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_array (writer);
  guiche_json_writer_member_string (writer, "x-role", guiche_role_name (route->role));
}

static void
write_tag (GuicheJsonWriter *writer, const char *path)
{
  g_auto (GStrv) segments = g_strsplit (path + 1, "/", -1);
  gboolean is_api = g_str_has_prefix (path, "/api/v1/") && strchr (path, '.') == NULL;

  guiche_json_writer_name (writer, "tags");
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_string (writer, is_api ? segments[2] : "server");
  guiche_json_writer_end_array (writer);
}

static void
write_operation (GuicheJsonWriter *writer, const GuicheRouterRow *row)
{
  const GuicheRoute *route = row->route;
  g_autofree char *method = g_ascii_strdown (route->method, -1);
  g_autofree char *id = operation_id (route);

  guiche_json_writer_name (writer, method);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "operationId", id);
  guiche_json_writer_member_string (writer, "summary", route->summary);
  write_tag (writer, route->path);
  write_security (writer, route);
  write_parameters (writer, row);
  write_request_body (writer, route);
  write_responses (writer, route);
  guiche_json_writer_end_object (writer);
}

static gboolean
is_first_of_path (GPtrArray *rows, guint index)
{
  const GuicheRouterRow *row = g_ptr_array_index (rows, index);

  for (guint i = 0; i < index; i++) {
    const GuicheRouterRow *other = g_ptr_array_index (rows, i);
    if (other->is_documented && strcmp (other->route->path, row->route->path) == 0)
      return FALSE;
  }
  return row->is_documented;
}

static void
write_paths (GuicheJsonWriter *writer, GPtrArray *rows)
{
  guiche_json_writer_name (writer, "paths");
  guiche_json_writer_begin_object (writer);
  for (guint i = 0; i < rows->len; i++) {
    const GuicheRouterRow *first = g_ptr_array_index (rows, i);
    if (!is_first_of_path (rows, i))
      continue;
    guiche_json_writer_name (writer, first->route->path);
    guiche_json_writer_begin_object (writer);
    for (guint j = i; j < rows->len; j++) {
      const GuicheRouterRow *row = g_ptr_array_index (rows, j);
      if (row->is_documented && strcmp (row->route->path, first->route->path) == 0)
        write_operation (writer, row);
    }
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_object (writer);
}

static void
write_security_scheme (GuicheJsonWriter *writer, const char *name, const char *description)
{
  guiche_json_writer_name (writer, name);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "type", "http");
  guiche_json_writer_member_string (writer, "scheme", "bearer");
  guiche_json_writer_member_string (writer, "bearerFormat", "JWT");
  guiche_json_writer_member_string (writer, "description", description);
  guiche_json_writer_end_object (writer);
}

static void
write_info (GuicheJsonWriter *writer)
{
  guiche_json_writer_member_string (writer, "openapi", "3.1.0");
  guiche_json_writer_name (writer, "info");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "title", "Guichê");
  guiche_json_writer_member_string (writer, "version", GUICHE_VERSION);
  guiche_json_writer_member_string (
      writer, "description",
      "The service desk of a company. Ids are UUIDs, times are integers: microseconds "
      "since 1970 UTC. Absent and null mean the same.");
  guiche_json_writer_name (writer, "license");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "name", "GPL-3.0-or-later");
  guiche_json_writer_member_string (writer, "identifier", "GPL-3.0-or-later");
  guiche_json_writer_end_object (writer);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_name (writer, "servers");
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "url", "/");
  guiche_json_writer_end_object (writer);
  guiche_json_writer_end_array (writer);
}

static void
write_stream_operations (GuicheJsonWriter *writer, GPtrArray *ops)
{
  guiche_json_writer_name (writer, "x-stream-operations");
  guiche_json_writer_begin_array (writer);
  for (guint i = 0; i < ops->len; i++) {
    const GuicheStreamOp *op = g_ptr_array_index (ops, i);
    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_string (writer, "op", op->op);
    guiche_json_writer_member_string (writer, "summary", op->summary);
    guiche_json_writer_member_string (writer, "role", guiche_role_name (op->role));
    if (op->request != NULL) {
      guiche_json_writer_name (writer, "schema");
      write_schema_reference (writer, op->request);
    }
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_array (writer);
}

GBytes *
guiche_openapi_document (GuicheServer *self)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  GPtrArray *rows = guiche_router_rows (self->router);

  guiche_json_writer_begin_object (writer);
  write_info (writer);
  write_paths (writer, rows);
  guiche_json_writer_name (writer, "components");
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_name (writer, "securitySchemes");
  guiche_json_writer_begin_object (writer);
  write_security_scheme (writer, "bearer", "The access token of a user, from /api/v1/auth/login");
  write_security_scheme (writer, "visitor", "The token of a visitor, from opening a visit");
  guiche_json_writer_end_object (writer);
  guiche_openapi_write_components (writer, rows, self->stream_ops);
  guiche_json_writer_end_object (writer);
  write_stream_operations (writer, self->stream_ops);
  guiche_json_writer_end_object (writer);
  return guiche_json_writer_steal_bytes (writer);
}
