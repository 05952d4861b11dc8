/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/embedded.h"
#include "client/session-private.h"
#include "support/desktop.h"
#include "support/fake-server.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

typedef struct {
  gboolean is_done;
  GError *error;
} Wait;

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  guiche_session_sign_in_finish (GUICHE_SESSION (source), result, &wait->error);
  wait->is_done = TRUE;
}

static void
sign_in (GuicheSession *session, Wait *wait)
{
  g_clear_error (&wait->error);
  wait->is_done = FALSE;
  guiche_session_sign_in_async (session, "guiche", NULL, on_signed_in, wait);
  guiche_test_wait_for (wait->is_done, 20);
}

/* What a server must not make the desktop do. */

static void
test_follows_no_redirection (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheSession) session = guiche_test_session_new (server->url, "ana", "redirect");
  Wait wait = { 0 };

  server->redirects = TRUE;
  sign_in (session, &wait);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
  g_clear_error (&wait.error);
}

static void
test_server_away (void)
{
  g_autoptr (GuicheSession) session = guiche_test_session_new ("http://127.0.0.1:1", "ana", "away");
  Wait wait = { 0 };

  sign_in (session, &wait);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_NETWORK);
  g_clear_error (&wait.error);
}

/* Tokens. */

static void
test_secrets_in_memory (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheSession) session = guiche_test_session_new (server->url, "ana", "memory");
  g_autofree char *message = NULL;
  Wait wait = { 0 };

  /* No session bus: the test's environment says so. */
  sign_in (session, &wait);
  g_assert_no_error (wait.error);
  guiche_test_wait_for (guiche_session_get_secrets_in_memory (session), 10);
  g_object_get (session, "secrets-message", &message, NULL);
  g_assert_nonnull (message);
  g_assert_true (guiche_session_is_signed_in (session));
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *n = user_data;

  g_assert_true (guiche_session_refresh_finish (GUICHE_SESSION (source), result, NULL));
  *n += 1;
}

static void
test_one_refresh_for_all (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheSession) session = guiche_test_session_new (server->url, "ana", "refresh");
  guint n = 0;
  Wait wait = { 0 };

  sign_in (session, &wait);
  for (int i = 0; i < 10; i++)
    guiche_session_refresh_async (session, NULL, on_refreshed, &n);
  guiche_test_wait_for (n == 10, 10);
  g_assert_cmpuint (server->n_refreshes, ==, 1);
}

static void
on_refused (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  guiche_session_refresh_finish (GUICHE_SESSION (source), result, &wait->error);
  wait->is_done = TRUE;
}

static void
on_revoked (GuicheSession *session, guint *n)
{
  *n += 1;
}

static void
test_revoked (void)
{
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (NULL);
  g_autoptr (GuicheSession) session = guiche_test_session_new (server->url, "ana", "revoked");
  guint n_revoked = 0;
  Wait wait = { 0 };

  sign_in (session, &wait);
  g_signal_connect (session, "revoked", G_CALLBACK (on_revoked), &n_revoked);
  server->refresh_status = 503;
  wait.is_done = FALSE;
  guiche_session_refresh_async (session, NULL, on_refused, &wait);
  guiche_test_wait_for (wait.is_done, 10);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
  g_clear_error (&wait.error);
  server->refresh_status = 408;
  wait.is_done = FALSE;
  guiche_session_refresh_async (session, NULL, on_refused, &wait);
  guiche_test_wait_for (wait.is_done, 10);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
  g_clear_error (&wait.error);
  /* A server in trouble, or a balancer before it, revokes nothing. */
  g_assert_cmpuint (n_revoked, ==, 0);
  g_assert_true (guiche_session_is_signed_in (session));
  server->refresh_status = 401;
  wait.is_done = FALSE;
  guiche_session_refresh_async (session, NULL, on_refused, &wait);
  guiche_test_wait_for (wait.is_done, 10);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED);
  g_clear_error (&wait.error);
  g_assert_cmpuint (n_revoked, ==, 1);
  g_assert_false (guiche_session_is_signed_in (session));
}

