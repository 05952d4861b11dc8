/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/router.h"

#include <string.h>

const gint64 guiche_latency_bounds_us[GUICHE_LATENCY_BUCKETS] = {
  500, 1000, 2500, 5000, 10000, 25000, 100000, 500000, 1000000, 5000000,
};

typedef struct _Node Node;

struct _Node {
  const char *segment; /* interned; NULL for a parameter */
  GPtrArray *literals; /* (owned) (element-type Node) */
  Node *parameter;     /* (owned) (nullable) */
  GPtrArray *rows;     /* (owned) (element-type GuicheRouterRow): one a method */
  GPtrArray *rest;     /* (owned) (element-type GuicheRouterRow): `{name*}` */
};

struct _GuicheRouter {
  Node root;
  GPtrArray *rows; /* (owned) (element-type GuicheRouterRow) */
};

static void node_free (gpointer data);

static void
node_init (Node *node, const char *segment)
{
  node->segment = segment;
  node->literals = g_ptr_array_new_with_free_func (node_free);
  node->rows = g_ptr_array_new ();
  node->rest = g_ptr_array_new ();
}

static void
node_clear (Node *node)
{
  g_ptr_array_unref (node->literals);
  g_ptr_array_unref (node->rows);
  g_ptr_array_unref (node->rest);
  if (node->parameter != NULL)
    node_free (node->parameter);
}

static void
node_free (gpointer data)
{
  node_clear (data);
  g_free (data);
}

GuicheRouter *
guiche_router_new (void)
{
  GuicheRouter *self = g_new0 (GuicheRouter, 1);

  node_init (&self->root, NULL);
  self->rows = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
guiche_router_free (GuicheRouter *self)
{
  node_clear (&self->root);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static Node *
find_literal (const Node *node, const char *segment)
{
  for (guint i = 0; i < node->literals->len; i++) {
    Node *child = g_ptr_array_index (node->literals, i);
    if (strcmp (child->segment, segment) == 0)
      return child;
  }
  return NULL;
}

static Node *
descend (Node *node, const char *segment)
{
  Node *child = segment == NULL ? node->parameter : find_literal (node, segment);

  if (child != NULL)
    return child;
  child = g_new0 (Node, 1);
  node_init (child, segment);
  if (segment == NULL)
    node->parameter = child;
  else
    g_ptr_array_add (node->literals, child);
  return child;
}

static GuicheRouterRow *
find_method (const GPtrArray *rows, const char *method)
{
  for (guint i = 0; i < rows->len; i++) {
    GuicheRouterRow *row = g_ptr_array_index (rows, i);
    if (strcmp (row->route->method, method) == 0)
      return row;
  }
  return NULL;
}

GuicheRouterRow *
guiche_router_add (GuicheRouter *self, const GuicheRoute *route, gpointer context)
{
  g_auto (GStrv) segments = g_strsplit (route->path + 1, "/", -1);
  GuicheRouterRow *row = g_new0 (GuicheRouterRow, 1);
  Node *node = &self->root;
  gboolean is_rest = FALSE;

  row->route = route;
  row->context = context;
  g_assert (g_strv_length (segments) <= GUICHE_REQUEST_MAX_SEGMENTS);
  for (gsize i = 0; segments[i] != NULL; i++) {
    gsize length = strlen (segments[i]);
    if (segments[i][0] != '{') {
      node = descend (node, g_intern_string (segments[i]));
      continue;
    }
    is_rest = length > 2 && segments[i][length - 2] == '*';
    g_autofree char *name = g_strndup (segments[i] + 1, length - (is_rest ? 3 : 2));
    row->names[row->n_names++] = g_intern_string (name);
    if (!is_rest)
      node = descend (node, NULL);
  }

  GPtrArray *rows = is_rest ? node->rest : node->rows;
  g_assert (find_method (rows, route->method) == NULL);
  g_ptr_array_add (rows, row);
  g_ptr_array_add (self->rows, row);
  return row;
}

static GPtrArray *
walk (const Node *node,
      const GuicheRequest *request,
      guint depth,
      const char **values,
      guint n_values)
{
  if (depth == request->n_segments)
    return node->rows->len > 0 ? node->rows : NULL;

  const char *segment = request->segments[depth];
  Node *child = find_literal (node, segment);
  GPtrArray *found = child != NULL ? walk (child, request, depth + 1, values, n_values) : NULL;
  if (found == NULL && node->parameter != NULL && segment[0] != '\0') {
    values[n_values] = segment;
    found = walk (node->parameter, request, depth + 1, values, n_values + 1);
  }
  if (found == NULL && node->rest->len > 0) {
    values[n_values] = segment;
    found = node->rest;
  }
  return found;
}

static char *
join_methods (const GPtrArray *rows)
{
  GString *allow = g_string_new ("OPTIONS");

  for (guint i = 0; i < rows->len; i++) {
    const GuicheRouterRow *row = g_ptr_array_index (rows, i);
    g_string_append_printf (allow, ", %s", row->route->method);
    if (strcmp (row->route->method, "GET") == 0)
      g_string_append (allow, ", HEAD");
  }
  return g_string_free (allow, FALSE);
}

GuicheRouterRow *
guiche_router_find (GuicheRouter *self,
                    const char *method,
                    GuicheRequest *request,
                    char **out_allow)
{
  const char *values[GUICHE_REQUEST_MAX_SEGMENTS];
  GPtrArray *rows = walk (&self->root, request, 0, values, 0);

  *out_allow = NULL;
  if (rows == NULL)
    return NULL;

  GuicheRouterRow *row = find_method (rows, strcmp (method, "HEAD") == 0 ? "GET" : method);
  if (row == NULL) {
    *out_allow = join_methods (rows);
    return NULL;
  }
  request->n_path = row->n_names;
  for (guint i = 0; i < row->n_names; i++)
    request->path[i] = (GuicheParameter){ row->names[i], values[i] };
  return row;
}

GPtrArray *
guiche_router_rows (GuicheRouter *self)
{
  return self->rows;
}

void
guiche_router_count (GuicheRouterRow *row, guint status, gint64 elapsed_us)
{
  guint slot = 0;
  guint bucket = 0;

  /* The last slot takes what finds no place of its own, as the class's hundred. */
  while (slot < GUICHE_STATUS_SLOTS - 1 && row->statuses[slot].status != 0 &&
         row->statuses[slot].status != status)
    slot++;
  row->statuses[slot].status = slot < GUICHE_STATUS_SLOTS - 1 ? status : 599;
  row->statuses[slot].count++;

  while (bucket < GUICHE_LATENCY_BUCKETS && elapsed_us > guiche_latency_bounds_us[bucket])
    bucket++;
  row->latency[bucket]++;
  row->latency_sum_us += elapsed_us;
}
