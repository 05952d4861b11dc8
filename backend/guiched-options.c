/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guiched-options.h"

#include "base/error.h"

#include <gio/gio.h>

#define SYSTEM_CONFIG "/etc/guiche/guiched.conf"
#define SYSTEM_DATA "/var/lib/guiche"

static const char summary[] =
    "The server of Guichê. When ready it prints one line of JSON on standard output:\n"
    "  "
    "{\"ready\":true,\"url\":\"http://127.0.0.1:8480\",\"tenant\":\"demo\",\"chat\":\"…/chat/"
    "demo\"}\n"
    "SIGTERM or SIGINT end it: what was accepted is answered, streams are told to come back.";

static const char description[] =
    "Every key of guiched.conf can be set in the environment: key port of [http] is\n"
    "GUICHE_HTTP_PORT. The shipped guiched.conf says what each key does.\n"
    "\n"
    "Exit status: 0 ended on request, 1 could not start or go on (one line on standard\n"
    "error says why), 2 wrong usage. The log is one JSON object a line on standard error.\n";

char *
guiched_options_default_data (void)
{
  if (g_file_test (SYSTEM_DATA, G_FILE_TEST_IS_DIR) && geteuid () == 0)
    return g_strdup (SYSTEM_DATA);
  return g_build_filename (g_get_user_data_dir (), "guiche", NULL);
}

gboolean
guiched_options_parse (GuichedOptions *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &self->data,
      "Data directory; made when missing (default: $XDG_DATA_HOME/guiche)", "DIR" },
    { "port", 'p', 0, G_OPTION_ARG_INT, &self->port, "Port; 0 takes a free one", "N" },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &self->config, "Configuration file", "FILE" },
    { "demo", 0, 0, G_OPTION_ARG_NONE, &self->is_demo, "Serve the sample company", NULL },
    { "embedded", 0, 0, G_OPTION_ARG_NONE, &self->is_embedded,
      "Child of a desktop: end when it ends or closes standard input", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->shows_version, "Print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  self->port = -1;
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unknown argument %s",
                 (*argv)[1]);
    return FALSE;
  }
  if (self->port < -1 || self->port > 65535) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "--port is between 0 and 65535");
    return FALSE;
  }
  if (self->data == NULL)
    self->data = guiched_options_default_data ();
  return TRUE;
}

static gboolean
is_loopback (const char *listen)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (listen);

  if (g_str_has_prefix (listen, "/") || g_strcmp0 (listen, "localhost") == 0)
    return TRUE;
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
guiched_options_load_settings (GuichedOptions *self, GError **error)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *port = g_strdup_printf ("%d", self->port);
  const char *path = self->config;
  const char *refused = NULL;

  if (self->port >= 0)
    environment = g_environ_setenv (environment, "GUICHE_HTTP_PORT", port, TRUE);
  if (path == NULL && !self->is_embedded && g_file_test (SYSTEM_CONFIG, G_FILE_TEST_EXISTS))
    path = SYSTEM_CONFIG;
  self->settings = guiche_settings_load (path, environment, error);
  if (self->settings == NULL)
    return FALSE;
  if (is_loopback (guiche_settings_get_string (self->settings, "http", "listen")))
    return TRUE;
  if (self->is_demo)
    refused = "--demo has well-known passwords";
  else if (self->is_embedded)
    refused = "--embedded serves the desktop beside it";
  else if (!guiche_settings_get_bool (self->settings, "limits", "enabled"))
    refused = "[limits] enabled=false is for measurements";
  if (refused == NULL)
    return TRUE;
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN,
               "%s and listens on loopback only, not on %s", refused,
               guiche_settings_get_string (self->settings, "http", "listen"));
  return FALSE;
}

void
guiched_options_clear (GuichedOptions *self)
{
  g_clear_pointer (&self->data, g_free);
  g_clear_pointer (&self->config, g_free);
  g_clear_pointer (&self->settings, guiche_settings_unref);
}
