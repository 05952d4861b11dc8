/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/openapi.h"
#include "http/server.h"

#include <string.h>

static const GuicheField error_body_fields[] = {
  { "code", GUICHE_TYPE_STRING, TRUE, .description = "Stable; what programs decide by" },
  { "message", GUICHE_TYPE_STRING, TRUE, .description = "English, for logs and developers" },
  { "details", GUICHE_TYPE_ANY, FALSE, .description = "Such as `field`, `retry_after_s`" },
  { NULL },
};
static const GuicheSchema error_body_schema = { "ErrorBody", error_body_fields, TRUE };
static const GuicheField error_fields[] = {
  { "error", GUICHE_TYPE_OBJECT, TRUE, .schema = &error_body_schema },
  { NULL },
};
const GuicheSchema guiche_openapi_error_schema = { "Error", error_fields, TRUE };

static const char *
json_type (GuicheFieldType type)
{
  switch (type) {
  case GUICHE_TYPE_INTEGER:
  case GUICHE_TYPE_TIME:
    return "integer";
  case GUICHE_TYPE_BOOLEAN:
    return "boolean";
  case GUICHE_TYPE_ARRAY:
    return "array";
  case GUICHE_TYPE_OBJECT:
    return "object";
  case GUICHE_TYPE_ANY:
    return NULL;
  case GUICHE_TYPE_STRING:
  case GUICHE_TYPE_TEXT:
  case GUICHE_TYPE_ID:
  default:
    return "string";
  }
}

static void
write_reference (GuicheJsonWriter *writer, const GuicheSchema *schema)
{
  g_autofree char *reference = g_strconcat ("#/components/schemas/", schema->name, NULL);

  guiche_json_writer_member_string (writer, "$ref", reference);
}

static void
write_type (GuicheJsonWriter *writer, const char *type, gboolean is_nullable)
{
  guiche_json_writer_name (writer, "type");
  if (!is_nullable) {
    guiche_json_writer_string (writer, type);
    return;
  }
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_string (writer, type);
  guiche_json_writer_string (writer, "null");
  guiche_json_writer_end_array (writer);
}

static void
write_bounds (GuicheJsonWriter *writer, const GuicheField *field)
{
  switch (field->type) {
  case GUICHE_TYPE_STRING:
  case GUICHE_TYPE_TEXT:
    if (field->minimum > 0)
      guiche_json_writer_member_int (writer, "minLength", field->minimum);
    if (field->maximum > 0)
      guiche_json_writer_member_int (writer, "maxLength", field->maximum);
    break;
  case GUICHE_TYPE_INTEGER:
    if (field->minimum != field->maximum) {
      guiche_json_writer_member_int (writer, "minimum", field->minimum);
      guiche_json_writer_member_int (writer, "maximum", field->maximum);
    }
    break;
  case GUICHE_TYPE_ARRAY:
    if (field->minimum > 0)
      guiche_json_writer_member_int (writer, "minItems", field->minimum);
    if (field->maximum > 0)
      guiche_json_writer_member_int (writer, "maxItems", field->maximum);
    break;
  default:
    break;
  }
}

static void
write_choices (GuicheJsonWriter *writer, const GuicheField *field)
{
  guiche_json_writer_name (writer, "enum");
  guiche_json_writer_begin_array (writer);
  for (gsize i = 0; field->choices[i] != NULL; i++)
    guiche_json_writer_string (writer, field->choices[i]);
  if (field->is_nullable)
    guiche_json_writer_null (writer);
  guiche_json_writer_end_array (writer);
}

static void
write_items (GuicheJsonWriter *writer, const GuicheField *field)
{
  GuicheField item = { .type = field->item };

  guiche_json_writer_name (writer, "items");
  if (field->schema == NULL) {
    guiche_openapi_write_field (writer, &item, FALSE);
    return;
  }
  guiche_json_writer_begin_object (writer);
  write_reference (writer, field->schema);
  guiche_json_writer_end_object (writer);
}

static void
write_nullable_reference (GuicheJsonWriter *writer, const GuicheSchema *schema)
{
  guiche_json_writer_name (writer, "anyOf");
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_begin_object (writer);
  write_reference (writer, schema);
  guiche_json_writer_end_object (writer);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "type", "null");
  guiche_json_writer_end_object (writer);
  guiche_json_writer_end_array (writer);
}

void
guiche_openapi_write_field (GuicheJsonWriter *writer,
                            const GuicheField *field,
                            gboolean with_description)
{
  const char *type = json_type (field->type);

  guiche_json_writer_begin_object (writer);
  if (with_description && field->description != NULL)
    guiche_json_writer_member_string (writer, "description", field->description);
  if (field->type == GUICHE_TYPE_OBJECT && field->schema != NULL) {
    if (field->is_nullable)
      write_nullable_reference (writer, field->schema);
    else
      write_reference (writer, field->schema);
    guiche_json_writer_end_object (writer);
    return;
  }
  if (type != NULL)
    write_type (writer, type, field->is_nullable);
  if (field->type == GUICHE_TYPE_ID)
    guiche_json_writer_member_string (writer, "format", "uuid");
  if (field->type == GUICHE_TYPE_TIME)
    guiche_json_writer_member_string (writer, "format", "int64");
  write_bounds (writer, field);
  if (field->choices != NULL && field->type != GUICHE_TYPE_ARRAY)
    write_choices (writer, field);
  if (field->type == GUICHE_TYPE_ARRAY)
    write_items (writer, field);
  guiche_json_writer_end_object (writer);
}

static void
write_schema (GuicheJsonWriter *writer, const GuicheSchema *schema)
{
  guiche_json_writer_name (writer, schema->name);
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "type", "object");
  guiche_json_writer_name (writer, "properties");
  guiche_json_writer_begin_object (writer);
  for (const GuicheField *field = schema->fields; field->name != NULL; field++) {
    guiche_json_writer_name (writer, field->name);
    guiche_openapi_write_field (writer, field, TRUE);
  }
  guiche_json_writer_end_object (writer);
  guiche_json_writer_name (writer, "required");
  guiche_json_writer_begin_array (writer);
  for (const GuicheField *field = schema->fields; field->name != NULL; field++)
    if (field->is_required)
      guiche_json_writer_string (writer, field->name);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
}

/* One component a name: rooms that name two schemas alike mean one. */
static void
collect (GPtrArray *found, const GuicheSchema *schema)
{
  if (schema == NULL)
    return;
  for (guint i = 0; i < found->len; i++)
    if (strcmp (((const GuicheSchema *) g_ptr_array_index (found, i))->name, schema->name) == 0)
      return;
  g_ptr_array_add (found, (gpointer) schema);
  for (const GuicheField *field = schema->fields; field->name != NULL; field++)
    collect (found, field->schema);
}

void
guiche_openapi_write_components (GuicheJsonWriter *writer, GPtrArray *rows, GPtrArray *stream_ops)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  collect (found, &guiche_openapi_error_schema);
  for (guint i = 0; i < rows->len; i++) {
    const GuicheRouterRow *row = g_ptr_array_index (rows, i);
    collect (found, row->route->request);
    collect (found, row->route->reply);
  }
  for (guint i = 0; i < stream_ops->len; i++)
    collect (found, ((const GuicheStreamOp *) g_ptr_array_index (stream_ops, i))->request);

  guiche_json_writer_name (writer, "schemas");
  guiche_json_writer_begin_object (writer);
  for (guint i = 0; i < found->len; i++)
    write_schema (writer, g_ptr_array_index (found, i));
  guiche_json_writer_end_object (writer);
}
