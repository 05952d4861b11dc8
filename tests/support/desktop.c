/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desktop.h"

#include "base/json.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

GSource *
guiche_test_tick (void)
{
  GSource *source = g_timeout_source_new (5);

  g_source_set_callback (source, on_tick, NULL, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

static char *isolated;
static int n_sessions;

void
guiche_test_isolate (void)
{
  isolated = g_dir_make_tmp ("guiche-test-XXXXXX", NULL);
  g_assert_nonnull (isolated);
  g_setenv ("XDG_DATA_HOME", isolated, TRUE);
  g_setenv ("XDG_CONFIG_HOME", isolated, TRUE);
}

void
guiche_test_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name = dir != NULL ? g_dir_read_name (dir) : NULL; name != NULL;
       name = g_dir_read_name (dir)) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      guiche_test_remove_tree (child);
    else
      g_unlink (child);
  }
  g_rmdir (path);
}

void
guiche_test_isolate_end (void)
{
  /* Requests that were under way when a desk went hold its session until they have ended. */
  guiche_test_wait_for (n_sessions == 0, 20);
  guiche_test_remove_tree (isolated);
  g_clear_pointer (&isolated, g_free);
}

/* The server. */

GuicheTestServer *
guiche_test_server_new (const char *data)
{
  GuicheTestServer *self = g_new0 (GuicheTestServer, 1);

  self->data = g_strdup (data);
  guiche_test_server_start (self);
  return self;
}

static void
read_ready_line (GuicheTestServer *self)
{
  g_autoptr (GDataInputStream) output =
                 g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_autofree char *line = g_data_input_stream_read_line_utf8 (output, NULL, NULL, NULL);
  g_autoptr (JsonNode) node = NULL;
  const char *url = NULL;

  g_assert_nonnull (line);
  node = guiche_json_parse_object (line, strlen (line), GUICHE_JSON_MAX_BYTES, NULL);
  g_assert_nonnull (node);
  g_assert_true (guiche_json_get_string (json_node_get_object (node), "url", TRUE, &url, NULL));
  g_free (self->url);
  self->url = g_strdup (url);
  self->port = (guint) g_ascii_strtoull (strrchr (url, ':') + 1, NULL, 10);
}

/* A test that is killed takes its server along. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

void
guiche_test_server_start (GuicheTestServer *self)
{
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autoptr (GSubprocessLauncher) launcher =
                 g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (g_getenv ("GUICHED"));
  g_subprocess_launcher_setenv (launcher, "GUICHE_LIMITS_ENABLED", "false", TRUE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("GUICHED"), "--demo",
                                               "--data", self->data, "--port", port, NULL);
  g_assert_no_error (error);
  read_ready_line (self);
}

void
guiche_test_server_kill (GuicheTestServer *self)
{
  g_subprocess_send_signal (self->process, SIGKILL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

void
guiche_test_server_free (GuicheTestServer *self)
{
  if (self->process != NULL) {
    g_subprocess_send_signal (self->process, SIGTERM);
    g_subprocess_wait (self->process, NULL, NULL);
    g_clear_object (&self->process);
  }
  guiche_test_remove_tree (self->data);
  g_free (self->data);
  g_free (self->url);
  g_free (self);
}

JsonNode *
guiche_test_request (const char *url,
                     const char *method,
                     const char *path,
                     const char *token,
                     const char *body,
                     guint *out_status)
{
  /* A context of its own: what the test looks at does not go on meanwhile. */
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *uri = g_strconcat (url, path, NULL);
  g_autoptr (GBytes) answer = NULL;
  JsonNode *node = NULL;

  g_main_context_push_thread_default (context);
  session = soup_session_new ();
  message = soup_message_new (method, uri);
  if (token != NULL) {
    g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  }
  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
    soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  }
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  if (out_status != NULL)
    *out_status = soup_message_get_status (message);
  if (answer != NULL)
    node = guiche_json_parse_object (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                                     G_MAXINT32, NULL);
  g_clear_object (&message);
  g_clear_object (&session);
  g_main_context_pop_thread_default (context);
  return node;
}

char *
guiche_test_open_visit (const char *url,
                        const char *name,
                        const char *subject,
                        char **out_conversation_id)
{
  g_autofree char *body = g_strdup_printf ("{\"name\":\"%s\",\"subject\":\"%s\"}", name, subject);
  g_autoptr (JsonNode) node = guiche_test_request (url, "POST", "/api/v1/webchat/demo/visitors",
                                                   NULL, body, NULL);
  JsonObject *object;

  g_assert_nonnull (node);
  object = json_node_get_object (node);
  g_assert_true (json_object_has_member (object, "token"));
  if (out_conversation_id != NULL)
    *out_conversation_id = g_strdup (json_object_get_string_member (object, "conversation_id"));
  return g_strdup (json_object_get_string_member (object, "token"));
}

/* The desktop. */

GuicheSession *
guiche_test_session_new (const char *url, const char *login, const char *profile_id)
{
  GuicheProfile profile = { .id = (char *) profile_id,
                            .url = (char *) url,
                            .tenant = (char *) "demo",
                            .login = (char *) login };

  return guiche_session_new (&profile);
}

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

void
guiche_test_sign_in (GuicheSession *session, const char *password)
{
  Wait wait = { 0 };

  guiche_session_sign_in_async (session, password, NULL, on_signed_in, &wait);
  guiche_test_wait_for (wait.is_done, 20);
  g_assert_no_error (wait.error);
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  guiche_session_refresh_finish (GUICHE_SESSION (source), result, &wait->error);
  wait->is_done = TRUE;
}

void
guiche_test_refresh_token (GuicheSession *session)
{
  Wait wait = { 0 };

  guiche_session_refresh_async (session, NULL, on_refreshed, &wait);
  guiche_test_wait_for (wait.is_done, 20);
  g_assert_no_error (wait.error);
}

static void
on_session_gone (gpointer user_data, GObject *session)
{
  n_sessions--;
}

GuicheDesk *
guiche_test_desk_open (const char *url, const char *login, const char *profile_id)
{
  g_autoptr (GuicheSession) session = guiche_test_session_new (url, login, profile_id);
  g_autoptr (GError) error = NULL;
  GuicheDesk *desk;

  n_sessions++;
  g_object_weak_ref (G_OBJECT (session), on_session_gone, NULL);
  guiche_test_sign_in (session, "guiche");
  desk = guiche_desk_new (session, &error);
  g_assert_no_error (error);
  guiche_desk_connect (desk);
  return desk;
}
