/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/files.h"
#include "store/migration.h"
#include "store/store-state.h"

#define RETRY_US (5 * (gint64) G_USEC_PER_SEC)

/* (transfer full) */
static char *
locate_files (GuicheStore *store, const char *key)
{
  const char *shared = guiche_settings_get_string (store->settings, "files", "directory");

  return *shared != '\0' ? g_build_filename (shared, key, NULL)
                         : g_build_filename (store->directory, "tenants", key, "files", NULL);
}

GuicheTenant *
guiche_tenant_new (GuicheStore *store, const char *key, const char *name)
{
  GuicheTenant *self = g_new0 (GuicheTenant, 1);

  self->store = store;
  self->job_due_us = GUICHE_NO_JOB;
  self->key = g_strdup (key);
  self->name = g_strdup (name);
  self->directory = g_build_filename (guiche_store_directory (store), "tenants", key, NULL);
  self->files_directory = locate_files (store, key);
  self->location = guiche_store_locate (store, key);
  g_mutex_init (&self->lock);
  g_mutex_init (&self->ready_lock);
  return self;
}

void
guiche_tenant_free (GuicheTenant *self)
{
  g_clear_pointer (&self->readers, guiche_readers_free);
  g_clear_pointer (&self->writer, guiche_writer_free);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->ready_lock);
  g_clear_error (&self->trouble);
  guiche_db_location_free (self->location);
  g_free (self->files_directory);
  g_free (self->directory);
  g_free (self->name);
  g_free (self->key);
  g_free (self);
}

/* Brings a database to the present and closes it; its writer opens it when there is work. */
static gboolean
migrate (GuicheTenant *self, GError **error)
{
  g_autofree char *backups = guiche_store_backup_directory (self->store, self->directory);
  GuicheSettings *settings = guiche_store_settings (self->store);
  g_autoptr (GuicheDb) db = NULL;
  g_autoptr (GError) refused = NULL;

  guiche_upload_tidy (self);
  if (!guiche_migration_is_needed (self->location, GUICHE_MIGRATIONS_TENANT, &refused)) {
    if (refused == NULL)
      return guiche_store_make_directory (self->directory, error);
    g_propagate_error (error, g_steal_pointer (&refused));
    return FALSE;
  }
  if (!guiche_store_make_directory (self->directory, error))
    return FALSE;

  db = guiche_migrate (self->location, GUICHE_MIGRATIONS_TENANT, backups,
                       (guint) guiche_settings_get_int (settings, "store", "migration_backups"),
                       error);
  return db != NULL && guiche_db_checkpoint (db, error);
}

static void
try_to_open (GuicheTenant *self)
{
  g_autofree char *last = self->trouble == NULL ? NULL : g_strdup (self->trouble->message);

  g_clear_error (&self->trouble);
  self->is_ready = migrate (self, &self->trouble);
  if (self->is_ready)
    return;

  self->retry_at_us = g_get_monotonic_time () + RETRY_US;
  if (g_strcmp0 (last, self->trouble->message) != 0)
    g_warning ("%s: cannot be opened: %s", self->key, self->trouble->message);
}

gboolean
guiche_tenant_make_ready (GuicheTenant *self, GError **error)
{
  gboolean is_ready;

  g_mutex_lock (&self->ready_lock);
  if (!self->is_ready && g_get_monotonic_time () >= self->retry_at_us)
    try_to_open (self);
  is_ready = self->is_ready;
  if (!is_ready)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "%s: cannot be opened now",
                 self->key);
  g_mutex_unlock (&self->ready_lock);

  if (!is_ready && error != NULL)
    guiche_error_set_detail_int (*error, "retry_after_s", RETRY_US / G_USEC_PER_SEC);
  return is_ready;
}
