/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "migrations.h"
#include "store/migration-private.h"

#include <gio/gio.h>
#include <string.h>

#define READABLE_BY "-- readable-by:"

static const char *const engine_folders[] = {
  [GUICHE_DB_SQLITE] = "sqlite",
  [GUICHE_DB_POSTGRESQL] = "postgresql",
};

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
guiche_migration_list (const GuicheMigration *self)
{
  g_autofree char *path =
      g_build_path ("/", self->resource_path, engine_folders[self->location->kind], NULL);
  g_auto (GStrv) names = NULL;
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_free);

  g_assert (guiche_migrations_get_resource () != NULL); /* links and so registers it */
  names = g_resources_enumerate_children (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (names != NULL);
  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (sorted, g_strdup (names[i]));
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < sorted->len; i++)
    g_assert (g_ascii_strtoull (sorted->pdata[i], NULL, 10) == i + 1);

  return sorted;
}

GBytes *
guiche_migration_load (const GuicheMigration *self, const char *name, GError **error)
{
  g_autofree char *path =
      g_build_path ("/", self->resource_path, engine_folders[self->location->kind], name, NULL);

  return g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

gint64
guiche_migration_readable_by (GBytes *script, gint64 number)
{
  const char *text = g_bytes_get_data (script, NULL); /* resources end with NUL */
  const char *line = strstr (text, READABLE_BY);

  if (line == NULL)
    return number;

  return g_ascii_strtoll (line + strlen (READABLE_BY), NULL, 10);
}

gboolean
guiche_migration_refuse_newer (const GuicheMigration *self,
                               gint64 version,
                               gint64 newest,
                               GError **error)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER,
               "%s: written by a newer version of the program (schema %" G_GINT64_FORMAT
               ", this one knows %" G_GINT64_FORMAT ")",
               guiche_db_location_name (self->location), version, newest);
  return FALSE;
}

gint64
guiche_migration_count (const GuicheMigration *self)
{
  g_autoptr (GPtrArray) names = guiche_migration_list (self);

  return names->len;
}

gint64
guiche_migration_newest (const char *resource_path)
{
  GuicheDbLocation anywhere = { .kind = GUICHE_DB_SQLITE };
  GuicheMigration migration = { .location = &anywhere, .resource_path = resource_path };

  return guiche_migration_count (&migration);
}

gboolean
guiche_migration_is_needed (const GuicheDbLocation *location,
                            const char *resource_path,
                            GError **error)
{
  GuicheMigration migration = { .location = location, .resource_path = resource_path };

  if (location->kind == GUICHE_DB_POSTGRESQL)
    return guiche_migration_postgresql_is_needed (&migration, error);

  return guiche_migration_file_is_needed (&migration, error);
}

GuicheDb *
guiche_migrate (const GuicheDbLocation *location,
                const char *resource_path,
                const char *backup_directory,
                guint n_backups,
                GError **error)
{
  GuicheDbLocation patient = *location;
  GuicheMigration migration = { &patient, resource_path, backup_directory, n_backups };

  patient.pool = NULL;
  patient.is_patient = TRUE;
  if (location->kind == GUICHE_DB_POSTGRESQL)
    return guiche_migration_run_postgresql (&migration, error);

  return guiche_migration_run_file (&migration, error);
}
