/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "client/rest.h"
#include "model/desk-private.h"

/* A page fits the door of JSON with room to spare. */
#define PAGE_LENGTH 50

static gboolean
read_cursor (GuicheDesk *self, GBytes *answer, GError **error)
{
  g_autoptr (JsonNode) node = guiche_json_parse_object (
      g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), GUICHE_JSON_MAX_BYTES, error);
  const char *cursor = NULL;

  if (node == NULL ||
      !guiche_json_get_string (json_node_get_object (node), "next_cursor", FALSE, &cursor, error))
    return FALSE;
  g_free (self->closed_cursor);
  self->closed_cursor = g_strdup (cursor);
  self->has_all_closed = cursor == NULL;
  return TRUE;
}

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GuicheDesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);

  self->is_loading_closed = FALSE;
  if (answer == NULL || !read_cursor (self, answer, &error)) {
    g_task_return_error (task, error);
    return;
  }
  if (self->cache != NULL)
    guiche_sync_apply (self->sync, GUICHE_CACHE_CONVERSATIONS, answer);
  g_task_return_boolean (task, TRUE);
}

/**
 * guiche_desk_load_closed_async:
 *
 * Asks the server for the next page of closed conversations, newest first; they appear in
 * #GUICHE_VIEW_CLOSED. Does nothing when all are here or a page is already on its way.
 */
void
guiche_desk_load_closed_async (GuicheDesk *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = NULL;

  g_return_if_fail (GUICHE_IS_DESK (self));
  if (self->has_all_closed || self->is_loading_closed) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  self->is_loading_closed = TRUE;
  path = self->closed_cursor != NULL
             ? g_strdup_printf ("/api/v1/conversations?view=closed&limit=%d&cursor=%s", PAGE_LENGTH,
                                self->closed_cursor)
             : g_strdup_printf ("/api/v1/conversations?view=closed&limit=%d", PAGE_LENGTH);
  guiche_rest_call_async (self->session, &(GuicheRestCall){ .method = "GET", .path = path },
                          cancellable, page_cb, g_steal_pointer (&task));
}

gboolean
guiche_desk_load_closed_finish (GuicheDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
customer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheDesk) self = user_data;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, NULL);

  if (answer != NULL && self->cache != NULL)
    guiche_sync_apply (self->sync, GUICHE_CACHE_CUSTOMER, answer);
}

/**
 * guiche_desk_want_customer:
 *
 * Asks the server for the customer when the cache knows only the id, as of a closed conversation;
 * the object notifies when it is here.
 */
void
guiche_desk_want_customer (GuicheDesk *self, GuicheCustomer *customer)
{
  g_autofree char *path = NULL;

  g_return_if_fail (GUICHE_IS_DESK (self));
  if (customer == NULL || guiche_customer_get_name (customer) != NULL)
    return;
  path = g_strconcat ("/api/v1/customers/", guiche_customer_get_id (customer), NULL);
  guiche_rest_call_async (self->session, &(GuicheRestCall){ .method = "GET", .path = path },
                          self->cancellable, customer_cb, g_object_ref (self));
}
