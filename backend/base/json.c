/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include "base/error.h"
#include "base/json-scanner.h"

/* A failure tells where: lines and columns (in bytes) from 1. */
static void
set_error (GError **error, const char *text, const GuicheJsonScan *scan)
{
  gint64 line = 1;
  gint64 column = 1;

  for (gsize i = 0; i < scan->position; i++) {
    if (text[i] == '\n') {
      line++;
      column = 1;
    } else {
      column++;
    }
  }

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_JSON,
               "line %" G_GINT64_FORMAT ", column %" G_GINT64_FORMAT ": %s", line, column,
               scan->problem);
  if (error != NULL) {
    guiche_error_set_detail_int (*error, "line", line);
    guiche_error_set_detail_int (*error, "column", column);
  }
}

static JsonNode *
pass (const char *text, gsize length, gsize max_bytes, gboolean is_built, GError **error)
{
  GuicheJsonScan scan = { 0 };
  JsonNode *node;

  if (length > max_bytes) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE,
                 "JSON of %" G_GSIZE_FORMAT " bytes, at most %" G_GSIZE_FORMAT, length, max_bytes);
    return NULL;
  }

  node = guiche_json_scan (text, length, is_built, &scan);
  if (node == NULL)
    set_error (error, text, &scan);

  return node;
}

/**
 * guiche_json_check:
 * @text: (array length=length): need not end with NUL
 * @max_bytes: usually %GUICHE_JSON_MAX_BYTES
 *
 * Checks a document of any top-level type without building it.
 */
gboolean
guiche_json_check (const char *text, gsize length, gsize max_bytes, GError **error)
{
  return pass (text, length, max_bytes, FALSE, error) != NULL;
}

JsonNode *
guiche_json_parse_object (const char *text, gsize length, gsize max_bytes, GError **error)
{
  g_autoptr (JsonNode) node = pass (text, length, max_bytes, TRUE, error);

  if (node == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    GuicheJsonScan scan = { .problem = "expected an object" };

    set_error (error, text, &scan);
    return NULL;
  }

  return g_steal_pointer (&node);
}

static void
set_field_error (GError **error, const char *name, const char *expected)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "%s: expected %s", name,
               expected);
  if (error != NULL)
    guiche_error_set_detail (*error, "field", name);
}

/* The member, unless absent or null. FALSE with error when it is required. */
static gboolean
find (JsonObject *object,
      const char *name,
      gboolean required,
      const char *expected,
      JsonNode **out_node,
      GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  *out_node = node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
  if (*out_node != NULL || !required)
    return TRUE;

  set_field_error (error, name, expected);
  return FALSE;
}

static gboolean
has_value_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

gboolean
guiche_json_get_string (JsonObject *object,
                        const char *name,
                        gboolean required,
                        const char **out,
                        GError **error)
{
  JsonNode *node;

  if (!find (object, name, required, "a string", &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!has_value_type (node, G_TYPE_STRING)) {
    set_field_error (error, name, "a string");
    return FALSE;
  }

  *out = json_node_get_string (node);
  return TRUE;
}

gboolean
guiche_json_get_int (JsonObject *object,
                     const char *name,
                     gboolean required,
                     gint64 *out,
                     GError **error)
{
  JsonNode *node;

  if (!find (object, name, required, "an integer", &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!has_value_type (node, G_TYPE_INT64)) {
    set_field_error (error, name, "an integer");
    return FALSE;
  }

  *out = json_node_get_int (node);
  return TRUE;
}

gboolean
guiche_json_get_bool (JsonObject *object,
                      const char *name,
                      gboolean required,
                      gboolean *out,
                      GError **error)
{
  JsonNode *node;

  if (!find (object, name, required, "true or false", &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!has_value_type (node, G_TYPE_BOOLEAN)) {
    set_field_error (error, name, "true or false");
    return FALSE;
  }

  *out = json_node_get_boolean (node);
  return TRUE;
}

gboolean
guiche_json_get_id (JsonObject *object,
                    const char *name,
                    gboolean required,
                    GuicheId *out,
                    GError **error)
{
  JsonNode *node;

  if (!find (object, name, required, "a UUID", &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!has_value_type (node, G_TYPE_STRING) ||
      !guiche_id_parse (json_node_get_string (node), out)) {
    set_field_error (error, name, "a UUID");
    return FALSE;
  }

  return TRUE;
}

gboolean
guiche_json_get_object (JsonObject *object,
                        const char *name,
                        gboolean required,
                        JsonObject **out,
                        GError **error)
{
  JsonNode *node;

  if (!find (object, name, required, "an object", &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    set_field_error (error, name, "an object");
    return FALSE;
  }

  *out = json_node_get_object (node);
  return TRUE;
}

gboolean
guiche_json_get_array (JsonObject *object,
                       const char *name,
                       gboolean required,
                       JsonArray **out,
                       GError **error)
{
  JsonNode *node;

  if (!find (object, name, required, "an array", &node, error))
    return FALSE;
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node)) {
    set_field_error (error, name, "an array");
    return FALSE;
  }

  *out = json_node_get_array (node);
  return TRUE;
}
