/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desktop.h"

#include <libsecret/secret.h>

/* Tokens in a real Secret Service: kept for the next start; when it is locked, in memory, and the
 * person is told. */

static GuicheTestServer *server;

typedef struct {
  gboolean is_done;
  GError *error;
} Wait;

static void
on_resumed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  guiche_session_resume_finish (GUICHE_SESSION (source), result, &wait->error);
  wait->is_done = TRUE;
}

static void
resume (GuicheSession *session, Wait *wait)
{
  g_clear_error (&wait->error);
  wait->is_done = FALSE;
  guiche_session_resume_async (session, NULL, on_resumed, wait);
  guiche_test_wait_for (wait->is_done, 60);
}

static gboolean
is_stored (const char *login)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *token = NULL;

  g_hash_table_insert (attributes, "server", server->url);
  g_hash_table_insert (attributes, "tenant", "demo");
  g_hash_table_insert (attributes, "login", (gpointer) login);
  token = secret_password_lookupv_sync (NULL, attributes, NULL, NULL);
  return token != NULL;
}

static void
test_kept_for_the_next_start (void)
{
  g_autoptr (GuicheSession) first = guiche_test_session_new (server->url, "ana", "kept");
  g_autoptr (GuicheSession) next = guiche_test_session_new (server->url, "ana", "kept");
  g_autoptr (GuicheSession) last = guiche_test_session_new (server->url, "ana", "kept");
  Wait wait = { 0 };

  guiche_test_sign_in (first, "guiche");
  guiche_test_wait_for (is_stored ("ana"), 20);
  g_assert_false (guiche_session_get_secrets_in_memory (first));
  resume (next, &wait);
  g_assert_no_error (wait.error);
  g_assert_true (guiche_session_is_signed_in (next));
  g_assert_true (guiche_session_is_fresh (next));
  guiche_session_sign_out (next);
  guiche_test_wait_for (!is_stored ("ana"), 20);
  resume (last, &wait);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED);
  g_clear_error (&wait.error);
}

static void
lock_everything (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service =
                 secret_service_get_sync (SECRET_SERVICE_LOAD_COLLECTIONS, NULL, &error);
  g_autolist (SecretCollection) collections = NULL;

  g_assert_no_error (error);
  collections = secret_service_get_collections (service);
  secret_service_lock_sync (service, collections, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_locked (void)
{
  g_autoptr (GuicheSession) session = guiche_test_session_new (server->url, "bruno", "locked");
  g_autofree char *message = NULL;

  lock_everything ();
  guiche_test_sign_in (session, "guiche");
  guiche_test_wait_for (guiche_session_get_secrets_in_memory (session), 60);
  g_object_get (session, "secrets-message", &message, NULL);
  g_assert_nonnull (message);
  g_assert_true (guiche_session_is_fresh (session));
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  data = g_dir_make_tmp ("guiche-secrets-XXXXXX", NULL);
  server = guiche_test_server_new (data);
  g_test_add_func ("/secrets/kept-for-the-next-start", test_kept_for_the_next_start);
  g_test_add_func ("/secrets/locked", test_locked);
  result = g_test_run ();
  guiche_test_server_free (server);
  guiche_test_isolate_end ();
  return result;
}
