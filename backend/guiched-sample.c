/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guiched-sample.h"

#include "base/error.h"
#include "flows/sample-company.h"
#include "store/node.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEASE "sample company"
/* Should its maker die, another goes on after that. */
#define LEASE_US (60 * (gint64) G_USEC_PER_SEC)

/* Of several servers' database only the child can tell. */
static gboolean
has_sample (const GuichedOptions *options)
{
  g_autofree char *path =
      g_build_filename (options->data, "tenants", GUICHE_SAMPLE_TENANT, "guiche.db", NULL);

  return *guiche_settings_get_string (options->settings, "store", "url") == '\0' &&
         g_file_test (path, G_FILE_TEST_EXISTS);
}

/* (in the child): of several servers that start at once one makes it, and the others wait. */
static void
make_alone (GuicheStore *store, GError **error)
{
  if (!guiche_store_take_lease (store, LEASE, LEASE_US, error))
    return;
  if (guiche_store_load_news (store, error))
    guiche_sample_company_ensure (store, error);
  guiche_store_give_lease (store, LEASE);
}

/* (in the child): says on @report why it could not, or nothing. */
static void
make (const GuichedOptions *options, int report)
{
  g_autoptr (GError) error = NULL;
  GuicheStore *store = guiche_store_open (options->data, options->settings, NULL, &error);
  ssize_t written;

  if (store != NULL) {
    make_alone (store, &error);
    guiche_store_close (store);
  }
  if (error == NULL)
    return;
  written = write (report, error->message, strlen (error->message));
  if (written < 0)
    _exit (1);
}

/* What the child says until it ends. */
static char *
read_report (int report)
{
  char text[1024];
  gsize length = 0;
  ssize_t n;

  while ((n = read (report, text + length, sizeof text - 1 - length)) > 0 ||
         (n < 0 && errno == EINTR))
    length += n > 0 ? (gsize) n : 0;
  return g_strndup (text, length);
}

gboolean
guiched_make_sample (const GuichedOptions *options, GError **error)
{
  g_autofree char *report = NULL;
  int ends[2];
  pid_t child;

  if (has_sample (options) || pipe (ends) != 0)
    return TRUE;
  child = fork ();
  if (child == 0) {
    close (ends[0]);
    make (options, ends[1]);
    _exit (0);
  }
  close (ends[1]);
  report = child < 0 ? g_strdup ("") : read_report (ends[0]);
  close (ends[0]);
  if (child > 0)
    while (waitpid (child, NULL, 0) < 0 && errno == EINTR)
      continue;
  if (*report == '\0')
    return TRUE;
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, report);
  return FALSE;
}
