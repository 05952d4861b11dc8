/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/migration-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <string.h>

#define DUMP_PROGRAM "pg_dump"

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  return -strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names begin with the time: what sorts first is newest. */
static void
prune (const char *directory, const char *suffix, guint n_kept)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) entries = g_dir_open (directory, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL) {
    if (g_str_has_suffix (name, suffix))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_newest_first);
  for (guint i = n_kept; i < names->len; i++) {
    g_autofree char *path = g_build_filename (directory, names->pdata[i], NULL);

    g_unlink (path);
  }
}

gboolean
guiche_migration_back_up (const GuicheMigration *self,
                          GuicheDb *db,
                          gint64 version,
                          const char *suffix,
                          GuicheBackUp func,
                          GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%S.%f");
  g_autofree char *name =
      g_strdup_printf ("%s-schema-%04" G_GINT64_FORMAT "%s", time, version, suffix);
  g_autofree char *path = g_build_filename (self->backup_directory, name, NULL);
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  GError *failure = NULL;

  if (g_mkdir_with_parents (self->backup_directory, 0700) == 0 &&
      func (self, db, partial, &failure) && g_rename (partial, path) == 0) {
    prune (self->backup_directory, suffix, self->n_backups);
    return TRUE;
  }

  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "backing up to %s: %s", path,
                 g_strerror (errno));
  g_unlink (partial);
  return FALSE;
}

static void
append_keyword (GString *conninfo, const char *keyword, const char *value)
{
  g_string_append_printf (conninfo, "%s='", keyword);
  for (const char *c = value; *c != '\0'; c++) {
    if (*c == '\'' || *c == '\\')
      g_string_append_c (conninfo, '\\');
    g_string_append_c (conninfo, *c);
  }
  g_string_append (conninfo, "' ");
}

/* Where to connect without the password, which other users of the machine would see in the list of
 * processes: that goes into @launcher's environment. */
static char *
hide_password (const char *conninfo, GSubprocessLauncher *launcher)
{
  PQconninfoOption *options = PQconninfoParse (conninfo, NULL);
  GString *without = g_string_new (NULL);

  for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
    if (option->val == NULL)
      continue;
    if (strcmp (option->keyword, "password") == 0)
      g_subprocess_launcher_setenv (launcher, "PGPASSWORD", option->val, TRUE);
    else
      append_keyword (without, option->keyword, option->val);
  }
  PQconninfoFree (options);
  return g_string_free (without, FALSE);
}

static gboolean
dump (const GuicheMigration *self, const char *program, const char *path, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *conninfo = hide_password (self->location->conninfo, launcher);
  g_autofree char *schema = g_strdup_printf ("\"%s\"", self->location->schema);
  g_autofree char *said = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawn (
      launcher, error, program, "--format=custom", "--no-password", "--schema", schema, "--file",
      path, "--dbname", conninfo, NULL);

  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &said, error))
    return FALSE;
  if (g_subprocess_get_successful (process))
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s of schema %s: %s", DUMP_PROGRAM,
               self->location->schema, said == NULL ? "killed" : g_strstrip (said));
  return FALSE;
}

gboolean
guiche_migration_dump_postgresql (const GuicheMigration *self,
                                  GuicheDb *db,
                                  const char *path,
                                  GError **error)
{
  g_autofree char *program = g_find_program_in_path (DUMP_PROGRAM);

  if (program != NULL)
    return dump (self, program, path, error);

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
               "no backup before migrating schema %s: %s is not installed (postgresql-client); "
               "where backups are taken otherwise, set migration_backups_elsewhere=true in [store]",
               self->location->schema, DUMP_PROGRAM);
  return FALSE;
}
