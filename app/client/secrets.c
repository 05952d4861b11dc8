/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/secrets.h"

#include "base/error.h"

#include <libsecret/secret.h>

#define DEADLINE_S 20

static const SecretSchema schema = {
  "io.github.guiche.Guiche.Session",
  SECRET_SCHEMA_NONE,
  {
      { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "tenant", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "login", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

static GHashTable *
attributes_of (const GuicheProfile *profile)
{
  return secret_attributes_build (&schema, "server",
                                  profile->is_embedded ? "embedded" : profile->url, "tenant",
                                  profile->tenant, "login", profile->login, NULL);
}

/* A call to the service and the task that waits for it, but not for ever. The call is not
 * cancelled: libsecret 0.20 does not come back from that, and a person may still unlock the
 * service. */
typedef struct {
  GTask *task; /* (owned) (nullable): waited too long */
  guint timer;
} Call;

static gboolean
on_deadline (gpointer data)
{
  Call *call = data;
  g_autoptr (GTask) task = g_steal_pointer (&call->task);

  call->timer = 0;
  g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_SECRET,
                           "the Secret Service is locked or does not answer");
  return G_SOURCE_REMOVE;
}

static Call *
new_call (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->task = g_task_new (NULL, cancellable, callback, user_data);
  call->timer = g_timeout_add_seconds (DEADLINE_S, on_deadline, call);
  return call;
}

/* Ends @call. Returns the task, unless it was answered before. */
static GTask *
end_call (Call *call)
{
  GTask *task = g_steal_pointer (&call->task);

  g_clear_handle_id (&call->timer, g_source_remove);
  g_free (call);
  return task;
}

static void
end_with_success (Call *call, gboolean is_done, GError *failure)
{
  g_autoptr (GError) owned = failure;
  g_autoptr (GTask) task = end_call (call);

  if (task == NULL)
    return;
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_SECRET, "the Secret Service: %s",
                             failure != NULL ? failure->message : "refused");
}

static void
lookup_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = end_call (user_data);
  g_autoptr (GError) failure = NULL;
  char *token = secret_password_lookup_finish (result, &failure);

  if (task != NULL && failure != NULL)
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_SECRET, "the Secret Service: %s",
                             failure->message);
  else if (task != NULL)
    g_task_return_pointer (task, g_strdup (token), g_free);
  secret_password_free (token);
}

void
guiche_secrets_lookup_async (const GuicheProfile *profile,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GHashTable) attributes = attributes_of (profile);

  secret_password_lookupv (&schema, attributes, NULL, lookup_cb,
                           new_call (cancellable, callback, user_data));
}

char *
guiche_secrets_lookup_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *failure = NULL;
  gboolean is_done = secret_password_store_finish (result, &failure);

  end_with_success (user_data, is_done, failure);
}

/* Nothing was there to be forgotten: that is no failure. */
static void
clear_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *failure = NULL;

  secret_password_clear_finish (result, &failure);
  end_with_success (user_data, failure == NULL, failure);
}

void
guiche_secrets_store_async (const GuicheProfile *profile,
                            const char *token,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GHashTable) attributes = attributes_of (profile);
  g_autofree char *label = g_strdup_printf ("Guichê: %s (%s)", profile->login, profile->tenant);
  Call *call = new_call (NULL, callback, user_data);

  if (token == NULL)
    secret_password_clearv (&schema, attributes, NULL, clear_cb, call);
  else
    secret_password_storev (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, token, NULL,
                            store_cb, call);
}

gboolean
guiche_secrets_store_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
