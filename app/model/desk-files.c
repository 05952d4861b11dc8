/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/rest.h"
#include "model/desk-private.h"

#include <errno.h>

#define MAX_FILE_BYTES ((gsize) 512 * 1024 * 1024)

static void
file_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (g_task_get_task_data (task)), g_free);
}

/**
 * guiche_desk_fetch_file_async:
 *
 * Downloads a file into the profile's folder, unless it is there.
 */
void
guiche_desk_fetch_file_async (GuicheDesk *self,
                              const char *file_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *folder = NULL, *target = NULL, *path = NULL;
  GuicheId id;

  g_return_if_fail (GUICHE_IS_DESK (self));
  /* The id becomes a file's name: nothing but a UUID is one. */
  if (file_id == NULL || !guiche_id_parse (file_id, &id)) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no such file");
    return;
  }
  folder = g_build_filename (guiche_cache_directory (self->cache), "files", NULL);
  target = g_build_filename (folder, file_id, NULL);
  if (g_file_test (target, G_FILE_TEST_IS_REGULAR)) {
    g_task_return_pointer (task, g_steal_pointer (&target), g_free);
    return;
  }
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "making %s: %s", folder,
                             g_strerror (errno));
    return;
  }
  path = g_strconcat ("/api/v1/files/", file_id, NULL);
  g_task_set_task_data (task, g_strdup (target), g_free);
  guiche_rest_call_async (
      self->session,
      &(GuicheRestCall){
          .method = "GET", .path = path, .download_path = target, .max_bytes = MAX_FILE_BYTES },
      cancellable, file_cb, g_steal_pointer (&task));
}

char *
guiche_desk_fetch_file_finish (GuicheDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
rendition_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (""), g_free);
}

void
guiche_desk_add_rendition_async (GuicheDesk *self,
                                 const char *file_id,
                                 const char *path,
                                 const char *type,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *target = NULL;
  GuicheId id;

  if (!guiche_id_parse (file_id, &id)) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no such file");
    return;
  }
  target = g_strdup_printf ("/api/v1/files/%s/renditions", file_id);
  guiche_rest_call_async (
      self->session,
      &(GuicheRestCall){ .method = "POST", .path = target, .upload_path = path, .type = type },
      cancellable, rendition_cb, g_steal_pointer (&task));
}

/* A conversation that is not cached. */

static void
on_conversation_applied (GuicheChanges *changes, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GuicheChanges) owned = changes;
  GuicheDesk *self = g_task_get_source_object (task);
  GuicheConversation *conversation = NULL;

  if (error != NULL) {
    g_task_return_error (task, g_error_copy (error));
    return;
  }
  if (self->cache != NULL)
    conversation = guiche_desk_refresh_conversation (self, g_task_get_task_data (task));
  if (conversation != NULL)
    g_task_return_pointer (task, g_object_ref (conversation), g_object_unref);
  else
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no such conversation");
}

static void
customer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheDesk) self = user_data;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, NULL);

  if (answer != NULL && self->cache != NULL)
    guiche_sync_apply (self->sync, GUICHE_CACHE_CUSTOMER, answer);
}

/* Its customer comes along when the cache has nobody of that id. */
static void
fetch_customer (GuicheDesk *self, GBytes *answer)
{
  g_autoptr (JsonNode) node = guiche_json_parse_object (
      g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), GUICHE_JSON_MAX_BYTES, NULL);
  g_autofree char *path = NULL;
  const char *id = NULL;

  if (node == NULL ||
      !guiche_json_get_string (json_node_get_object (node), "customer_id", FALSE, &id, NULL) ||
      id == NULL)
    return;
  if (guiche_desk_find_customer (self, id) != NULL)
    return;
  path = g_strconcat ("/api/v1/customers/", id, NULL);
  guiche_rest_call_async (self->session, &(GuicheRestCall){ .method = "GET", .path = path },
                          self->cancellable, customer_cb, g_object_ref (self));
}

static void
conversation_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GuicheDesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);

  if (answer == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (self->cache == NULL) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "the desk is closed");
    return;
  }
  fetch_customer (self, answer);
  guiche_cache_apply_one (self->cache, GUICHE_CACHE_CONVERSATION, answer, on_conversation_applied,
                          g_steal_pointer (&task));
}

/**
 * guiche_desk_load_conversation_async:
 *
 * Finds a conversation in the cache, or asks the server.
 */
void
guiche_desk_load_conversation_async (GuicheDesk *self,
                                     const char *id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GuicheConversation *conversation;
  g_autofree char *path = NULL;
  GuicheId parsed;

  g_return_if_fail (GUICHE_IS_DESK (self));
  conversation = guiche_desk_find_conversation (self, id);
  if (conversation != NULL) {
    g_task_return_pointer (task, g_object_ref (conversation), g_object_unref);
    return;
  }
  if (id == NULL || !guiche_id_parse (id, &parsed)) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no such conversation");
    return;
  }
  path = g_strconcat ("/api/v1/conversations/", id, NULL);
  g_task_set_task_data (task, g_strdup (id), g_free);
  guiche_rest_call_async (self->session, &(GuicheRestCall){ .method = "GET", .path = path },
                          cancellable, conversation_cb, g_steal_pointer (&task));
}

GuicheConversation *
guiche_desk_load_conversation_finish (GuicheDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
