/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's program: reads the configuration, builds the rings, runs. */
#define G_LOG_DOMAIN "guiched"
#include "config.h"

#include "base/error.h"
#include "base/json-writer.h"
#include "guiched-instance.h"
#include "guiched-log.h"
#include "guiched-options.h"
#include "guiched-rings.h"

#include <errno.h>
#include <glib-unix.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define SHUTDOWN_PATIENCE_MS 4000
#define TRIM_AFTER_MS 300

/* What runs, from the ready line to the end. */
typedef struct {
  GMainLoop *loop;
  GuicheRings *rings;
  gboolean drains; /* before it ends */
  gboolean is_draining;
  gboolean is_ending;
} Program;

static void
on_shut_down (gpointer user_data)
{
  Program *program = user_data;

  g_main_loop_quit (program->loop);
}

static gboolean
on_patience_ended (gpointer user_data)
{
  g_warning ("some connections did not end in time");
  on_shut_down (user_data);
  return G_SOURCE_REMOVE;
}

static void
shut_down (gpointer user_data)
{
  Program *program = user_data;

  if (program->is_ending)
    return;
  program->is_ending = TRUE;
  g_timeout_add (SHUTDOWN_PATIENCE_MS, on_patience_ended, program);
  guiche_rings_shutdown (program->rings, on_shut_down, program);
}

/* One of several sends its clients to the others first; told twice it ends at once. */
static void
begin_to_end (Program *program)
{
  if (!program->drains || program->is_draining) {
    shut_down (program);
    return;
  }
  program->is_draining = TRUE;
  guiche_rings_drain (program->rings, shut_down, program);
}

static gboolean
on_signal (gpointer user_data)
{
  begin_to_end (user_data);
  return G_SOURCE_CONTINUE;
}

/* What starting needed, and the events of a company made just now once they were delivered, goes
 * back to the system. */
static gboolean
on_started (gpointer user_data)
{
  malloc_trim (0);
  return G_SOURCE_REMOVE;
}

/* The desktop holds the other end of standard input; when it goes, however it goes, so do we. */
static gboolean
on_parent_input (int fd, GIOCondition condition, gpointer user_data)
{
  char ignored[256];
  ssize_t length = read (fd, ignored, sizeof ignored);

  if (length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR)))
    return G_SOURCE_CONTINUE;
  begin_to_end (user_data);
  return G_SOURCE_REMOVE;
}

/* Few arenas, so that what many threads freed is used again; no core file with tokens in it;
 * as many descriptors as allowed. */
static void
prepare_process (void)
{
  struct rlimit files;
  struct rlimit no_core = { 0, 0 };

  mallopt (M_ARENA_MAX, 2);
  mallopt (M_TRIM_THRESHOLD, 256 * 1024);
  mallopt (M_MMAP_THRESHOLD, 256 * 1024);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_CORE, &no_core);
  if (getrlimit (RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit (RLIMIT_NOFILE, &files);
  }
}

static int
report (const GError *error)
{
  g_printerr ("guiched: %s\n", error->message);
  return GUICHED_EXIT_FAILED;
}

static void
print_ready (GuicheRings *rings)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  const char *url = guiche_rings_url (rings);
  const char *tenant = guiche_rings_tenant (rings);
  const char *password = guiche_rings_first_password (rings);
  g_autofree char *chat = tenant == NULL ? NULL : g_strconcat (url, "/chat/", tenant, NULL);

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_bool (writer, "ready", TRUE);
  guiche_json_writer_member_string (writer, "url", url);
  guiche_json_writer_member_string (writer, "tenant", tenant);
  guiche_json_writer_member_string (writer, "chat", chat);
  if (password != NULL) {
    guiche_json_writer_name (writer, "first_run");
    guiche_json_writer_begin_object (writer);
    guiche_json_writer_member_string (writer, "login", "admin");
    guiche_json_writer_member_string (writer, "password", password);
    guiche_json_writer_end_object (writer);
  }
  guiche_json_writer_end_object (writer);
  printf ("%s\n", guiche_json_writer_peek (writer, NULL));
  fflush (stdout);
}

/* Serves until told to end. */
static int
serve (const GuichedOptions *options, GuicheInstance *instance)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Program program = { .loop = loop };

  program.rings = guiche_rings_new (options, &error);
  if (program.rings == NULL)
    return report (error);
  if (!guiche_instance_publish (instance, guiche_rings_url (program.rings), &error)) {
    guiche_rings_free (program.rings);
    return report (error);
  }
  program.drains =
      !options->is_embedded && !options->is_demo && guiche_rings_is_one_of_several (program.rings);
  g_unix_signal_add (SIGTERM, on_signal, &program);
  g_unix_signal_add (SIGINT, on_signal, &program);
  if (options->is_embedded)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_parent_input, &program);
  print_ready (program.rings);
  g_timeout_add (TRIM_AFTER_MS, on_started, NULL);
  g_main_loop_run (loop);
  guiche_rings_free (program.rings);
  return GUICHED_EXIT_OK;
}

static int
start (GuichedOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheInstance) instance = NULL;

  if (!guiched_options_load_settings (options, &error))
    return report (error);
  if (options->is_embedded)
    prctl (PR_SET_PDEATHSIG, SIGTERM);
  instance = guiche_instance_acquire (options->data, &error);
  if (instance == NULL)
    return report (error);
  return serve (options, instance);
}

int
main (int argc, char **argv)
{
  g_auto (GuichedOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  prepare_process ();
  guiched_log_install ();
  if (!guiched_options_parse (&options, &argc, &argv, &error)) {
    g_printerr ("guiched: %s\n", error->message);
    return GUICHED_EXIT_USAGE;
  }
  if (options.shows_version) {
    printf ("guiched %s\n", GUICHE_VERSION);
    return GUICHED_EXIT_OK;
  }
  return start (&options);
}
