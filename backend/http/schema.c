/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/schema.h"

#include "base/error.h"

#include <string.h>

/* Where in the document the check is: a chain on the stack, written out only on failure. */
typedef struct _Place Place;

struct _Place {
  const Place *parent; /* (nullable) */
  const char *name;    /* (nullable): NULL for an item */
  guint index;
};

static gboolean check_object (const GuicheSchema *schema,
                              JsonObject *object,
                              const Place *parent,
                              GError **error);

static void
write_place (GString *out, const Place *place)
{
  if (place->parent != NULL)
    write_place (out, place->parent);
  if (place->name == NULL)
    g_string_append_printf (out, "[%u]", place->index);
  else
    g_string_append_printf (out, "%s%s", out->len > 0 ? "." : "", place->name);
}

static gboolean G_GNUC_PRINTF (3, 4)
    fail (GError **error, const Place *place, const char *format, ...)
{
  g_autoptr (GString) field = g_string_new (NULL);
  va_list arguments;

  write_place (field, place);
  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "%s %s", field->str, why);
  if (error != NULL)
    guiche_error_set_detail (*error, "field", field->str);
  return FALSE;
}

static gboolean
check_text (const GuicheField *field, const char *text, const Place *place, GError **error)
{
  glong length = g_utf8_strlen (text, -1);

  if (length == 0 && field->minimum > 0)
    return fail (error, place, "must not be empty");
  if (length < field->minimum)
    return fail (error, place, "is too short: at least %" G_GINT64_FORMAT " characters",
                 field->minimum);
  if (field->maximum > 0 && length > field->maximum)
    return fail (error, place, "is too long: at most %" G_GINT64_FORMAT " characters",
                 field->maximum);
  if (field->choices == NULL)
    return TRUE;
  for (gsize i = 0; field->choices[i] != NULL; i++)
    if (strcmp (field->choices[i], text) == 0)
      return TRUE;
  g_autofree char *choices = g_strjoinv (", ", (char **) field->choices);
  return fail (error, place, "must be one of %s", choices);
}

static gboolean
check_number (const GuicheField *field, gint64 value, const Place *place, GError **error)
{
  if (field->type == GUICHE_TYPE_TIME && value < 0)
    return fail (error, place, "must be a time after 1970");
  if (field->minimum == field->maximum || (value >= field->minimum && value <= field->maximum))
    return TRUE;
  return fail (error, place, "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
               field->minimum, field->maximum);
}

static gboolean
node_holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean check_value (const GuicheField *field,
                             GuicheFieldType type,
                             JsonNode *node,
                             const Place *place,
                             GError **error);

static gboolean
check_array (const GuicheField *field, JsonNode *node, const Place *place, GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, place, "must be an array");

  JsonArray *array = json_node_get_array (node);
  guint length = json_array_get_length (array);
  if (length < field->minimum)
    return fail (error, place, "needs at least %" G_GINT64_FORMAT " items", field->minimum);
  if (field->maximum > 0 && length > field->maximum)
    return fail (error, place, "has too many items: at most %" G_GINT64_FORMAT, field->maximum);

  /* The bounds of an array count its items, not what is in them. */
  GuicheField item = { .type = field->item, .schema = field->schema, .choices = field->choices };
  for (guint i = 0; i < length; i++) {
    Place at = { place, NULL, i };
    GuicheFieldType type = field->schema != NULL ? GUICHE_TYPE_OBJECT : field->item;
    if (!check_value (&item, type, json_array_get_element (array, i), &at, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_value (const GuicheField *field,
             GuicheFieldType type,
             JsonNode *node,
             const Place *place,
             GError **error)
{
  GuicheId id;

  switch (type) {
  case GUICHE_TYPE_STRING:
  case GUICHE_TYPE_TEXT:
    if (!node_holds (node, G_TYPE_STRING))
      return fail (error, place, "must be a string");
    return check_text (field, json_node_get_string (node), place, error);
  case GUICHE_TYPE_ID:
    if (node_holds (node, G_TYPE_STRING) && guiche_id_parse (json_node_get_string (node), &id))
      return TRUE;
    return fail (error, place, "must be a UUID");
  case GUICHE_TYPE_INTEGER:
  case GUICHE_TYPE_TIME:
    if (!node_holds (node, G_TYPE_INT64))
      return fail (error, place, "must be an integer");
    return check_number (field, json_node_get_int (node), place, error);
  case GUICHE_TYPE_BOOLEAN:
    return node_holds (node, G_TYPE_BOOLEAN) || fail (error, place, "must be true or false");
  case GUICHE_TYPE_OBJECT:
    if (!JSON_NODE_HOLDS_OBJECT (node))
      return fail (error, place, "must be an object");
    return field->schema == NULL ||
           check_object (field->schema, json_node_get_object (node), place, error);
  case GUICHE_TYPE_ARRAY:
    return check_array (field, node, place, error);
  case GUICHE_TYPE_ANY:
  default:
    return TRUE;
  }
}

static gboolean
check_object (const GuicheSchema *schema, JsonObject *object, const Place *parent, GError **error)
{
  for (const GuicheField *field = schema->fields; field->name != NULL; field++) {
    JsonNode *node = json_object_get_member (object, field->name);
    Place place = { parent, field->name, 0 };

    if (node == NULL || JSON_NODE_HOLDS_NULL (node)) {
      if (field->is_required && !(node != NULL && field->is_nullable))
        return fail (error, &place, "is required");
      continue;
    }
    if (!check_value (field, field->type, node, &place, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
guiche_schema_check (const GuicheSchema *schema, JsonObject *object, GError **error)
{
  return check_object (schema, object, NULL, error);
}

static gboolean
check_parameter (const GuicheField *field, const char *value, GError **error)
{
  Place place = { NULL, field->name, 0 };
  GuicheId id;
  gint64 number;

  switch (field->type) {
  case GUICHE_TYPE_INTEGER:
  case GUICHE_TYPE_TIME:
    if (!g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
      return fail (error, &place, "must be an integer");
    return check_number (field, number, &place, error);
  case GUICHE_TYPE_ID:
    return guiche_id_parse (value, &id) || fail (error, &place, "must be a UUID");
  case GUICHE_TYPE_BOOLEAN:
    return strcmp (value, "true") == 0 || strcmp (value, "false") == 0 ||
           fail (error, &place, "must be true or false");
  default:
    return check_text (field, value, &place, error);
  }
}

gboolean
guiche_schema_check_query (const GuicheField *fields, const GuicheRequest *request, GError **error)
{
  for (const GuicheField *field = fields; field->name != NULL; field++) {
    const char *value = guiche_request_query (request, field->name);
    Place place = { NULL, field->name, 0 };

    if (value == NULL) {
      if (field->is_required)
        return fail (error, &place, "is required");
      continue;
    }
    if (!check_parameter (field, value, error))
      return FALSE;
  }
  return TRUE;
}
