/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "config.h"

#include "client/embedded.h"

#include "base/error.h"
#include "base/json.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_BACK_OFF_MS 200
#define LAST_BACK_OFF_MS 10000
#define STEADY_US (30 * G_USEC_PER_SEC) /* alive that long: the next restart is at once again */

struct _GuicheEmbedded {
  GObject parent_instance;
  char *data;                /* (owned) */
  char *url;                 /* (owned) (nullable) */
  char *first_password;      /* (owned) (nullable) */
  GSubprocess *process;      /* (owned) (nullable) */
  GDataInputStream *output;  /* (owned) (nullable) */
  GTask *starting;           /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  gint64 started_at;
  guint back_off_ms, timer;
  gboolean is_demo, is_stopped;
};

G_DEFINE_FINAL_TYPE (GuicheEmbedded, guiche_embedded, G_TYPE_OBJECT)

enum {
  SIGNAL_READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean launch (GuicheEmbedded *self, GError **error);

char *
guiche_embedded_find_program (void)
{
  const char *named = g_getenv ("GUICHE_GUICHED");
  g_autofree char *self_path = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self_path != NULL ? self_path : "/");
  g_autofree char *candidates[] = {
    g_build_filename (folder, "guiched", NULL),
    g_build_filename (folder, "..", "backend", "guiched", NULL),
    g_build_filename (GUICHE_LIBEXEC_DIR, "guiched", NULL),
    g_build_filename (GUICHE_BIN_DIR, "guiched", NULL),
    g_find_program_in_path ("guiched"),
  };
  char *found = named != NULL && *named != '\0' ? g_strdup (named) : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++) {
    if (found == NULL && candidates[i] != NULL &&
        g_file_test (candidates[i], G_FILE_TEST_IS_EXECUTABLE) &&
        !g_file_test (candidates[i], G_FILE_TEST_IS_DIR))
      found = g_steal_pointer (&candidates[i]);
    g_clear_pointer (&candidates[i], g_free);
  }
  return found;
}

static void
finish_start (GuicheEmbedded *self, const char *problem)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->starting);

  if (task == NULL)
    return;
  if (problem == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                             "starting the server on this computer: %s", problem);
}

static gboolean
on_back_off_over (gpointer user_data)
{
  GuicheEmbedded *self = user_data;
  g_autoptr (GError) error = NULL;

  self->timer = 0;
  if (!launch (self, &error))
    g_warning ("%s", error->message);
  return G_SOURCE_REMOVE;
}

static void
restart_later (GuicheEmbedded *self)
{
  if (self->is_stopped || self->timer != 0)
    return;
  if (g_get_monotonic_time () - self->started_at > STEADY_US)
    self->back_off_ms = FIRST_BACK_OFF_MS;
  self->timer = g_timeout_add (self->back_off_ms, on_back_off_over, self);
  self->back_off_ms = MIN (self->back_off_ms * 2, LAST_BACK_OFF_MS);
}

static void
on_exited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheEmbedded) self = user_data;

  if (!g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL) ||
      self->process != G_SUBPROCESS (source))
    return;
  g_clear_object (&self->process);
  g_clear_object (&self->output);
  g_clear_pointer (&self->url, g_free);
  finish_start (self, "it ended before it was ready");
  restart_later (self);
}

/* Only the start that made the company tells its administrator's password. */
static void
read_first_run (GuicheEmbedded *self, JsonObject *ready)
{
  JsonObject *first_run = NULL;
  const char *password = NULL;

  if (!guiche_json_get_object (ready, "first_run", FALSE, &first_run, NULL) || first_run == NULL ||
      !guiche_json_get_string (first_run, "password", TRUE, &password, NULL))
    return;
  g_free (self->first_password);
  self->first_password = g_strdup (password);
}

