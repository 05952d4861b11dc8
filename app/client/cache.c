/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/cache.h"

#include "client/apply.h"
#include "client/schema-store.h"

#include <glib/gstdio.h>
#include <malloc.h>

/* A snapshot is as large as what the user may see; an event is bounded like any request. */
#define MAX_SNAPSHOT_BYTES ((gsize) 256 * 1024 * 1024)
#define CHECKPOINT_PAGES 1000

struct _GuicheCache {
  char *directory;        /* (owned) */
  GuicheDatabase *writer; /* (owned) (thread worker) */
  GuicheDatabase *reader; /* (owned): the main thread's */
  GuicheWorker *worker;   /* (owned) */
  gboolean was_rebuilt;
};

typedef struct {
  GuicheCache *cache;
  GuicheCacheInput input;
  GPtrArray *texts;       /* (owned) (element-type GBytes) */
  GuicheChanges *changes; /* (owned) */
  GError *error;          /* (owned) */
  GuicheCacheDone done;
  gboolean is_reported;
  gpointer user_data;
} Apply;

static GuicheDatabase *
open_writer (const char *path, GError **error)
{
  g_autoptr (GuicheDatabase) db = guiche_database_open (path, GUICHE_DATABASE_WRITE, error);

  if (db == NULL || !guiche_database_create (db, guiche_cache_schema, GUICHE_CACHE_VERSION, error))
    return NULL;
  sqlite3_wal_autocheckpoint (guiche_database_handle (db), CHECKPOINT_PAGES);
  return g_steal_pointer (&db);
}

/* What the server also holds can be thrown away; a full disk is no reason to. */
static gboolean
is_worth_rebuilding (const GError *error)
{
  return g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT) ||
         g_error_matches (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
}

static gboolean
open_files (GuicheCache *self, const char *path, GError **error)
{
  g_autoptr (GError) failure = NULL;

  self->writer = open_writer (path, &failure);
  if (self->writer == NULL && is_worth_rebuilding (failure)) {
    g_message ("%s: fetching it from the server again", failure->message);
    g_clear_error (&failure);
    guiche_database_remove_files (path);
    self->was_rebuilt = TRUE;
    self->writer = open_writer (path, &failure);
  }
  if (self->writer == NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  self->reader = guiche_database_open (path, GUICHE_DATABASE_READ_ONLY, error);
  return self->reader != NULL;
}

GuicheCache *
guiche_cache_open (const char *directory, GError **error)
{
  g_autoptr (GuicheCache) self = g_new0 (GuicheCache, 1);
  g_autofree char *path = g_build_filename (directory, "cache.db", NULL);

  if (g_mkdir_with_parents (directory, 0700) != 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "making %s: %s", directory,
                 g_strerror (errno));
    return NULL;
  }
  self->directory = g_strdup (directory);
  if (!open_files (self, path, error))
    return NULL;
  self->worker = guiche_worker_new ("guiche-cache");
  return g_steal_pointer (&self);
}

void
guiche_cache_close (GuicheCache *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->worker, guiche_worker_free);
  g_clear_pointer (&self->reader, guiche_database_close);
  g_clear_pointer (&self->writer, guiche_database_close);
  g_free (self->directory);
  g_free (self);
}

typedef struct {
  GuicheCache *cache;
  const char *path;
  GError *error; /* (owned) */
} Rebuild;

static void
run_rebuild (gpointer data)
{
  Rebuild *rebuild = data;

  g_clear_pointer (&rebuild->cache->writer, guiche_database_close);
  guiche_database_remove_files (rebuild->path);
  rebuild->cache->writer = open_writer (rebuild->path, &rebuild->error);
}

gboolean
guiche_cache_rebuild (GuicheCache *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "cache.db", NULL);
  Rebuild rebuild = { .cache = self, .path = path };

  g_clear_pointer (&self->reader, guiche_database_close);
  guiche_worker_run_sync (self->worker, run_rebuild, &rebuild);
  self->was_rebuilt = TRUE;
  if (rebuild.error != NULL) {
    g_propagate_error (error, rebuild.error);
    return FALSE;
  }
  self->reader = guiche_database_open (path, GUICHE_DATABASE_READ_ONLY, error);
  return self->reader != NULL;
}

GuicheDatabase *
guiche_cache_reader (GuicheCache *self)
{
  return self->reader;
}

GuicheWorker *
guiche_cache_worker (GuicheCache *self)
{
  return self->worker;
}

const char *
guiche_cache_directory (GuicheCache *self)
{
  return self->directory;
}

gint64
guiche_cache_get_seq (GuicheCache *self)
{
  return guiche_state_get_number (self->reader, "seq");
}

GuicheId
guiche_cache_get_me (GuicheCache *self)
{
  return guiche_state_get_id (self->reader, "me");
}

gboolean
guiche_cache_was_rebuilt (GuicheCache *self)
{
  return self->was_rebuilt;
}

