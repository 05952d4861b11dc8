/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/index.h"

#include "client/schema-store.h"
#include "client/worker.h"

#define STEP 500

struct _GuicheIndex {
  GuicheDatabase *search; /* (owned) (thread filler): `search.db`, with the cache attached */
  GuicheWorker *filler;   /* (owned) */
  GuicheDatabase *reader; /* (owned) (thread searcher): the cache, with `search.db` attached */
  GuicheWorker *searcher; /* (owned) */
  GTask *running;         /* (nullable): the query that a new one interrupts */
  gboolean is_filling, is_dirty;
};

void
guiche_found_free (GuicheFound *self)
{
  g_free (self->title);
  g_free (self->text);
  g_free (self->conversation_id);
  g_free (self->customer_id);
  g_free (self->user_id);
  g_free (self);
}

static gboolean
attach (GuicheDatabase *db, const char *path, const char *name, GError **error)
{
  char *sql = sqlite3_mprintf ("ATTACH DATABASE %Q AS %w", path, name);
  gboolean is_done = guiche_database_execute (db, sql, error);

  sqlite3_free (sql);
  return is_done;
}

static GuicheDatabase *
open_search (const char *path, const char *cache, GError **error)
{
  g_autoptr (GuicheDatabase) db = guiche_database_open (path, GUICHE_DATABASE_WRITE, error);

  if (db == NULL ||
      !guiche_database_create (db, guiche_search_schema, GUICHE_SEARCH_VERSION, error))
    return NULL;
  /* Only ever read through this connection: the cache's own writer alone may checkpoint it. */
  if (!attach (db, cache, "cache", error))
    return NULL;
  return g_steal_pointer (&db);
}

static GuicheDatabase *
open_reader (const char *cache, const char *search, GError **error)
{
  g_autoptr (GuicheDatabase) db = guiche_database_open (cache, GUICHE_DATABASE_READ_ONLY, error);

  if (db == NULL || !attach (db, search, "search", error))
    return NULL;
  return g_steal_pointer (&db);
}

/* Whatever is wrong with the index, a new one is made of the cache. */
static GuicheDatabase *
open_or_rebuild (const char *path, const char *cache, GError **error)
{
  GuicheDatabase *db = open_search (path, cache, NULL);

  if (db != NULL && guiche_index_store_is_ours (db))
    return db;
  guiche_database_close (db);
  guiche_database_remove_files (path);
  return open_search (path, cache, error);
}

GuicheIndex *
guiche_index_open (const char *directory, GError **error)
{
  g_autofree char *cache = g_build_filename (directory, "cache.db", NULL);
  g_autofree char *path = g_build_filename (directory, "search.db", NULL);
  GuicheIndex *self = g_new0 (GuicheIndex, 1);

  self->search = open_or_rebuild (path, cache, error);
  if (self->search != NULL)
    self->reader = open_reader (cache, path, error);
  if (self->reader == NULL) {
    guiche_database_close (self->search);
    g_free (self);
    return NULL;
  }
  self->filler = guiche_worker_new ("guiche-index");
  self->searcher = guiche_worker_new ("guiche-search");
  return self;
}

void
guiche_index_close (GuicheIndex *self)
{
  if (self == NULL)
    return;
  sqlite3_interrupt (guiche_database_handle (self->reader));
  guiche_worker_free (self->filler);
  guiche_worker_free (self->searcher);
  guiche_database_close (self->search);
  guiche_database_close (self->reader);
  g_free (self);
}

/* Filling. */

typedef struct {
  GuicheIndex *index;
  gboolean has_more;
} Fill;

static void
run_fill (gpointer data)
{
  Fill *fill = data;
  g_autoptr (GError) error = NULL;

  fill->has_more = guiche_index_store_fill (fill->index->search, STEP, &error);
  if (error != NULL)
    g_warning ("filling the search index: %s", error->message);
}

static void
report_fill (gpointer data)
{
  Fill *fill = data;
  GuicheIndex *self = fill->index;

  self->is_filling = FALSE;
  if (fill->has_more || self->is_dirty)
    guiche_index_wake (self);
}

void
guiche_index_wake (GuicheIndex *self)
{
  Fill *fill;

  self->is_dirty = self->is_filling;
  if (self->is_filling)
    return;
  self->is_filling = TRUE;
  fill = g_new0 (Fill, 1);
  fill->index = self;
  guiche_worker_push (self->filler, run_fill, report_fill, fill, g_free);
}

static void
run_fill_all (gpointer data)
{
  Fill fill = { .index = data };

  do
    run_fill (&fill);
  while (fill.has_more);
}

void
guiche_index_fill_sync (GuicheIndex *self)
{
  guiche_worker_run_sync (self->filler, run_fill_all, self);
}

/* Queries. */

typedef struct {
  GuicheDatabase *db;
  GTask *task; /* (owned) */
  GuicheIndex *index;
  char *text;       /* (owned) */
  GPtrArray *found; /* (owned) */
  GError *error;    /* (owned) */
} Query;

static void
run_query (gpointer data)
{
  Query *query = data;

  if (g_task_return_error_if_cancelled (query->task))
    return;
  query->found = guiche_index_store_query (query->db, query->text, &query->error);
}

static void
report_query (gpointer data)
{
  Query *query = data;

  if (query->index->running == query->task)
    query->index->running = NULL;
  if (g_task_get_completed (query->task) || g_task_had_error (query->task))
    return;
  if (query->error != NULL)
    g_task_return_error (query->task, g_steal_pointer (&query->error));
  else
    g_task_return_pointer (query->task, g_steal_pointer (&query->found),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
free_query (gpointer data)
{
  Query *query = data;

  g_object_unref (query->task);
  g_clear_pointer (&query->found, g_ptr_array_unref);
  g_clear_error (&query->error);
  g_free (query->text);
  g_free (query);
}

void
guiche_index_query_async (GuicheIndex *self,
                          const char *text,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Query *query = g_new0 (Query, 1);

  if (self->running != NULL)
    sqlite3_interrupt (guiche_database_handle (self->reader));
  query->task = g_task_new (NULL, cancellable, callback, user_data);
  query->index = self;
  query->db = self->reader;
  query->text = g_strdup (text);
  self->running = query->task;
  guiche_worker_push (self->searcher, run_query, report_query, query, free_query);
}

GPtrArray *
guiche_index_query_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