static gboolean
read_ready_line (GuicheEmbedded *self, const char *line)
{
  g_autoptr (JsonNode) node = NULL;
  const char *url = NULL;
  gboolean is_ready = FALSE;

  node = guiche_json_parse_object (line, strlen (line), GUICHE_JSON_MAX_BYTES, NULL);
  if (node == NULL ||
      !guiche_json_get_bool (json_node_get_object (node), "ready", TRUE, &is_ready, NULL) ||
      !guiche_json_get_string (json_node_get_object (node), "url", TRUE, &url, NULL) || !is_ready)
    return FALSE;
  g_free (self->url);
  self->url = g_strdup (url);
  read_first_run (self, json_node_get_object (node));
  return TRUE;
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheEmbedded) self = user_data;
  GDataInputStream *output = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (output, result, NULL, NULL);

  if (line == NULL || output != self->output)
    return;
  if (read_ready_line (self, line)) {
    finish_start (self, NULL);
    g_signal_emit (self, signals[SIGNAL_READY], 0, self->url);
  }
  /* Keeps reading, so that the pipe never fills. */
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, self->cancellable, on_line,
                                       g_object_ref (self));
}

/* Between fork and exec: the child ends when the desktop does, however that ends. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static gboolean
launch (GuicheEmbedded *self, GError **error)
{
  g_autofree char *program = guiche_embedded_find_program ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  const char *arguments[] = {
    program, "--embedded", "--port", "0", "--data", self->data, self->is_demo ? "--demo" : NULL,
    NULL
  };

  if (program == NULL) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                 "the program guiched is not installed");
    return FALSE;
  }
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->started_at = g_get_monotonic_time ();
  self->process = g_subprocess_launcher_spawnv (launcher, arguments, error);
  if (self->process == NULL)
    return FALSE;
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->cancellable, on_line,
                                       g_object_ref (self));
  g_subprocess_wait_async (self->process, self->cancellable, on_exited, g_object_ref (self));
  return TRUE;
}

static void
guiche_embedded_dispose (GObject *object)
{
  guiche_embedded_stop (GUICHE_EMBEDDED (object));
  G_OBJECT_CLASS (guiche_embedded_parent_class)->dispose (object);
}

static void
guiche_embedded_finalize (GObject *object)
{
  GuicheEmbedded *self = GUICHE_EMBEDDED (object);

  g_free (self->data);
  g_free (self->url);
  g_free (self->first_password);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (guiche_embedded_parent_class)->finalize (object);
}

static void
guiche_embedded_class_init (GuicheEmbeddedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guiche_embedded_dispose;
  object_class->finalize = guiche_embedded_finalize;
  signals[SIGNAL_READY] = g_signal_new ("ready", GUICHE_TYPE_EMBEDDED, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
guiche_embedded_init (GuicheEmbedded *self)
{
  self->cancellable = g_cancellable_new ();
  self->back_off_ms = FIRST_BACK_OFF_MS;
}

GuicheEmbedded *
guiche_embedded_new (const char *data, gboolean is_demo)
{
  GuicheEmbedded *self = g_object_new (GUICHE_TYPE_EMBEDDED, NULL);

  self->data = g_strdup (data);
  self->is_demo = is_demo;
  return self;
}

void
guiche_embedded_start_async (GuicheEmbedded *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  if (self->url != NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  if (self->process == NULL && !launch (self, &error)) {
    g_task_return_error (task, error);
    return;
  }
  finish_start (self, "it was started again");
  self->starting = g_steal_pointer (&task);
}

gboolean
guiche_embedded_start_finish (GuicheEmbedded *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
guiche_embedded_dup_first_password (GuicheEmbedded *self)
{
  return g_strdup (self->first_password);
}

const char *
guiche_embedded_get_url (GuicheEmbedded *self)
{
  return self->url;
}

static gboolean
has_ended (pid_t pid)
{
  siginfo_t info = { 0 };

  /* Looks without reaping: GLib's own watch does that. */
  return waitid (P_PID, (id_t) pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

void
guiche_embedded_stop (GuicheEmbedded *self)
{
  g_autoptr (GSubprocess) process = g_steal_pointer (&self->process);
  const char *identifier = process != NULL ? g_subprocess_get_identifier (process) : NULL;
  pid_t pid = identifier != NULL ? (pid_t) g_ascii_strtoll (identifier, NULL, 10) : 0;

  self->is_stopped = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->output);
  finish_start (self, "the desktop is ending");
  if (pid == 0)
    return;
  g_subprocess_send_signal (process, SIGTERM);
  for (int i = 0; i < 500 && !has_ended (pid); i++)
    g_usleep (10000);
  if (!has_ended (pid))
    g_subprocess_force_exit (process);
}
