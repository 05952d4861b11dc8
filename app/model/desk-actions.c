/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "base/json.h"
#include "client/rest.h"
#include "model/desk-private.h"

/* The answer to leaving is the channel as it is for those who stay: not ours to keep. */
static gboolean
is_left (GuicheDesk *self, JsonObject *object)
{
  JsonArray *members = NULL;
  const char *kind = NULL;

  if (!guiche_json_get_string (object, "kind", TRUE, &kind, NULL) ||
      g_strcmp0 (kind, "channel") != 0 ||
      !guiche_json_get_array (object, "members", TRUE, &members, NULL))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (members); i++)
    if (g_strcmp0 (json_array_get_string_element (members, i), self->me_id) == 0)
      return FALSE;
  return TRUE;
}

/* What an action's answer is, for the cache to have it before its event comes. */
static void
apply_answer (GuicheDesk *self, JsonObject *object, GBytes *answer)
{
  if (json_object_has_member (object, "last_seq") &&
      json_object_has_member (object, "customer_read_seq") && !is_left (self, object))
    guiche_sync_apply (self->sync, GUICHE_CACHE_CONVERSATION, answer);
  else if (json_object_has_member (object, "phones") && json_object_has_member (object, "document"))
    guiche_sync_apply (self->sync, GUICHE_CACHE_CUSTOMER, answer);
}

static void
action_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GuicheDesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);
  g_autoptr (JsonNode) node = NULL;
  const char *id = NULL;

  if (answer == NULL) {
    g_task_return_error (task, error);
    return;
  }
  node = guiche_json_parse_object (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                                   GUICHE_JSON_MAX_BYTES, NULL);
  if (node != NULL) {
    guiche_json_get_string (json_node_get_object (node), "id", FALSE, &id, NULL);
    if (self->cache != NULL)
      apply_answer (self, json_node_get_object (node), answer);
  }
  g_task_return_pointer (task, g_strdup (id != NULL ? id : ""), g_free);
}

static void
start_action (GuicheDesk *self,
              const char *method,
              const char *path,
              const char *body,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  guiche_rest_call_async (self->session,
                          &(GuicheRestCall){ .method = method, .path = path, .body = body },
                          cancellable, action_cb, task);
}

/* A JSON object of text members; those with a NULL value are left out. */
static char *
members (const char *first, ...)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  va_list list;

  guiche_json_writer_begin_object (writer);
  va_start (list, first);
  for (const char *name = first; name != NULL; name = va_arg (list, const char *)) {
    const char *value = va_arg (list, const char *);
    if (value != NULL)
      guiche_json_writer_member_string (writer, name, value);
  }
  va_end (list);
  guiche_json_writer_end_object (writer);
  return guiche_json_writer_steal (writer, NULL);
}

static void
act_on_conversation (GuicheDesk *self,
                     GuicheConversation *conversation,
                     const char *action,
                     const char *body,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_CONVERSATION (conversation));
  path = g_strdup_printf ("/api/v1/conversations/%s/%s", guiche_conversation_get_id (conversation),
                          action);
  start_action (self, "POST", path, body, cancellable, callback, user_data);
}

void
guiche_desk_accept_async (GuicheDesk *self,
                          GuicheConversation *conversation,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  act_on_conversation (self, conversation, "accept", "{}", cancellable, callback, user_data);
}

void
guiche_desk_assign_async (GuicheDesk *self,
                          GuicheConversation *conversation,
                          const char *user_id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autofree char *body = members ("user_id", user_id, NULL);

  act_on_conversation (self, conversation, "assign", body, cancellable, callback, user_data);
}

void
guiche_desk_transfer_async (GuicheDesk *self,
                            GuicheConversation *conversation,
                            const char *queue,
                            const char *user_id,
                            const char *note,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autofree char *body = members ("queue", queue, "user_id", user_id, "note",
                                   note != NULL && *note != '\0' ? note : NULL, NULL);

  act_on_conversation (self, conversation, "transfer", body, cancellable, callback, user_data);
}

void
guiche_desk_close_async (GuicheDesk *self,
                         GuicheConversation *conversation,
                         const char *reason,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autofree char *body = members ("reason", reason != NULL ? reason : "", NULL);

  act_on_conversation (self, conversation, "close", body, cancellable, callback, user_data);
}

void
guiche_desk_reopen_async (GuicheDesk *self,
                          GuicheConversation *conversation,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  act_on_conversation (self, conversation, "reopen", "{}", cancellable, callback, user_data);
}

