/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/fields.h"

#include "base/error.h"

static gboolean
is_absent (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node == NULL || JSON_NODE_HOLDS_NULL (node);
}

gboolean
guiche_fields_fail (GError **error, const char *field, const char *what)
{
  GError *failure = g_error_new (GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "%s: %s", field, what);

  guiche_error_set_detail (failure, "field", field);
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
guiche_fields_dup_string (JsonObject *object, const char *name, char **out, GError **error)
{
  const char *value = NULL;

  if (is_absent (object, name))
    return TRUE;
  if (!guiche_json_get_string (object, name, TRUE, &value, error))
    return FALSE;
  g_free (*out);
  *out = g_strdup (value);
  return TRUE;
}

gboolean
guiche_fields_require_string (JsonObject *object, const char *name, char **out, GError **error)
{
  const char *value = NULL;

  if (!guiche_json_get_string (object, name, TRUE, &value, error))
    return FALSE;
  g_free (*out);
  *out = g_strdup (value);
  return TRUE;
}

gboolean
guiche_fields_get_int (JsonObject *object, const char *name, gint64 *out, GError **error)
{
  return is_absent (object, name) || guiche_json_get_int (object, name, TRUE, out, error);
}

gboolean
guiche_fields_get_bool (JsonObject *object, const char *name, gboolean *out, GError **error)
{
  return is_absent (object, name) || guiche_json_get_bool (object, name, TRUE, out, error);
}

gboolean
guiche_fields_get_id (JsonObject *object, const char *name, GuicheId *out, GError **error)
{
  return is_absent (object, name) || guiche_json_get_id (object, name, TRUE, out, error);
}

gboolean
guiche_fields_require_id (JsonObject *object, const char *name, GuicheId *out, GError **error)
{
  return guiche_json_get_id (object, name, TRUE, out, error);
}

gboolean
guiche_fields_get_object (JsonObject *object, const char *name, JsonObject **out, GError **error)
{
  return is_absent (object, name) || guiche_json_get_object (object, name, TRUE, out, error);
}

static gboolean
get_array (JsonObject *object, const char *name, JsonArray **out, GError **error)
{
  *out = NULL;
  return is_absent (object, name) || guiche_json_get_array (object, name, TRUE, out, error);
}

static const char *
element_string (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

gboolean
guiche_fields_dup_strings (JsonObject *object, const char *name, char ***out, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = NULL;

  if (!get_array (object, name, &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    const char *value = element_string (array, i);

    if (value == NULL)
      return guiche_fields_fail (error, name, "not a list of strings");
    g_strv_builder_add (builder, value);
  }
  g_strfreev (*out);
  *out = g_strv_builder_end (builder);
  return TRUE;
}

gboolean
guiche_fields_dup_ids (JsonObject *object,
                       const char *name,
                       GuicheId **out,
                       gsize *out_length,
                       GError **error)
{
  g_autofree GuicheId *ids = NULL;
  JsonArray *array = NULL;
  guint n_ids = 0;

  if (!get_array (object, name, &array, error))
    return FALSE;
  n_ids = array == NULL ? 0 : json_array_get_length (array);
  ids = g_new0 (GuicheId, n_ids);
  for (guint i = 0; i < n_ids; i++) {
    const char *text = element_string (array, i);

    if (text == NULL || !guiche_id_parse (text, &ids[i]))
      return guiche_fields_fail (error, name, "not a list of ids");
  }
  g_free (*out);
  *out = g_steal_pointer (&ids);
  *out_length = n_ids;
  return TRUE;
}

gboolean
guiche_fields_find_name (const char *const *names, gsize n_names, const char *value, int *out)
{
  for (gsize i = 0; value != NULL && i < n_names; i++) {
    if (g_str_equal (names[i], value)) {
      *out = (int) i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
guiche_fields_get_choice (JsonObject *object,
                          const char *name,
                          const char *const *names,
                          gsize n_names,
                          int *out,
                          GError **error)
{
  const char *value = NULL;

  if (!guiche_json_get_string (object, name, TRUE, &value, error))
    return FALSE;
  if (!guiche_fields_find_name (names, n_names, value, out))
    return guiche_fields_fail (error, name, "not one of the known values");
  return TRUE;
}

void
guiche_fields_write_time (GuicheJsonWriter *writer, const char *name, gint64 at_us)
{
  guiche_json_writer_name (writer, name);
  if (at_us == 0)
    guiche_json_writer_null (writer);
  else
    guiche_json_writer_int (writer, at_us);
}

void
guiche_fields_write_strings (GuicheJsonWriter *writer, const char *name, char *const *values)
{
  guiche_json_writer_name (writer, name);
  guiche_json_writer_begin_array (writer);
  for (gsize i = 0; values != NULL && values[i] != NULL; i++)
    guiche_json_writer_string (writer, values[i]);
  guiche_json_writer_end_array (writer);
}

void
guiche_fields_write_ids (GuicheJsonWriter *writer,
                         const char *name,
                         const GuicheId *ids,
                         gsize n_ids)
{
  guiche_json_writer_name (writer, name);
  guiche_json_writer_begin_array (writer);
  for (gsize i = 0; i < n_ids; i++)
    guiche_json_writer_id (writer, &ids[i]);
  guiche_json_writer_end_array (writer);
}
