/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "base/json.h"

#include <string.h>

/* The one door for JSON: what it lets through must be JSON to json-glib too, mean the same when
 * written and read again, and hold what the door promises. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static gboolean has_double; /* json-glib 1.6 itself writes 1e40 as 1e+40.0, which is not JSON */

static void check_node (JsonNode *node, int depth);

static void
check_member (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  g_assert_true (g_utf8_validate (name, -1, NULL));
  check_node (node, GPOINTER_TO_INT (user_data) + 1);
}

static void
check_element (JsonArray *array, guint index, JsonNode *node, gpointer user_data)
{
  check_node (node, GPOINTER_TO_INT (user_data) + 1);
}

static void
check_node (JsonNode *node, int depth)
{
  g_assert_cmpint (depth, <=, GUICHE_JSON_MAX_DEPTH + 1);
  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), check_member, GINT_TO_POINTER (depth));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), check_element, GINT_TO_POINTER (depth));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    has_double = TRUE;
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_assert_true (g_utf8_validate (json_node_get_string (node), -1, NULL));
}

static void
check_round_trip (JsonNode *node)
{
  g_autofree char *written = json_to_string (node, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) again = guiche_json_parse_object (written, strlen (written),
                                                         8 * GUICHE_JSON_MAX_BYTES, &error);

  g_assert_no_error (error);
  g_assert_true (json_node_equal (node, again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *text = (const char *) data;
  g_autoptr (JsonNode) node = guiche_json_parse_object (text, size, GUICHE_JSON_MAX_BYTES, NULL);
  gboolean is_checked = guiche_json_check (text, size, GUICHE_JSON_MAX_BYTES, NULL);

  if (node == NULL)
    return 0;
  g_assert_true (is_checked);
  has_double = FALSE;
  check_node (node, 1);
  if (!has_double)
    check_round_trip (node);

  g_autoptr (GError) error = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, text, (gssize) size, &error));
  return 0;
}