void
guiche_desk_snooze_async (GuicheDesk *self,
                          GuicheConversation *conversation,
                          gint64 until_us,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autofree char *body = g_strdup_printf ("{\"until\":%" G_GINT64_FORMAT "}", until_us);

  act_on_conversation (self, conversation, "snooze", body, cancellable, callback, user_data);
}

static char *
path_of_message (GuicheMessage *message)
{
  const GuicheMessageRow *row = guiche_message_get_row (message);

  if (row == NULL || row->id == NULL)
    return NULL;
  return g_strdup_printf ("/api/v1/conversations/%s/messages/%s", row->conversation_id, row->id);
}

/* A message that is still in the outbox has no path yet. */
static void
act_on_message (GuicheDesk *self,
                GuicheMessage *message,
                const char *method,
                const char *body,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_MESSAGE (message));
  path = path_of_message (message);
  if (path != NULL)
    start_action (self, method, path, body, cancellable, callback, user_data);
  else
    g_task_report_new_error (self, callback, user_data, act_on_message, GUICHE_ERROR,
                             GUICHE_ERROR_NOT_FOUND, "the message has not been sent yet");
}

void
guiche_desk_edit_message_async (GuicheDesk *self,
                                GuicheMessage *message,
                                const char *body,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autofree char *json = members ("body", body, NULL);

  act_on_message (self, message, "PATCH", json, cancellable, callback, user_data);
}

void
guiche_desk_delete_message_async (GuicheDesk *self,
                                  GuicheMessage *message,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  act_on_message (self, message, "DELETE", NULL, cancellable, callback, user_data);
}

void
guiche_desk_cancel_scheduled_async (GuicheDesk *self,
                                    GuicheScheduledMessage *message,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_SCHEDULED_MESSAGE (message));
  path = g_strdup_printf ("/api/v1/scheduled/%s", guiche_scheduled_message_get_id (message));
  start_action (self, "DELETE", path, NULL, cancellable, callback, user_data);
}

void
guiche_desk_update_customer_async (GuicheDesk *self,
                                   GuicheCustomer *customer,
                                   const char *changes_json,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_CUSTOMER (customer));
  path = g_strdup_printf ("/api/v1/customers/%s", guiche_customer_get_id (customer));
  start_action (self, "PATCH", path, changes_json, cancellable, callback, user_data);
}

void
guiche_desk_create_channel_async (GuicheDesk *self,
                                  const char *name,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  g_return_if_fail (GUICHE_IS_DESK (self));
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "name", name);
  guiche_json_writer_name (writer, "members");
  guiche_json_writer_begin_array (writer);
  guiche_json_writer_end_array (writer);
  guiche_json_writer_end_object (writer);
  start_action (self, "POST", "/api/v1/channels", guiche_json_writer_peek (writer, NULL),
                cancellable, callback, user_data);
}

static void
act_on_channel (GuicheDesk *self,
                const char *channel_id,
                const char *action,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/channels/%s/%s", channel_id, action);

  g_return_if_fail (GUICHE_IS_DESK (self));
  start_action (self, "POST", path, "{}", cancellable, callback, user_data);
}

void
guiche_desk_join_channel_async (GuicheDesk *self,
                                const char *channel_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  act_on_channel (self, channel_id, "join", cancellable, callback, user_data);
}

void
guiche_desk_leave_channel_async (GuicheDesk *self,
                                 const char *channel_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  act_on_channel (self, channel_id, "leave", cancellable, callback, user_data);
}

void
guiche_desk_open_direct_async (GuicheDesk *self,
                               const char *user_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autofree char *body = members ("user_id", user_id, NULL);

  g_return_if_fail (GUICHE_IS_DESK (self));
  start_action (self, "POST", "/api/v1/direct", body, cancellable, callback, user_data);
}

void
guiche_desk_update_me_async (GuicheDesk *self,
                             const char *changes_json,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (GUICHE_IS_DESK (self));
  start_action (self, "PATCH", "/api/v1/me", changes_json, cancellable, callback, user_data);
}

gboolean
guiche_desk_action_finish (GuicheDesk *self, GAsyncResult *result, char **out_id, GError **error)
{
  g_autofree char *id = g_task_propagate_pointer (G_TASK (result), error);

  if (id == NULL)
    return FALSE;
  if (out_id != NULL)
    *out_id = *id != '\0' ? g_steal_pointer (&id) : NULL;
  return TRUE;
}