static gboolean
apply_list (GuicheApply *apply,
            JsonObject *object,
            gboolean (*item) (GuicheApply *apply, JsonObject *object, GError **error),
            GError **error)
{
  JsonArray *items = NULL;

  if (!guiche_json_get_array (object, "items", TRUE, &items, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (items); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, i)) &&
        !item (apply, json_array_get_object_element (items, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_history (GuicheApply *apply, JsonObject *object, GError **error)
{
  return guiche_apply_message (apply, object, FALSE, error);
}

static gboolean
apply_text (GuicheApply *apply, GuicheCacheInput input, GBytes *text, GError **error)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (text, &length);
  g_autoptr (JsonNode) node = guiche_json_parse_object (data, length, MAX_SNAPSHOT_BYTES, error);
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;

  if (object == NULL)
    return FALSE;
  switch (input) {
  case GUICHE_CACHE_EVENTS:
    return guiche_apply_event (apply, object, error);
  case GUICHE_CACHE_FRESH_SNAPSHOT:
    return guiche_apply_snapshot (apply, object, TRUE, error);
  case GUICHE_CACHE_MORE_SNAPSHOT:
    return guiche_apply_snapshot (apply, object, FALSE, error);
  case GUICHE_CACHE_OWN_MESSAGE:
    return guiche_apply_message (apply, object, TRUE, error);
  case GUICHE_CACHE_HISTORY:
    return apply_list (apply, object, apply_history, error);
  case GUICHE_CACHE_CONVERSATIONS:
    return apply_list (apply, object, guiche_apply_conversation, error);
  case GUICHE_CACHE_CONVERSATION:
    return guiche_apply_conversation (apply, object, error);
  case GUICHE_CACHE_CUSTOMER:
    return guiche_apply_customer (apply, object, error);
  default:
    g_assert_not_reached ();
  }
}

static gboolean
apply_all (Apply *job, GuicheApply *apply, GError **error)
{
  for (guint i = 0; i < job->texts->len; i++)
    if (!apply_text (apply, job->input, g_ptr_array_index (job->texts, i), error))
      return FALSE;
  return guiche_apply_end (apply, error);
}

static void
run_apply (gpointer data)
{
  Apply *job = data;
  GuicheDatabase *db = job->cache->writer;
  GuicheApply apply = { 0 };

  job->changes = guiche_changes_new ();
  if (!guiche_database_begin (db, &job->error))
    return;
  guiche_apply_begin (&apply, db, job->changes);
  if (!apply_all (job, &apply, &job->error))
    guiche_database_rollback (db);
  else
    guiche_database_commit (db, &job->error);
  /* The tree of a large snapshot is given back to the system. */
  if (job->input == GUICHE_CACHE_FRESH_SNAPSHOT || job->input == GUICHE_CACHE_MORE_SNAPSHOT)
    malloc_trim (0);
}

static void
report_apply (gpointer data)
{
  Apply *job = data;

  job->is_reported = TRUE;
  if (job->done == NULL)
    return;
  if (job->error != NULL)
    job->done (NULL, job->error, job->user_data);
  else
    job->done (g_steal_pointer (&job->changes), NULL, job->user_data);
}

static void
free_apply (gpointer data)
{
  Apply *job = data;

  /* The cache closes before its main loop came round: who asked still gives back what it holds. */
  if (!job->is_reported && job->done != NULL) {
    g_autoptr (GError) error = g_error_new_literal (GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                                                    "the cache was closed");

    job->done (NULL, error, job->user_data);
  }
  g_ptr_array_unref (job->texts);
  g_clear_pointer (&job->changes, guiche_changes_free);
  g_clear_error (&job->error);
  g_free (job);
}

void
guiche_cache_apply (GuicheCache *self,
                    GuicheCacheInput input,
                    GPtrArray *texts,
                    GuicheCacheDone done,
                    gpointer user_data)
{
  Apply *job = g_new0 (Apply, 1);

  job->cache = self;
  job->input = input;
  job->texts = g_ptr_array_ref (texts);
  job->done = done;
  job->user_data = user_data;
  guiche_worker_push (self->worker, run_apply, report_apply, job, free_apply);
}

void
guiche_cache_apply_one (GuicheCache *self,
                        GuicheCacheInput input,
                        GBytes *text,
                        GuicheCacheDone done,
                        gpointer user_data)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (texts, g_bytes_ref (text));
  guiche_cache_apply (self, input, texts, done, user_data);
}

GuicheChanges *
guiche_cache_apply_sync (GuicheCache *self,
                         GuicheCacheInput input,
                         GPtrArray *texts,
                         GError **error)
{
  Apply job = { .cache = self, .input = input, .texts = texts };

  guiche_worker_run_sync (self->worker, run_apply, &job);
  if (job.error == NULL)
    return job.changes;
  g_propagate_error (error, job.error);
  guiche_changes_free (job.changes);
  return NULL;
}
