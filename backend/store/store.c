/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/catch-up.h"
#include "store/job-runner.h"
#include "store/migration.h"
#include "store/node-name.h"
#include "store/secret-file.h"
#include "store/store-private.h"
#include "store/tidy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

struct _GuicheStore {
  char *directory;          /* (owned) */
  int lock_descriptor;      /* held while open: two programs never share a directory */
  GuicheSettings *settings; /* (owned) */
  GuicheClock *clock;       /* (owned) */
  guint64 id_seed;
  guint8 audit_key[GUICHE_AUDIT_KEY_BYTES];
  GuicheMailbox *mailbox; /* (owned) */
  GuicheDb *control;      /* (owned) (thread main) */
  GuicheIdSource *ids;    /* (owned) (thread main) */
  GuicheJobRunner *jobs;  /* (owned) */
  GuicheNodeName node;
  GuicheCommitFunc commit_func; /* (nullable) */
  gpointer commit_data;
  GMutex lock;
  GPtrArray *tenants; /* (owned) (lock) (element-type GuicheTenant) */
};

static void
tenant_free (GuicheTenant *self)
{
  g_clear_pointer (&self->readers, guiche_readers_free);
  g_clear_pointer (&self->writer, guiche_writer_free);
  g_mutex_clear (&self->lock);
  guiche_db_location_free (self->location);
  g_free (self->directory);
  g_free (self->name);
  g_free (self->key);
  g_free (self);
}

static GuicheTenant *
tenant_new (GuicheStore *store, const char *key, const char *name)
{
  GuicheTenant *self = g_new0 (GuicheTenant, 1);
  g_autofree char *path = NULL;

  self->store = store;
  self->job_due_us = GUICHE_NO_JOB;
  self->key = g_strdup (key);
  self->name = g_strdup (name);
  self->directory = g_build_filename (store->directory, "tenants", key, NULL);
  path = g_build_filename (self->directory, "guiche.db", NULL);
  self->location = guiche_db_location_new_sqlite (path);
  g_mutex_init (&self->lock);
  return self;
}

static gboolean
make_directory (const char *path, GError **error)
{
  int number;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  number = errno;
  g_set_error (error, GUICHE_ERROR,
               number == ENOSPC ? GUICHE_ERROR_STORAGE_FULL : GUICHE_ERROR_INTERNAL,
               "creating %s: %s", path, g_strerror (number));
  return FALSE;
}

/* (nullable): where a copy goes before a migration. */
static char *
backup_directory (GuicheStore *self, const char *directory)
{
  if (guiche_settings_get_bool (self->settings, "store", "migration_backups_elsewhere"))
    return NULL;

  return g_build_filename (directory, "backups", NULL);
}

/* Brings a database to the present and closes it; its writer opens it when there is work. */
static gboolean
migrate_tenant (GuicheStore *self, GuicheTenant *tenant, GError **error)
{
  g_autofree char *backups = backup_directory (self, tenant->directory);
  g_autoptr (GuicheDb) db = NULL;
  g_autoptr (GError) refused = NULL;

  guiche_tidy_incoming (tenant->directory);
  if (!guiche_migration_is_needed (tenant->location, GUICHE_MIGRATIONS_TENANT, &refused)) {
    if (refused == NULL)
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&refused));
    return FALSE;
  }
  if (!make_directory (tenant->directory, error))
    return FALSE;

  db = guiche_migrate (
      tenant->location, GUICHE_MIGRATIONS_TENANT, backups,
      (guint) guiche_settings_get_int (self->settings, "store", "migration_backups"), error);
  return db != NULL && guiche_db_checkpoint (db, error);
}

static gboolean
take_lock (GuicheStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "lock", NULL);

  self->lock_descriptor = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_descriptor >= 0 && flock (self->lock_descriptor, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "%s: %s", self->directory,
               errno == EWOULDBLOCK ? "another program uses this directory" : g_strerror (errno));
  return FALSE;
}

