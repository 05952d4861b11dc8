/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guichectl/output.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define CELL_MAX_CHARACTERS 60

static void
print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  printf ("%s\n", text);
}

/* Times are shown as people read them; everything else as it is. */
static char *
value_text (const char *member, JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("-");
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return guiche_text_one_line (json_node_get_string (node), CELL_MAX_CHARACTERS);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 &&
      (strcmp (member, "at") == 0 || g_str_has_suffix (member, "_at"))) {
    g_autoptr (GDateTime) at =
                   g_date_time_new_from_unix_local (json_node_get_int (node) / G_USEC_PER_SEC);

    return at == NULL ? g_strdup ("-") : g_date_time_format (at, "%Y-%m-%d %H:%M:%S");
  }
  return json_to_string (node, FALSE);
}

static char *
cell_text (JsonObject *object, const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  JsonNode *node = NULL;

  for (gsize i = 0; steps[i] != NULL; i++) {
    if (i > 0 && (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)))
      return g_strdup ("-");
    node = json_object_get_member (i == 0 ? object : json_node_get_object (node), steps[i]);
  }
  return value_text (path, node);
}

static void
print_cell (const char *text, gsize width, gboolean is_last)
{
  gsize length = (gsize) g_utf8_strlen (text, -1);

  fputs (text, stdout);
  if (is_last) {
    fputc ('\n', stdout);
    return;
  }
  for (gsize i = length; i < width + 2; i++)
    fputc (' ', stdout);
}

static void
print_table (JsonArray *items, const GuichectlColumn *columns)
{
  guint n_rows = json_array_get_length (items);
  guint n_columns = 0;
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  gsize widths[16] = { 0 };

  while (columns[n_columns].title != NULL && n_columns < G_N_ELEMENTS (widths))
    n_columns++;
  for (guint column = 0; column < n_columns; column++)
    g_ptr_array_add (cells, g_strdup (columns[column].title));
  for (guint row = 0; row < n_rows; row++)
    for (guint column = 0; column < n_columns; column++)
      g_ptr_array_add (
          cells, cell_text (json_array_get_object_element (items, row), columns[column].member));
  for (guint i = 0; i < cells->len; i++)
    widths[i % n_columns] =
        MAX (widths[i % n_columns], (gsize) g_utf8_strlen (cells->pdata[i], -1));
  for (guint i = 0; i < cells->len; i++)
    print_cell (cells->pdata[i], widths[i % n_columns], i % n_columns == n_columns - 1);
}

void
guichectl_print (JsonNode *object,
                 gboolean as_json,
                 const char *list,
                 const GuichectlColumn *columns)
{
  if (as_json)
    print_json (object);
  else
    print_table (json_object_get_array_member (json_node_get_object (object), list), columns);
}

void
guichectl_print_object (JsonNode *object, gboolean as_json)
{
  g_autoptr (GList) members = NULL;

  if (as_json) {
    print_json (object);
    return;
  }
  members = json_object_get_members (json_node_get_object (object));
  for (GList *member = members; member != NULL; member = member->next) {
    g_autofree char *text = value_text (
        member->data, json_object_get_member (json_node_get_object (object), member->data));

    printf ("%-24s %s\n", (const char *) member->data, text);
  }
}

void
guichectl_print_done (gboolean as_json)
{
  if (as_json)
    printf ("{}\n");
}
