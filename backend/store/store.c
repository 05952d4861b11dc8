/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/job-runner.h"
#include "store/migration.h"
#include "store/postgresql-pool.h"
#include "store/store-state.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define POOL_TIDY_S 15
/* How long a start waits for a database that does not answer, and how often it asks. */
#define START_PATIENCE_US (20 * (gint64) G_USEC_PER_SEC)
#define START_PAUSE_US (G_USEC_PER_SEC / 4)
#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

gboolean
guiche_store_make_directory (const char *path, GError **error)
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

char *
guiche_store_backup_directory (GuicheStore *self, const char *directory)
{
  if (guiche_settings_get_bool (self->settings, "store", "migration_backups_elsewhere"))
    return NULL;

  return g_build_filename (directory, "backups", NULL);
}

/* The control schema is asked now and then, by threads that have a connection of their own; a
 * company's, with those of the pool. */
GuicheDbLocation *
guiche_store_locate (GuicheStore *self, const char *tenant_key)
{
  const char *url = guiche_settings_get_string (self->settings, "store", "url");
  g_autofree char *schema =
      tenant_key == NULL ? g_strdup ("control") : g_strconcat ("tenant_", tenant_key, NULL);
  g_autofree char *path =
      tenant_key == NULL
          ? g_build_filename (self->directory, "control.db", NULL)
          : g_build_filename (self->directory, "tenants", tenant_key, "guiche.db", NULL);

  return *url == '\0' ? guiche_db_location_new_sqlite (path)
                      : guiche_db_location_new_postgresql (url, schema,
                                                           tenant_key == NULL ? NULL : self->pool);
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
on_pool_tidying (gpointer user_data)
{
  guiche_postgresql_pool_tidy (user_data);
  return G_SOURCE_CONTINUE;
}

/* The file is this process's alone; the server is everybody's. */
static gboolean
take_database (GuicheStore *self, GError **error)
{
  g_autofree char *name = g_strconcat ("guiche ", self->node.name, NULL);

  if (*guiche_settings_get_string (self->settings, "store", "url") == '\0')
    return take_lock (self, error);

  self->pool = guiche_postgresql_pool_new (
      name, (guint) guiche_settings_get_int (self->settings, "store", "connections"));
  self->pool_tidying = g_timeout_source_new_seconds (POOL_TIDY_S);
  g_source_set_callback (self->pool_tidying, on_pool_tidying, self->pool, NULL);
  g_source_set_static_name (self->pool_tidying, "guiche-pool");
  g_source_attach (self->pool_tidying, self->context);
  return TRUE;
}

static GuicheDb *
migrate_control (GuicheStore *self, GError **error)
{
  g_autofree char *backups = guiche_store_backup_directory (self, self->directory);

  return guiche_migrate (
      self->control_location, GUICHE_MIGRATIONS_CONTROL, backups,
      (guint) guiche_settings_get_int (self->settings, "store", "migration_backups"), error);
}

static gboolean
open_control (GuicheStore *self, GError **error)
{
  gint64 until_us = g_get_monotonic_time () + START_PATIENCE_US;
  GError *trouble = NULL;

  self->control_location = guiche_store_locate (self, NULL);
  self->control = migrate_control (self, &trouble);
  while (self->control == NULL && guiche_error_is_retriable (trouble) &&
         g_get_monotonic_time () < until_us) {
    g_message ("waiting for the database: %s", trouble->message);
    g_clear_error (&trouble);
    g_usleep (START_PAUSE_US);
    self->control = migrate_control (self, &trouble);
  }
  if (self->control == NULL) {
    g_propagate_error (error, trouble);
    return FALSE;
  }

  /* It was opened for a migration, with all the time in the world. */
  if (guiche_db_location_is_shared (self->control_location))
    g_clear_pointer (&self->control, guiche_db_close);
  self->member = guiche_node_new (self->control_location, &self->node, self->clock, self->context);
  return TRUE;
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

  self->context = g_main_context_ref_thread_default ();
  self->directory = g_strdup (directory);
  self->lock_descriptor = -1;
  self->settings = guiche_settings_ref (settings);
  self->clock = options != NULL && options->clock != NULL ? guiche_clock_ref (options->clock)
                                                          : guiche_clock_new_system ();
  self->id_seed = options == NULL ? 0 : options->id_seed;
  self->ids = guiche_id_source_new (self->clock, self->id_seed);
  self->tenants = g_ptr_array_new ();
  self->mailbox = guiche_mailbox_new (self->context);
  self->jobs = guiche_job_runner_new (self);
  self->wakes = guiche_wakes_new (self, self->context);
  g_mutex_init (&self->lock);

  if (guiche_node_name_init (&self->node, settings, error) &&
      guiche_store_make_directory (directory, error) && take_database (self, error) &&
      open_control (self, error) && guiche_store_load_keys (self, error) &&
      guiche_store_load_news (self, error))
    return self;

  guiche_store_close (self);
  return NULL;
}

void
guiche_store_close (GuicheStore *self)
{
  guiche_watch_free (self->watch);
  guiche_rounds_free (self->rounds);
  guiche_job_runner_stop (self->jobs);
  for (guint i = 0; i < self->tenants->len; i++) {
    GuicheTenant *tenant = self->tenants->pdata[i];

    g_clear_pointer (&tenant->readers, guiche_readers_free);
    g_clear_pointer (&tenant->writer, guiche_writer_free);
  }
  guiche_mailbox_free (self->mailbox);
  guiche_job_runner_free (self->jobs);
  guiche_store_free_tenants (self);
  g_clear_pointer (&self->member, guiche_node_free);
  guiche_wakes_free (self->wakes);
  guiche_db_close (self->control);
  guiche_db_location_free (self->control_location);
  if (self->pool_tidying != NULL)
    g_source_destroy (self->pool_tidying);
  g_clear_pointer (&self->pool_tidying, g_source_unref);
  guiche_postgresql_pool_free (self->pool);
  if (self->lock_descriptor >= 0)
    close (self->lock_descriptor);
  guiche_id_source_free (self->ids);
  guiche_clock_unref (self->clock);
  guiche_settings_unref (self->settings);
  g_mutex_clear (&self->lock);
  guiche_node_name_clear (&self->node);
  g_free (self->keys_directory);
  g_free (self->directory);
  g_main_context_unref (self->context);
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

const char *
guiche_store_boot (GuicheStore *self)
{
  return self->node.boot;
}

void
guiche_store_get_pool_stats (GuicheStore *self, GuichePoolStats *out_stats)
{
  *out_stats = (GuichePoolStats){ 0 };
  if (self->pool != NULL)
    guiche_postgresql_pool_get_stats (self->pool, out_stats);
}

gboolean
guiche_store_is_shared (GuicheStore *self)
{
  return self->pool != NULL;
}

GuicheWakes *
guiche_store_wakes (GuicheStore *self)
{
  return self->wakes;
}

GuicheWatch *
guiche_store_watch (GuicheStore *self)
{
  return self->watch;
}

void
guiche_store_start_watch (GuicheStore *self)
{
  self->watch = guiche_watch_new (self);
}

void
guiche_store_watch_others (GuicheStore *self)
{
  if (guiche_store_is_shared (self) && self->watch == NULL)
    guiche_store_start_watch (self);
}

GuicheNode *
guiche_store_member (GuicheStore *self)
{
  return self->member;
}

GuicheDb *
guiche_store_control (GuicheStore *self, GError **error)
{
  if (self->control != NULL && !guiche_db_is_alive (self->control))
    g_clear_pointer (&self->control, guiche_db_close);
  if (self->control == NULL)
    self->control = guiche_db_open (self->control_location, GUICHE_DB_WRITER, error);

  return self->control;
}

void
guiche_store_set_commit_func (GuicheStore *self, GuicheCommitFunc func, gpointer user_data)
{
  self->commit_func = func;
  self->commit_data = user_data;
}

void
guiche_store_tell_commit (GuicheStore *self, GuicheTenant *tenant, const GuicheCommit *commit)
{
  if (self->commit_func != NULL)
    self->commit_func (tenant, commit, self->commit_data);
}

GuicheClock *
guiche_store_clock (GuicheStore *self)
{
  return self->clock;
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
  self->rounds = guiche_rounds_new (self);
}

gboolean
guiche_tenant_run_due_jobs (GuicheTenant *self, guint *out_run, GError **error)
{
  return guiche_job_runner_run_due (self->store->jobs, self, out_run, error);
}