static void
test_profiles (void)
{
  g_autoptr (GPtrArray) profiles = g_ptr_array_new ();
  g_autoptr (GPtrArray) loaded = NULL;
  g_autoptr (GError) error = NULL;
  GuicheProfile one = { .id = (char *) "one",
                        .url = (char *) "https://x:8480",
                        .tenant = (char *) "açaí",
                        .login = (char *) "zé=;#",
                        .fingerprint = (char *) "00ff" };
  GuicheProfile here = { .id = (char *) "here",
                         .is_embedded = TRUE,
                         .url = (char *) "",
                         .tenant = (char *) "demo",
                         .login = (char *) "ana" };
  GuicheProfile *first;

  g_ptr_array_add (profiles, &one);
  g_ptr_array_add (profiles, &here);
  g_assert_true (guiche_profiles_save (profiles, &error));
  g_assert_no_error (error);
  loaded = guiche_profiles_load ();
  g_assert_cmpuint (loaded->len, ==, 2);
  first = g_ptr_array_index (loaded, 0);
  g_assert_cmpstr (first->tenant, ==, "açaí");
  g_assert_cmpstr (first->login, ==, "zé=;#");
  g_assert_cmpstr (first->fingerprint, ==, "00ff");
  g_assert_true (((GuicheProfile *) g_ptr_array_index (loaded, 1))->is_embedded);
}

/* The embedded server. */

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  guiche_embedded_start_finish (GUICHE_EMBEDDED (source), result, &wait->error);
  wait->is_done = TRUE;
}

static void
on_ready (GuicheEmbedded *embedded, const char *url, guint *n)
{
  *n += 1;
}

static void
write_program (const char *text)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "fake-guiched", NULL);

  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_setenv ("GUICHE_GUICHED", path, TRUE);
}

static pid_t
read_pid (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "pid", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return (pid_t) g_ascii_strtoll (text, NULL, 10);
}

static void
test_embedded_lives_again (void)
{
  g_autofree char *program = g_strdup_printf (
      "#!/bin/sh\necho $$ >%s/pid\necho "
      "'{\"ready\":true,\"url\":\"http://127.0.0.1:'$$'\",\"tenant\":\"demo\"}'\nexec sleep 60\n",
      g_get_user_data_dir ());
  g_autoptr (GuicheEmbedded) embedded = NULL;
  guint n_ready = 0;
  pid_t last;
  Wait wait = { 0 };

  write_program (program);
  embedded = guiche_embedded_new (g_get_user_data_dir (), TRUE);
  g_signal_connect (embedded, "ready", G_CALLBACK (on_ready), &n_ready);
  guiche_embedded_start_async (embedded, NULL, on_started, &wait);
  guiche_test_wait_for (wait.is_done, 10);
  g_assert_no_error (wait.error);
  g_assert_nonnull (guiche_embedded_get_url (embedded));
  for (guint i = 2; i <= 3; i++) {
    kill (read_pid (), SIGKILL);
    guiche_test_wait_for (n_ready == i, 10);
  }
  last = read_pid ();
  guiche_embedded_stop (embedded);
  guiche_test_wait_for (kill (last, 0) == -1, 10); /* it has ended; GLib reaps it */
}

static void
test_embedded_that_cannot_start (void)
{
  g_autoptr (GuicheEmbedded) embedded = NULL;
  Wait wait = { 0 };

  write_program ("#!/bin/sh\nexit 1\n");
  embedded = guiche_embedded_new (g_get_user_data_dir (), TRUE);
  guiche_embedded_start_async (embedded, NULL, on_started, &wait);
  guiche_test_wait_for (wait.is_done, 10);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE);
  g_clear_error (&wait.error);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/client/session/follows-no-redirection", test_follows_no_redirection);
  g_test_add_func ("/client/session/server-away", test_server_away);
  g_test_add_func ("/client/session/secrets-in-memory", test_secrets_in_memory);
  g_test_add_func ("/client/session/one-refresh-for-all", test_one_refresh_for_all);
  g_test_add_func ("/client/session/revoked", test_revoked);
  g_test_add_func ("/client/session/profiles", test_profiles);
  g_test_add_func ("/client/embedded/lives-again", test_embedded_lives_again);
  g_test_add_func ("/client/embedded/that-cannot-start", test_embedded_that_cannot_start);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
