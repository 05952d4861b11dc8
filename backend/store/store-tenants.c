/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/files.h"
#include "store/job-runner.h"
#include "store/migration.h"
#include "store/store-state.h"

#include <string.h>

static void
tenant_free (GuicheTenant *self)
{
  g_clear_pointer (&self->readers, guiche_readers_free);
  g_clear_pointer (&self->writer, guiche_writer_free);
  g_mutex_clear (&self->lock);
  guiche_db_location_free (self->location);
  g_free (self->files_directory);
  g_free (self->directory);
  g_free (self->name);
  g_free (self->key);
  g_free (self);
}

/* (transfer full) */
static char *
locate_files (GuicheStore *store, const char *key)
{
  const char *shared = guiche_settings_get_string (store->settings, "files", "directory");

  return *shared != '\0' ? g_build_filename (shared, key, NULL)
                         : g_build_filename (store->directory, "tenants", key, "files", NULL);
}

static GuicheTenant *
tenant_new (GuicheStore *store, const char *key, const char *name)
{
  GuicheTenant *self = g_new0 (GuicheTenant, 1);

  self->store = store;
  self->job_due_us = GUICHE_NO_JOB;
  self->key = g_strdup (key);
  self->name = g_strdup (name);
  self->directory = g_build_filename (store->directory, "tenants", key, NULL);
  self->files_directory = locate_files (store, key);
  self->location = guiche_store_locate (store, key);
  g_mutex_init (&self->lock);
  return self;
}

/* Brings a database to the present and closes it; its writer opens it when there is work. */
static gboolean
migrate_tenant (GuicheStore *self, GuicheTenant *tenant, GError **error)
{
  g_autofree char *backups = guiche_store_backup_directory (self, tenant->directory);
  g_autoptr (GuicheDb) db = NULL;
  g_autoptr (GError) refused = NULL;

  guiche_upload_tidy (tenant);
  if (!guiche_migration_is_needed (tenant->location, GUICHE_MIGRATIONS_TENANT, &refused)) {
    if (refused == NULL)
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&refused));
    return FALSE;
  }
  if (!guiche_store_make_directory (tenant->directory, error))
    return FALSE;

  db = guiche_migrate (
      tenant->location, GUICHE_MIGRATIONS_TENANT, backups,
      (guint) guiche_settings_get_int (self->settings, "store", "migration_backups"), error);
  return db != NULL && guiche_db_checkpoint (db, error);
}

/* (lock) */
static GuicheTenant *
find (GuicheStore *self, const char *key)
{
  for (guint i = 0; i < self->tenants->len; i++) {
    GuicheTenant *tenant = self->tenants->pdata[i];

    if (strcmp (tenant->key, key) == 0)
      return tenant;
  }

  return NULL;
}

static void
add (GuicheStore *self, GuicheTenant *tenant)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->tenants, tenant);
  g_mutex_unlock (&self->lock);
  guiche_job_runner_note (self->jobs, tenant, 0);
}

/* (element-type GuicheTenant): those that this store does not know yet. */
static GPtrArray *
read_unknown (GuicheStore *self, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (self->control, "SELECT key, name FROM tenants ORDER BY id", error);
  g_autoptr (GPtrArray) unknown = g_ptr_array_new_with_free_func ((GDestroyNotify) tenant_free);
  GError *local_error = NULL;

  if (statement == NULL)
    return NULL;

  while (guiche_statement_next (statement, &local_error)) {
    const char *key = guiche_statement_text (statement, 0);

    if (guiche_store_find_tenant (self, key) == NULL)
      g_ptr_array_add (unknown, tenant_new (self, key, guiche_statement_text (statement, 1)));
  }
  if (local_error == NULL)
    return g_steal_pointer (&unknown);

  g_propagate_error (error, local_error);
  return NULL;
}

gboolean
guiche_store_load_tenants (GuicheStore *self, GError **error)
{
  g_autoptr (GPtrArray) unknown = read_unknown (self, error);

  if (unknown == NULL)
    return FALSE;

  while (unknown->len > 0) {
    if (!migrate_tenant (self, unknown->pdata[0], error))
      return FALSE;
    add (self, g_ptr_array_steal_index (unknown, 0));
  }

  return TRUE;
}

void
guiche_store_free_tenants (GuicheStore *self)
{
  for (guint i = 0; i < self->tenants->len; i++)
    tenant_free (self->tenants->pdata[i]);
  g_ptr_array_unref (self->tenants);
}

static gboolean
insert_tenant (GuicheStore *self, const char *key, const char *name, GError **error)
{
  static const char sql[] =
      "INSERT INTO tenants (id, key, name, created_at) VALUES ($1, $2, $3, $4)";
  GuicheStatement *statement = guiche_db_prepare (self->control, sql, error);
  GuicheId id = guiche_id_source_next (self->ids);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_id (statement, 1, &id);
  guiche_statement_bind_text (statement, 2, key);
  guiche_statement_bind_text (statement, 3, name);
  guiche_statement_bind_int (statement, 4, guiche_clock_now_us (self->clock));
  return guiche_statement_run (statement, NULL, error);
}

/**
 * guiche_store_create_tenant:
 * @key: in addresses and directory names
 * @name: the company's name as people read it
 *
 * Returns: (transfer none): %NULL with %GUICHE_ERROR_CONFLICT when the key is taken
 */
GuicheTenant *
guiche_store_create_tenant (GuicheStore *self, const char *key, const char *name, GError **error)
{
  GuicheTenant *tenant;

  if (!guiche_tenant_check_key (key, error))
    return NULL;
  if (guiche_store_find_tenant (self, key) != NULL) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT, "the company %s exists", key);
    return NULL;
  }

  /* The row comes last: what a crash leaves before it is taken up by the next try. */
  tenant = tenant_new (self, key, name);
  if (!migrate_tenant (self, tenant, error) || !insert_tenant (self, key, name, error)) {
    tenant_free (tenant);
    return NULL;
  }

  add (self, tenant);
  return tenant;
}

GuicheTenant *
guiche_store_find_tenant (GuicheStore *self, const char *key)
{
  GuicheTenant *found;

  g_mutex_lock (&self->lock);
  found = find (self, key);
  g_mutex_unlock (&self->lock);
  return found;
}

GPtrArray *
guiche_store_list_tenants (GuicheStore *self)
{
  GPtrArray *tenants = g_ptr_array_new ();

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->tenants->len; i++)
    g_ptr_array_add (tenants, self->tenants->pdata[i]);
  g_mutex_unlock (&self->lock);

  return tenants;
}
