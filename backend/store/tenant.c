/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/audit-anchor.h"
#include "store/audit.h"
#include "store/file-collect.h"
#include "store/store-private.h"
#include "store/tidy.h"

#include <string.h>

#define MAX_KEY_LENGTH 48 /* `tenant_` and this fit in the name of a schema */

const char *
guiche_tenant_key (GuicheTenant *self)
{
  return self->key;
}

const char *
guiche_tenant_name (GuicheTenant *self)
{
  return self->name;
}

const char *
guiche_tenant_directory (GuicheTenant *self)
{
  return self->directory;
}

GuicheStore *
guiche_tenant_store (GuicheTenant *self)
{
  return self->store;
}

gboolean
guiche_tenant_check_key (const char *key, GError **error)
{
  gsize length = strspn (key, "abcdefghijklmnopqrstuvwxyz0123456789-");

  if (length > 0 && length <= MAX_KEY_LENGTH && key[length] == '\0' && key[0] != '-')
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
               "a company's key is 1 to %d of a-z, 0-9 and -, not beginning with -",
               MAX_KEY_LENGTH);
  if (error != NULL)
    guiche_error_set_detail (*error, "field", "key");
  return FALSE;
}

static GuicheWriter *
get_writer (GuicheTenant *self)
{
  GuicheWriter *writer;

  g_mutex_lock (&self->lock);
  if (self->writer == NULL)
    self->writer = guiche_writer_new (self);
  writer = self->writer;
  g_mutex_unlock (&self->lock);

  return writer;
}

static GuicheReaders *
get_readers (GuicheTenant *self)
{
  GuicheReaders *readers;

  g_mutex_lock (&self->lock);
  if (self->readers == NULL) {
    GuicheSettings *settings = guiche_store_settings (self->store);

    self->readers = guiche_readers_new (
        self, (guint) guiche_settings_get_int (settings, "store", "read_threads"));
  }
  readers = self->readers;
  g_mutex_unlock (&self->lock);

  return readers;
}

/**
 * guiche_tenant_write:
 * @actor: (nullable): %NULL for the system itself; what it points to is borrowed until @done
 * @done: (nullable): see #GuicheWork
 */
void
guiche_tenant_write (GuicheTenant *self,
                     const GuicheActor *actor,
                     GuicheWorkRun run,
                     GuicheWorkDone done,
                     gpointer data)
{
  guiche_writer_push (get_writer (self), guiche_work_item_new (actor, run, done, data));
}

void
guiche_tenant_push_write (GuicheTenant *self, GuicheWorkItem *item)
{
  guiche_writer_push (get_writer (self), item);
}

void
guiche_tenant_get_stats (GuicheTenant *self, GuicheTenantStats *out_stats)
{
  GuicheWriter *writer;

  *out_stats = (GuicheTenantStats){ 0 };
  g_mutex_lock (&self->lock);
  writer = self->writer;
  g_mutex_unlock (&self->lock);
  if (writer != NULL)
    guiche_writer_get_stats (writer, out_stats);
}

/**
 * guiche_tenant_read:
 * @actor: (nullable): as for guiche_tenant_write()
 * @done: (nullable): see #GuicheWork
 *
 * Runs @run on a snapshot that holds everything acknowledged before this call.
 */
void
guiche_tenant_read (GuicheTenant *self,
                    const GuicheActor *actor,
                    GuicheWorkRun run,
                    GuicheWorkDone done,
                    gpointer data)
{
  guiche_readers_push (get_readers (self), guiche_work_item_new (actor, run, done, data));
}

gboolean
guiche_tenant_write_sync (GuicheTenant *self,
                          const GuicheActor *actor,
                          GuicheWorkRun run,
                          gpointer data,
                          GError **error)
{
  GuicheWorkItem *item = guiche_work_item_new (actor, run, NULL, data);
  GuicheWaiter waiter;

  guiche_waiter_init (&waiter);
  item->waiter = &waiter;
  guiche_writer_push (get_writer (self), item);
  return guiche_waiter_wait (&waiter, error);
}

gboolean
guiche_tenant_read_sync (GuicheTenant *self,
                         const GuicheActor *actor,
                         GuicheWorkRun run,
                         gpointer data,
                         GError **error)
{
  GuicheWorkItem *item = guiche_work_item_new (actor, run, NULL, data);
  GuicheWaiter waiter;

  guiche_waiter_init (&waiter);
  item->waiter = &waiter;
  guiche_readers_push (get_readers (self), item);
  return guiche_waiter_wait (&waiter, error);
}

gboolean
guiche_tenant_tidy_rows (GuicheTenant *self, GError **error)
{
  GuicheTidy tidy = { .retention_us = guiche_store_retention_us (self->store), .has_more = TRUE };

  while (tidy.has_more) {
    if (!guiche_tenant_write_sync (self, NULL, guiche_tidy_run, &tidy, error))
      return FALSE;
  }

  return TRUE;
}

gboolean
guiche_tenant_tidy (GuicheTenant *self, GError **error)
{
  guint n_removed;

  return guiche_tenant_tidy_rows (self, error) && guiche_files_collect (self, &n_removed, error);
}

typedef struct {
  GuicheAuditHead anchor;
  gint64 n_entries;
} Verification;

static gboolean
run_verification (GuicheTx *tx, gpointer data, GError **error)
{
  Verification *self = data;

  return guiche_audit_verify (tx, &self->anchor, &self->n_entries, error);
}

gboolean
guiche_tenant_verify_audit (GuicheTenant *self, gint64 *out_n_entries, GError **error)
{
  Verification verification = { 0 };

  /* The anchor first: the log read after it can only be longer. */
  if (!guiche_audit_anchor_load (self->directory, &verification.anchor, error) ||
      !guiche_tenant_read_sync (self, NULL, run_verification, &verification, error))
    return FALSE;

  if (out_n_entries != NULL)
    *out_n_entries = verification.n_entries;
  return TRUE;
}
