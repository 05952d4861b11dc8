/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/job-runner.h"
#include "store/store-state.h"

#include <string.h>

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

/* Takes it, unless another thread was faster. (transfer none) */
static GuicheTenant *
add (GuicheStore *self, GuicheTenant *tenant)
{
  GuicheTenant *known;

  g_mutex_lock (&self->lock);
  known = find (self, tenant->key);
  if (known == NULL)
    g_ptr_array_add (self->tenants, tenant);
  g_mutex_unlock (&self->lock);
  if (known != NULL) {
    guiche_tenant_free (tenant);
    return known;
  }

  guiche_job_runner_note (self->jobs, tenant, 0);
  return tenant;
}

/* (element-type GuicheTenant): those that this store does not know yet. */
static GPtrArray *
read_unknown (GuicheStore *self, GuicheDb *db, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "SELECT key, name FROM tenants ORDER BY id", error);
  g_autoptr (GPtrArray) unknown =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_tenant_free);
  GError *local_error = NULL;

  if (statement == NULL)
    return NULL;

  while (guiche_statement_next (statement, &local_error)) {
    const char *key = guiche_statement_text (statement, 0);

    if (guiche_store_get_tenant (self, key) == NULL)
      g_ptr_array_add (unknown,
                       guiche_tenant_new (self, key, guiche_statement_text (statement, 1)));
  }
  if (local_error == NULL)
    return g_steal_pointer (&unknown);

  g_propagate_error (error, local_error);
  return NULL;
}

/* One that cannot be opened is tried again later; it does not stop the others. */
gboolean
guiche_store_load_tenants (GuicheStore *self, GuicheDb *db, GError **error)
{
  g_autoptr (GPtrArray) unknown = read_unknown (self, db, error);

  if (unknown == NULL)
    return FALSE;

  while (unknown->len > 0) {
    GuicheTenant *tenant = g_ptr_array_steal_index (unknown, 0);

    guiche_tenant_make_ready (tenant, NULL);
    add (self, tenant);
  }

  return TRUE;
}

gboolean
guiche_store_load_news (GuicheStore *self, GError **error)
{
  GuicheDb *control = guiche_store_control (self, error);

  return control != NULL && guiche_store_load_tenants (self, control, error);
}

void
guiche_store_free_tenants (GuicheStore *self)
{
  for (guint i = 0; i < self->tenants->len; i++)
    guiche_tenant_free (self->tenants->pdata[i]);
  g_ptr_array_unref (self->tenants);
}

static gboolean
insert_tenant (GuicheStore *self, const char *key, const char *name, GError **error)
{
  static const char sql[] =
      "INSERT INTO tenants (id, key, name, created_at) VALUES ($1, $2, $3, $4)";
  GuicheDb *control = guiche_store_control (self, error);
  GuicheStatement *statement = control == NULL ? NULL : guiche_db_prepare (control, sql, error);
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
  if (guiche_store_get_tenant (self, key) != NULL) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT, "the company %s exists", key);
    return NULL;
  }

  /* The row comes last: what a crash leaves before it is taken up by the next try. */
  tenant = guiche_tenant_new (self, key, name);
  if (!guiche_tenant_make_ready (tenant, error) || !insert_tenant (self, key, name, error)) {
    guiche_tenant_free (tenant);
    return NULL;
  }

  guiche_wakes_tell_made (self->wakes, key);
  return add (self, tenant);
}

GuicheTenant *
guiche_store_get_tenant (GuicheStore *self, const char *key)
{
  GuicheTenant *found;

  g_mutex_lock (&self->lock);
  found = find (self, key);
  g_mutex_unlock (&self->lock);
  return found;
}

/* It may have been made at another node a moment ago. */
GuicheTenant *
guiche_store_find_tenant (GuicheStore *self, const char *key)
{
  GuicheTenant *found = guiche_store_get_tenant (self, key);

  if (found != NULL || self->watch == NULL || !guiche_tenant_check_key (key, NULL))
    return found;

  guiche_watch_look (self->watch);
  return guiche_store_get_tenant (self, key);
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
