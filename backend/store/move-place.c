/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db-private.h"
#include "store/move.h"

#include <string.h>

#define SQLITE_PREFIX "sqlite:"

static char *
dup_setting (GuicheSettings *settings, const char *group, const char *key)
{
  const char *value = guiche_settings_get_string (settings, group, key);

  return *value == '\0' ? NULL : g_strdup (value);
}

void
guiche_move_place_init (GuicheMovePlace *self, GuicheSettings *settings, const char *data)
{
  g_autofree char *keys = dup_setting (settings, "node", "keys");

  *self = (GuicheMovePlace){ .url = dup_setting (settings, "store", "url"),
                             .directory = g_strdup (data),
                             .keys = g_strdup (keys == NULL ? data : keys),
                             .files = dup_setting (settings, "files", "directory") };
}

gboolean
guiche_move_place_init_target (GuicheMovePlace *self,
                               const char *to,
                               const GuicheMovePlace *from,
                               GError **error)
{
  *self = (GuicheMovePlace){ .files = g_strdup (from->files) };
  if (g_str_has_prefix (to, "postgresql://") || g_str_has_prefix (to, "postgres://")) {
    self->url = g_strdup (to);
    self->keys = g_strdup (from->keys);
    return TRUE;
  }
  if (g_str_has_prefix (to, SQLITE_PREFIX) && to[strlen (SQLITE_PREFIX)] != '\0') {
    self->directory = g_canonicalize_filename (to + strlen (SQLITE_PREFIX), NULL);
    self->keys = g_strdup (self->directory);
    return TRUE;
  }
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
               "%s is neither postgresql://… nor sqlite:DIRECTORY", to);
  return FALSE;
}

void
guiche_move_place_clear (GuicheMovePlace *self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->keys, g_free);
  g_clear_pointer (&self->files, g_free);
}

char *
guiche_move_place_tenant_directory (const GuicheMovePlace *self, const char *tenant)
{
  return g_build_filename (self->directory, "tenants", tenant, NULL);
}

GuicheDbLocation *
guiche_move_place_locate (const GuicheMovePlace *self, const char *tenant)
{
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  GuicheDbLocation *location;

  if (self->url != NULL) {
    g_autofree char *schema =
        tenant == NULL ? g_strdup ("control") : g_strconcat ("tenant_", tenant, NULL);

    location = guiche_db_location_new_postgresql (self->url, schema, NULL);
    location->is_patient = TRUE;
    return location;
  }
  directory = tenant == NULL ? g_strdup (self->directory)
                             : guiche_move_place_tenant_directory (self, tenant);
  path = g_build_filename (directory, tenant == NULL ? "control.db" : "guiche.db", NULL);
  return guiche_db_location_new_sqlite (path);
}

GPtrArray *
guiche_move_place_list (const GuicheMovePlace *self, GError **error)
{
  g_autoptr (GuicheDbLocation) location = guiche_move_place_locate (self, NULL);
  g_autoptr (GuicheDb) control = guiche_db_open (location, GUICHE_DB_READER, error);
  GuicheStatement *statement =
      control == NULL ? NULL
                      : guiche_db_prepare (control, "SELECT key FROM tenants ORDER BY key", error);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) failure = NULL;

  if (statement == NULL)
    return NULL;
  while (guiche_statement_next (statement, &failure))
    g_ptr_array_add (keys, g_strdup (guiche_statement_text (statement, 0)));
  if (failure == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