static gboolean
load_tenants (GuicheStore *self, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (self->control, "SELECT key, name FROM tenants ORDER BY id", error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  while (guiche_statement_next (statement, &local_error))
    g_ptr_array_add (self->tenants, tenant_new (self, guiche_statement_text (statement, 0),
                                                guiche_statement_text (statement, 1)));
  if (local_error != NULL) {
    g_propagate_error (error, local_error);
    return FALSE;
  }

  for (guint i = 0; i < self->tenants->len; i++) {
    if (!migrate_tenant (self, self->tenants->pdata[i], error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
open_control (GuicheStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "control.db", NULL);
  g_autofree char *backups = backup_directory (self, self->directory);
  g_autoptr (GuicheDbLocation) location = guiche_db_location_new_sqlite (path);

  self->control = guiche_migrate (
      location, GUICHE_MIGRATIONS_CONTROL, backups,
      (guint) guiche_settings_get_int (self->settings, "store", "migration_backups"), error);
  return self->control != NULL;
}

/**
 * guiche_store_open:
 * @directory: created when missing, for its owner only
 * @options: (nullable):
 *
 * Returns: (transfer full): %NULL with error set: %GUICHE_ERROR_DATABASE_NEWER,
 *   %GUICHE_ERROR_UNAVAILABLE when another program has it open, …
 */
GuicheStore *
guiche_store_open (const char *directory,
                   GuicheSettings *settings,
                   const GuicheStoreOptions *options,
                   GError **error)
{
  GuicheStore *self = g_new0 (GuicheStore, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->directory = g_strdup (directory);
  self->lock_descriptor = -1;
  self->settings = guiche_settings_ref (settings);
  self->clock = options != NULL && options->clock != NULL ? guiche_clock_ref (options->clock)
                                                          : guiche_clock_new_system ();
  self->id_seed = options == NULL ? 0 : options->id_seed;
  self->ids = guiche_id_source_new (self->clock, self->id_seed);
  self->tenants = g_ptr_array_new_with_free_func ((GDestroyNotify) tenant_free);
  self->mailbox = guiche_mailbox_new (context);
  self->jobs = guiche_job_runner_new (self);
  g_mutex_init (&self->lock);

  if (guiche_node_name_init (&self->node, settings, error) && make_directory (directory, error) &&
      take_lock (self, error) &&
      guiche_secret_file_load (directory, "audit.key", self->audit_key, sizeof self->audit_key,
                               error) &&
      open_control (self, error) && load_tenants (self, error))
    return self;

  guiche_store_close (self);
  return NULL;
}

void
guiche_store_close (GuicheStore *self)
{
  guiche_job_runner_stop (self->jobs);
  for (guint i = 0; i < self->tenants->len; i++) {
    GuicheTenant *tenant = self->tenants->pdata[i];

    g_clear_pointer (&tenant->readers, guiche_readers_free);
    g_clear_pointer (&tenant->writer, guiche_writer_free);
  }
  guiche_mailbox_free (self->mailbox);
  guiche_job_runner_free (self->jobs);
  g_ptr_array_unref (self->tenants);
  guiche_db_close (self->control);
  if (self->lock_descriptor >= 0)
    close (self->lock_descriptor);
  guiche_id_source_free (self->ids);
  guiche_clock_unref (self->clock);
  guiche_settings_unref (self->settings);
  g_mutex_clear (&self->lock);
  guiche_node_name_clear (&self->node);
  g_free (self->directory);
  g_free (self);
}

const char *
guiche_store_owner (GuicheStore *self)
{
  return self->node.owner;
}

const char *
guiche_store_directory (GuicheStore *self)
{
  return self->directory;
}

const char *
guiche_store_node (GuicheStore *self)
{
  return self->node.name;
}

gboolean
guiche_store_is_shared (GuicheStore *self)
{
  return FALSE;
}

void
guiche_store_set_commit_func (GuicheStore *self, GuicheCommitFunc func, gpointer user_data)
{
  self->commit_func = func;
  self->commit_data = user_data;
}

GuicheClock *
guiche_store_clock (GuicheStore *self)
{
  return self->clock;
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

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->tenants, tenant);
  g_mutex_unlock (&self->lock);
  guiche_job_runner_note (self->jobs, tenant, 0);
  return tenant;
}

GuicheTenant *
guiche_store_find_tenant (GuicheStore *self, const char *key)
{
  GuicheTenant *found = NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->tenants->len && found == NULL; i++) {
    GuicheTenant *tenant = self->tenants->pdata[i];

    if (strcmp (tenant->key, key) == 0)
      found = tenant;
  }
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

void
guiche_store_set_listener (GuicheStore *self, GuicheEventsFunc func, gpointer user_data)
{
  guiche_mailbox_set_listener (self->mailbox, func, user_data);
}

void
guiche_store_add_listener (GuicheStore *self, GuicheEventsFunc func, gpointer user_data)
{
  guiche_mailbox_add_listener (self->mailbox, func, user_data);
}

void
guiche_store_remove_listener (GuicheStore *self, GuicheEventsFunc func, gpointer user_data)
{
  guiche_mailbox_remove_listener (self->mailbox, func, user_data);
}

GuicheMailbox *
guiche_store_mailbox (GuicheStore *self)
{
  return self->mailbox;
}

GuicheSettings *
guiche_store_settings (GuicheStore *self)
{
  return self->settings;
}

gint64
guiche_store_retention_us (GuicheStore *self)
{
  return guiche_settings_get_int (self->settings, "store", "event_retention_days") * DAY_US;
}

gint64
guiche_store_quota_bytes (GuicheStore *self)
{
  return guiche_settings_get_int (self->settings, "files", "quota_bytes");
}

const guint8 *
guiche_store_audit_key (GuicheStore *self)
{
  return self->audit_key;
}

guint64
guiche_store_id_seed (GuicheStore *self, const char *tenant, gint64 salt)
{
  guint64 seed = self->id_seed;

  if (seed == 0)
    return 0;

  for (const char *c = tenant; *c != '\0'; c++)
    seed = (seed ^ (guchar) *c) * 0x100000001b3ULL;
  seed = (seed ^ (guint64) salt) * 0x9e3779b97f4a7c15ULL;
  return seed == 0 ? 1 : seed;
}

void
guiche_store_note_job (GuicheStore *self, GuicheTenant *tenant, gint64 due_us)
{
  guiche_job_runner_note (self->jobs, tenant, due_us);
}

void
guiche_store_add_job_kind (GuicheStore *self, const GuicheJobKind *kind)
{
  guiche_job_runner_add_kind (self->jobs, kind);
}

void
guiche_store_get_job_stats (GuicheStore *self, GuicheJobStats *out_stats)
{
  guiche_job_runner_get_stats (self->jobs, out_stats);
}

void
guiche_store_start_jobs (GuicheStore *self, guint n_threads)
{
  guiche_job_runner_start (self->jobs, n_threads);
}

gboolean
guiche_tenant_run_due_jobs (GuicheTenant *self, guint *out_run, GError **error)
{
  return guiche_job_runner_run_due (self->store->jobs, self, out_run, error);
}
