/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "client/rest.h"
#include "model/desk-private.h"

void
guiche_channel_info_free (GuicheChannelInfo *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static GuicheChannelInfo *
read_info (JsonObject *object)
{
  const char *id = NULL;
  const char *name = NULL;
  gint64 n_members = 0;
  gboolean is_member = FALSE;
  GuicheChannelInfo *info;

  if (!guiche_json_get_string (object, "id", TRUE, &id, NULL) ||
      !guiche_json_get_string (object, "title", TRUE, &name, NULL) ||
      !guiche_json_get_int (object, "n_members", TRUE, &n_members, NULL) ||
      !guiche_json_get_bool (object, "is_member", TRUE, &is_member, NULL))
    return NULL;
  info = g_new0 (GuicheChannelInfo, 1);
  info->id = g_strdup (id);
  info->name = g_strdup (name);
  info->n_members = (guint) CLAMP (n_members, 0, G_MAXINT);
  info->is_member = is_member;
  return info;
}

static void
list_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GPtrArray) channels = NULL;
  JsonArray *items = NULL;

  if (answer != NULL)
    node = guiche_json_parse_object (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                                     GUICHE_JSON_MAX_BYTES, &error);
  if (node == NULL ||
      !guiche_json_get_array (json_node_get_object (node), "items", TRUE, &items, &error)) {
    g_task_return_error (task, error);
    return;
  }
  channels = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_channel_info_free);
  for (guint i = 0; i < json_array_get_length (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    GuicheChannelInfo *info =
        JSON_NODE_HOLDS_OBJECT (item) ? read_info (json_node_get_object (item)) : NULL;

    if (info != NULL)
      g_ptr_array_add (channels, info);
  }
  g_task_return_pointer (task, g_steal_pointer (&channels), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * guiche_desk_list_channels_async:
 *
 * Every internal channel of the company, also those one is no member of.
 */
void
guiche_desk_list_channels_async (GuicheDesk *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (GUICHE_IS_DESK (self));
  guiche_rest_call_async (
      self->session, &(GuicheRestCall){ .method = "GET", .path = "/api/v1/channels" }, cancellable,
      list_cb, g_task_new (self, cancellable, callback, user_data));
}

GPtrArray *
guiche_desk_list_channels_finish (GuicheDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
