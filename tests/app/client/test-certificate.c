/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/session-private.h"
#include "support/desktop.h"
#include "support/fake-server.h"

#include <string.h>

/* A server with a certificate that nobody but the person at the desktop vouches for, and one of
 * long ago. */

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

static GTlsCertificate *
make_certificate (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "self-signed.pem", NULL);
  g_autofree char *key = g_build_filename (g_get_user_data_dir (), "key.pem", NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate;
  const char *const arguments[] = { "openssl",
                                    "req",
                                    "-x509",
                                    "-newkey",
                                    "ec",
                                    "-pkeyopt",
                                    "ec_paramgen_curve:P-256",
                                    "-nodes",
                                    "-subj",
                                    "/CN=desk.example.com",
                                    "-keyout",
                                    key,
                                    "-out",
                                    path,
                                    "-days",
                                    "2",
                                    NULL };

  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  if (!g_spawn_sync (NULL, (char **) arguments, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, NULL, NULL, NULL, &error))
    g_error ("%s", error->message);
  certificate = g_tls_certificate_new_from_files (path, key, &error);
  g_assert_no_error (error);
  return certificate;
}

static void
test_pins_a_certificate (void)
{
  g_autoptr (GTlsCertificate) certificate = make_certificate ();
  g_autoptr (GTlsCertificate) another = make_certificate ();
  g_autoptr (GuicheFakeServer) server = guiche_fake_server_new (certificate);
  g_autoptr (GuicheFakeServer) impostor = guiche_fake_server_new (another);
  g_autoptr (GuicheSession) session = guiche_test_session_new (server->url, "ana", "pin");
  g_autoptr (GuicheSession) misled = guiche_test_session_new (impostor->url, "ana", "pin");
  g_autofree char *fingerprint = NULL;
  Wait wait = { 0 };

  sign_in (session, &wait);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_CERTIFICATE);
  g_assert_cmpuint (server->n_logins, ==, 0);
  fingerprint = g_strdup (guiche_error_get_detail (wait.error, "fingerprint"));
  g_assert_cmpuint (strlen (fingerprint), ==, 64);
  guiche_session_set_fingerprint (session, fingerprint);
  sign_in (session, &wait);
  g_assert_no_error (wait.error);
  /* The same pin does not open another server. */
  guiche_session_set_fingerprint (misled, fingerprint);
  sign_in (misled, &wait);
  g_assert_error (wait.error, GUICHE_ERROR, GUICHE_ERROR_CERTIFICATE);
  g_assert_cmpuint (impostor->n_logins, ==, 0);
  g_clear_error (&wait.error);
}

static GSubprocess *
start_old_server (const char *protocol, guint port)
{
  g_autofree char *certificate = g_build_filename (g_get_user_data_dir (), "self-signed.pem", NULL);
  g_autofree char *key = g_build_filename (g_get_user_data_dir (), "key.pem", NULL);
  g_autofree char *accept = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) made = make_certificate ();
  GSubprocess *process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                        "openssl", "s_server", "-accept", accept, "-cert", certificate, "-key", key,
                        protocol, "-cipher", "ALL:@SECLEVEL=0", "-www", NULL);
  g_autoptr (GDataInputStream) output = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  for (;;) {
    g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
    if (line == NULL || g_str_has_prefix (line, "ACCEPT"))
      break;
  }
  return process;
}

static guint
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return port;
}

static void
test_refuses_old_tls (void)
{
  static const struct {
    const char *protocol;
    GuicheError expected;
  } rows[] = {
    { "-tls1", GUICHE_ERROR_NETWORK },
    { "-tls1_1", GUICHE_ERROR_NETWORK },
    /* Spoken to, and then not trusted. */
    { "-tls1_2", GUICHE_ERROR_CERTIFICATE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint port = find_port ();
    g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u", port);
    g_autoptr (GSubprocess) server = start_old_server (rows[i].protocol, port);
    g_autoptr (GuicheSession) session = guiche_test_session_new (url, "ana", "old");
    Wait wait = { 0 };

    sign_in (session, &wait);
    g_assert_error (wait.error, GUICHE_ERROR, (int) rows[i].expected);
    g_clear_error (&wait.error);
    g_subprocess_force_exit (server);
    g_subprocess_wait (server, NULL, NULL);
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  g_test_add_func ("/client/certificate/pinned", test_pins_a_certificate);
  g_test_add_func ("/client/certificate/refuses-old-tls", test_refuses_old_tls);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
