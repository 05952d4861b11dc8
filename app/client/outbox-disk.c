/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/outbox-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  GuicheLocal *local;
  GuicheOutboxEntry *entry;
  const char *path;
  char *client_id, *file_id, *failure, *text; /* (owned) */
  char *file_path;                            /* (owned) (nullable): to go with the entry */
  char *keep_path;                            /* (owned) (nullable): where to instead */
  GPtrArray *list;
  GError *error;

  enum {
    STORE_ADD,
    STORE_FILE_ID,
    STORE_FAILURE,
    STORE_REMOVE,
    STORE_LIST
  } what;
} StoreJob;

/* The copy is on the disk, with its name, before the message is. */
static gboolean
copy_durably (const char *from, const char *folder, const char *to, GError **error)
{
  gboolean is_synced;
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  int file, directory;

  if (!g_file_copy (source, target, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    return FALSE;
  g_chmod (to, 0600);
  file = g_open (to, O_RDONLY | O_CLOEXEC, 0);
  directory = g_open (folder, O_RDONLY | O_CLOEXEC, 0);
  is_synced = file >= 0 && fsync (file) == 0 && directory >= 0 && fsync (directory) == 0;
  if (!is_synced)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "keeping the file: %s",
                 g_strerror (errno));
  if (file >= 0)
    close (file);
  if (directory >= 0)
    close (directory);
  return is_synced;
}

static void
store_new (StoreJob *job, GuicheDatabase *db)
{
  const char *folder = guiche_local_get_folder (job->local);
  g_autofree char *path =
      job->entry->file != NULL ? g_build_filename (folder, job->entry->file, NULL) : NULL;

  if (path != NULL && !copy_durably (job->path, folder, path, &job->error))
    return;
  if (!guiche_outbox_store_add (db, job->entry, &job->error) && path != NULL)
    g_unlink (path);
}

static void
run_store (gpointer data)
{
  StoreJob *job = data;
  GuicheDatabase *db = guiche_local_database (job->local);

  switch (job->what) {
  case STORE_ADD:
    store_new (job, db);
    break;
  case STORE_FILE_ID:
    guiche_outbox_store_set_file_id (db, job->client_id, job->file_id, &job->error);
    break;
  case STORE_FAILURE:
    guiche_outbox_store_set_failure (db, job->client_id, job->failure, job->text, &job->error);
    break;
  case STORE_REMOVE:
    if (guiche_outbox_store_remove (db, job->client_id, &job->error) && job->file_path != NULL &&
        (job->keep_path == NULL || g_rename (job->file_path, job->keep_path) != 0))
      g_unlink (job->file_path);
    break;
  case STORE_LIST:
    job->list = guiche_outbox_store_list (db);
    break;
  }
}

static void
free_store (gpointer data)
{
  StoreJob *job = data;

  if (job->error != NULL)
    g_warning ("%s", job->error->message);
  g_clear_error (&job->error);
  g_free (job->client_id);
  g_free (job->file_id);
  g_free (job->failure);
  g_free (job->text);
  g_free (job->file_path);
  g_free (job->keep_path);
  g_free (job);
}

static void
push (GuicheLocal *local, StoreJob *job)
{
  job->local = local;
  guiche_worker_push (guiche_local_worker (local), run_store, NULL, job, free_store);
}

static StoreJob *
new_job (const GuicheOutboxEntry *entry, int what)
{
  StoreJob *job = g_new0 (StoreJob, 1);

  job->what = what;
  job->client_id = g_strdup (entry->row->client_id);
  return job;
}

/* Waits until @entry, with a copy of @path (nullable), is on the disk. */
gboolean
guiche_outbox_disk_add (GuicheLocal *local,
                        GuicheOutboxEntry *entry,
                        const char *path,
                        GError **error)
{
  StoreJob job = { .local = local, .what = STORE_ADD, .entry = entry, .path = path };

  guiche_worker_run_sync (guiche_local_worker (local), run_store, &job);
  if (job.error != NULL)
    g_propagate_error (error, job.error);
  return job.error == NULL;
}

GPtrArray *
guiche_outbox_disk_list (GuicheLocal *local)
{
  StoreJob job = { .local = local, .what = STORE_LIST };

  guiche_worker_run_sync (guiche_local_worker (local), run_store, &job);
  return job.list;
}

void
guiche_outbox_disk_set_file_id (GuicheLocal *local, const GuicheOutboxEntry *entry)
{
  StoreJob *job = new_job (entry, STORE_FILE_ID);

  job->file_id = g_strdup (entry->row->file_id);
  push (local, job);
}

void
guiche_outbox_disk_set_failure (GuicheLocal *local, const GuicheOutboxEntry *entry)
{
  StoreJob *job = new_job (entry, STORE_FAILURE);

  job->failure = g_strdup (entry->failure);
  job->text = g_strdup (entry->failure_text);
  push (local, job);
}

static char *
path_in (const char *folder, const char *name)
{
  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

/* A file that the server has now stays, as if it had been downloaded. */
void
guiche_outbox_disk_remove (GuicheLocal *local,
                           const GuicheOutboxEntry *entry,
                           gboolean is_stored,
                           gboolean waits)
{
  StoreJob *job = new_job (entry, STORE_REMOVE);
  g_autofree char *files = g_build_filename (guiche_local_get_folder (local), "..", "files", NULL);

  job->file_path = path_in (guiche_local_get_folder (local), entry->file);
  if (is_stored && entry->file != NULL && entry->row->file_id != NULL) {
    g_mkdir_with_parents (files, 0700);
    job->keep_path = path_in (files, entry->row->file_id);
  }
  if (!waits) {
    push (local, job);
    return;
  }
  job->local = local;
  guiche_worker_run_sync (guiche_local_worker (local), run_store, job);
  free_store (job);
}
