/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/json-ids.h"

#include "desk/emit.h"

static const char *
element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

gboolean
guiche_json_read_ids (JsonObject *object,
                      const char *name,
                      GuicheId **out,
                      gsize *out_length,
                      GError **error)
{
  g_autofree GuicheId *ids = NULL;
  JsonArray *array = NULL;
  guint length;

  if (!guiche_json_get_array (object, name, FALSE, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  length = json_array_get_length (array);
  ids = g_new0 (GuicheId, length + 1);
  for (guint i = 0; i < length; i++)
    if (!guiche_id_parse (element (array, i), &ids[i]))
      return guiche_desk_refuse_field (error, name, "has one that is no id");
  *out = g_steal_pointer (&ids);
  *out_length = length;
  return TRUE;
}

gboolean
guiche_json_read_strings (JsonObject *object, const char *name, char ***out, GError **error)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  JsonArray *array = NULL;

  if (!guiche_json_get_array (object, name, FALSE, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  builder = g_strv_builder_new ();
  for (guint i = 0; i < json_array_get_length (array); i++) {
    const char *value = element (array, i);

    if (value == NULL)
      return guiche_desk_refuse_field (error, name, "has one that is no string");
    g_strv_builder_add (builder, value);
  }
  *out = g_strv_builder_end (builder);
  return TRUE;
}
