/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-writer.h"
#include "base/json.h"
#include "client/rest.h"
#include "client/secrets.h"
#include "client/session-private.h"

static void
set_in_memory (GuicheSession *self, const GError *reason)
{
  gboolean in_memory = reason != NULL;

  g_free (self->secrets_message);
  self->secrets_message = reason != NULL ? g_strdup (reason->message) : NULL;
  g_object_notify (G_OBJECT (self), "secrets-message");
  if (self->secrets_in_memory == in_memory)
    return;
  self->secrets_in_memory = in_memory;
  g_object_notify (G_OBJECT (self), "secrets-in-memory");
}

static void
on_secret_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheSession) self = user_data;
  g_autoptr (GError) error = NULL;

  guiche_secrets_store_finish (result, &error);
  set_in_memory (self, error);
}

static void
set_refresh_token (GuicheSession *self, const char *refresh_token)
{
  if (g_strcmp0 (self->refresh_token, refresh_token) == 0)
    return;
  guiche_session_wipe (&self->refresh_token);
  self->refresh_token = g_strdup (refresh_token);
  guiche_secrets_store_async (self->profile, refresh_token, on_secret_stored, g_object_ref (self));
  g_object_notify (G_OBJECT (self), "is-signed-in");
}

static gboolean
take_tokens (GuicheSession *self, GBytes *answer, GError **error)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (answer, &length);
  g_autoptr (JsonNode) node = guiche_json_parse_object (data, length, GUICHE_JSON_MAX_BYTES, error);
  const char *token = NULL, *refresh_token = NULL;

  if (node == NULL ||
      !guiche_json_get_string (json_node_get_object (node), "token", TRUE, &token, error) ||
      !guiche_json_get_string (json_node_get_object (node), "refresh_token", FALSE, &refresh_token,
                               error) ||
      !guiche_json_get_int (json_node_get_object (node), "expires_at", TRUE, &self->expires_at,
                            error))
    return FALSE;
  guiche_session_wipe (&self->token);
  self->token = g_strdup (token);
  if (refresh_token != NULL)
    set_refresh_token (self, refresh_token);
  return TRUE;
}

static void
forget_tokens (GuicheSession *self)
{
  guiche_session_wipe (&self->token);
  set_refresh_token (self, NULL);
}

static void
sign_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GuicheSession *self = GUICHE_SESSION (source);
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (self, result, &error);

  if (answer != NULL && take_tokens (self, answer, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * guiche_session_sign_in_async:
 *
 * Exchanges the password for tokens; it is not kept.
 */
void
guiche_session_sign_in_async (GuicheSession *self,
                              const char *password,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "tenant", self->profile->tenant);
  guiche_json_writer_member_string (writer, "login", self->profile->login);
  guiche_json_writer_member_string (writer, "password", password);
  guiche_json_writer_end_object (writer);
  guiche_rest_call_async (self,
                          &(GuicheRestCall){ .method = "POST",
                                             .path = "/api/v1/auth/login",
                                             .body = guiche_json_writer_peek (writer, NULL),
                                             .is_anonymous = TRUE },
                          cancellable, sign_in_cb, task);
}

gboolean
guiche_session_sign_in_finish (GuicheSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
means_revoked (const GError *error)
{
  return g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_CREDENTIALS_INVALID);
}

static void
refresh_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheSession) self = user_data;
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->refreshing);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (self, result, &error);
  gboolean is_done = answer != NULL && take_tokens (self, answer, &error);

  self->refreshing = g_ptr_array_new_with_free_func (g_object_unref);
  if (!is_done && means_revoked (error)) {
    forget_tokens (self);
    g_signal_emit_by_name (self, "revoked");
  }
  for (guint i = 0; i < waiting->len; i++) {
    if (is_done)
      g_task_return_boolean (g_ptr_array_index (waiting, i), TRUE);
    else
      g_task_return_error (g_ptr_array_index (waiting, i), g_error_copy (error));
  }
}

void
guiche_session_refresh_async (GuicheSession *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  if (self->refresh_token == NULL) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, "not signed in");
    return;
  }
  g_ptr_array_add (self->refreshing, g_steal_pointer (&task));
  if (self->refreshing->len > 1)
    return;
  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "refresh_token", self->refresh_token);
  guiche_json_writer_end_object (writer);
  guiche_rest_call_async (self,
                          &(GuicheRestCall){ .method = "POST",
                                             .path = "/api/v1/auth/refresh",
                                             .body = guiche_json_writer_peek (writer, NULL),
                                             .is_anonymous = TRUE },
                          NULL, refresh_cb, g_object_ref (self));
}

gboolean
guiche_session_refresh_finish (GuicheSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
resume_refresh_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  guiche_session_refresh_finish (GUICHE_SESSION (source), result, &error);
  if (error == NULL || !means_revoked (error)) {
    g_clear_error (&error);
    g_task_return_boolean (task, TRUE);
    return;
  }
  g_error_free (error);
  g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED,
                           "the session has ended");
}

static void
lookup_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GuicheSession *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *token = guiche_secrets_lookup_finish (result, &error);

  if (error != NULL)
    set_in_memory (self, error);
  if (token == NULL) {
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, "not signed in");
    return;
  }
  guiche_session_wipe (&self->refresh_token);
  self->refresh_token = g_steal_pointer (&token);
  g_object_notify (G_OBJECT (self), "is-signed-in");
  guiche_session_refresh_async (self, g_task_get_cancellable (task), resume_refresh_cb,
                                g_object_ref (task));
}

/**
 * guiche_session_resume_async:
 *
 * Goes on with the stored refresh token.
 */
void
guiche_session_resume_async (GuicheSession *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  if (self->refresh_token != NULL)
    guiche_session_refresh_async (self, cancellable, resume_refresh_cb, task);
  else
    guiche_secrets_lookup_async (self->profile, cancellable, lookup_cb, task);
}

gboolean
guiche_session_resume_finish (GuicheSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * guiche_session_sign_out:
 *
 * Forgets the tokens here at once; the server is told when it can be reached.
 */
void
guiche_session_sign_out (GuicheSession *self)
{
  g_return_if_fail (GUICHE_IS_SESSION (self));
  if (self->token != NULL)
    guiche_rest_call_async (
        self, &(GuicheRestCall){ .method = "POST", .path = "/api/v1/auth/logout", .body = "{}" },
        NULL, NULL, NULL);
  forget_tokens (self);
}
