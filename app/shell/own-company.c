/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/own-company.h"

#include "base/json-writer.h"
#include "client/rest.h"

typedef struct {
  GuicheSession *session; /* (owned) */
  char *name;             /* (owned) */
  char *password;         /* (owned): the one to set */
  char *told;             /* (owned) (nullable): by the server that made the company just now */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_object (&opening->session);
  g_free (opening->name);
  g_free (opening->password);
  g_free (opening->told);
  g_free (opening);
}

GuicheProfile *
guiche_own_company_profile (void)
{
  const GuicheProfile own = { .id = (char *) "own",
                              .is_embedded = TRUE,
                              .url = (char *) "",
                              .tenant = (char *) "empresa",
                              .login = (char *) "admin" };

  return guiche_profile_copy (&own);
}

static void
on_password_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = guiche_rest_call_finish (GUICHE_SESSION (source), result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, g_object_ref (opening->session), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
set_password (GTask *task)
{
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "name", opening->name);
  guiche_json_writer_member_string (writer, "current_password", opening->told);
  guiche_json_writer_member_string (writer, "new_password", opening->password);
  guiche_json_writer_end_object (writer);
  guiche_rest_call_async (opening->session,
                          &(GuicheRestCall){ .method = "PATCH",
                                             .path = "/api/v1/me",
                                             .body = guiche_json_writer_peek (writer, NULL) },
                          g_task_get_cancellable (task), on_password_set, g_object_ref (task));
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;

  if (!guiche_session_sign_in_finish (GUICHE_SESSION (source), result, &error))
    g_task_return_error (task, error);
  else if (opening->told == NULL)
    g_task_return_pointer (task, g_object_ref (opening->session), g_object_unref);
  else
    set_password (task);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;

  if (!guiche_session_start_finish (GUICHE_SESSION (source), result, &error)) {
    g_task_return_error (task, error);
    return;
  }
  opening->told = guiche_session_dup_first_password (opening->session);
  guiche_session_sign_in_async (opening->session,
                                opening->told != NULL ? opening->told : opening->password,
                                g_task_get_cancellable (task), on_signed_in, g_object_ref (task));
}

void
guiche_own_company_open_async (const char *name,
                               const char *password,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);
  GuicheProfile *profile = guiche_own_company_profile ();

  opening->session = guiche_session_new (profile);
  opening->name = g_strdup (name);
  opening->password = g_strdup (password);
  g_task_set_task_data (task, opening, opening_free);
  guiche_session_start_async (opening->session, cancellable, on_started, g_object_ref (task));
  guiche_profile_free (profile);
}

GuicheSession *
guiche_own_company_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
