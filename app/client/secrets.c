/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/secrets.h"

#include "base/error.h"

#include <libsecret/secret.h>

#define DEADLINE_S 30

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

typedef struct {
  GCancellable *cancellable; /* (owned): of the call to the service */
  GCancellable *outer;       /* (owned) (nullable) */
  gulong outer_id;
  guint timer;
} Deadline;

static void
free_deadline (gpointer data)
{
  Deadline *self = data;

  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_object (&self->outer);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->cancellable);
  g_free (self);
}

static gboolean
on_deadline (gpointer data)
{
  Deadline *self = data;

  self->timer = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled (GCancellable *outer, gpointer data)
{
  g_cancellable_cancel (data);
}

static Deadline *
set_deadline (GTask *task, GCancellable *outer)
{
  Deadline *self = g_new0 (Deadline, 1);

  self->cancellable = g_cancellable_new ();
  self->timer = g_timeout_add_seconds (DEADLINE_S, on_deadline, self);
  if (outer != NULL) {
    self->outer = g_object_ref (outer);
    self->outer_id = g_cancellable_connect (outer, G_CALLBACK (on_outer_cancelled),
                                            g_object_ref (self->cancellable), g_object_unref);
  }
  g_task_set_task_data (task, self, free_deadline);
  return self;
}

static void
return_failure (GTask *task, GError *failure)
{
  g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_SECRET, "the Secret Service: %s",
                           failure->message);
  g_error_free (failure);
}

static void
lookup_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *failure = NULL;
  char *token = secret_password_lookup_finish (result, &failure);

  if (failure != NULL) {
    return_failure (task, failure);
    return;
  }
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
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Deadline *deadline = set_deadline (task, cancellable);

  secret_password_lookupv (&schema, attributes, deadline->cancellable, lookup_cb, task);
}

char *
guiche_secrets_lookup_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *failure = NULL;

  secret_password_store_finish (result, &failure);
  if (failure != NULL)
    return_failure (task, failure);
  else
    g_task_return_boolean (task, TRUE);
}

static void
clear_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *failure = NULL;

  secret_password_clear_finish (result, &failure);
  if (failure != NULL)
    return_failure (task, failure);
  else
    g_task_return_boolean (task, TRUE);
}

void
guiche_secrets_store_async (const GuicheProfile *profile,
                            const char *token,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GHashTable) attributes = attributes_of (profile);
  g_autofree char *label = g_strdup_printf ("Guichê: %s (%s)", profile->login, profile->tenant);
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Deadline *deadline = set_deadline (task, NULL);

  if (token == NULL)
    secret_password_clearv (&schema, attributes, deadline->cancellable, clear_cb, task);
  else
    secret_password_storev (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, token,
                            deadline->cancellable, store_cb, task);
}

gboolean
guiche_secrets_store_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
