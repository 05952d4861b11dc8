/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-client"

#include "client/local.h"

#include "client/schema-store.h"

#include <errno.h>
#include <glib/gstdio.h>

struct _GuicheLocal {
  char *folder;         /* (owned) */
  GuicheDatabase *db;   /* (owned) (thread worker) */
  GuicheWorker *worker; /* (owned) */
};

static GuicheDatabase *
open_database (const char *path, GError **error)
{
  g_autoptr (GuicheDatabase) db = guiche_database_open (path, GUICHE_DATABASE_DURABLE, error);

  if (db == NULL ||
      !guiche_database_create (db, guiche_outbox_schema, GUICHE_OUTBOX_VERSION, error))
    return NULL;
  return g_steal_pointer (&db);
}

/* A damaged outbox is put aside, not deleted: it is the only copy. One of a newer version stays
 * untouched and is an error: this version would not know how to send it. */
static GuicheDatabase *
open_or_put_aside (const char *path, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *aside =
      g_strdup_printf ("%s.damaged-%" G_GINT64_FORMAT, path, g_get_real_time ());
  GuicheDatabase *db = open_database (path, &failure);

  if (db != NULL)
    return db;
  if (!g_error_matches (failure, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  g_warning ("%s; it is kept as %s", failure->message, aside);
  if (g_rename (path, aside) != 0)
    g_unlink (path);
  guiche_database_remove_files (path);
  return open_database (path, error);
}

GuicheLocal *
guiche_local_open (const char *directory, GError **error)
{
  g_autoptr (GuicheLocal) self = g_new0 (GuicheLocal, 1);
  g_autofree char *path = g_build_filename (directory, "outbox.db", NULL);

  self->folder = g_build_filename (directory, "outbox", NULL);
  if (g_mkdir_with_parents (self->folder, 0700) != 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "making %s: %s", self->folder,
                 g_strerror (errno));
    return NULL;
  }
  self->db = open_or_put_aside (path, error);
  if (self->db == NULL)
    return NULL;
  self->worker = guiche_worker_new ("guiche-outbox");
  return g_steal_pointer (&self);
}

void
guiche_local_close (GuicheLocal *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->worker, guiche_worker_free);
  g_clear_pointer (&self->db, guiche_database_close);
  g_free (self->folder);
  g_free (self);
}

const char *
guiche_local_get_folder (GuicheLocal *self)
{
  return self->folder;
}

GuicheDatabase *
guiche_local_database (GuicheLocal *self)
{
  return self->db;
}

GuicheWorker *
guiche_local_worker (GuicheLocal *self)
{
  return self->worker;
}

void
guiche_outbox_entry_free (GuicheOutboxEntry *self)
{
  if (self == NULL)
    return;
  guiche_message_row_free (self->row);
  g_free (self->file);
  g_free (self->failure);
  g_free (self->failure_text);
  g_free (self);
}
