/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/file-collect.h"

#include "store/catch-up.h"

#include <glib/gstdio.h>
#include <string.h>

#define HASH_DIGITS 64
#define FOLDERS 256
/* No upload takes longer from its last byte to its row; other nodes' clocks may differ. */
#define OLD_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

typedef struct {
  const char *directory; /* (not owned): of the company's files */
  GPtrArray *names;      /* (not owned) (element-type utf8): SHA-256 of what is old enough */
  guint n_removed;       /* (out) */
} Collection;

/* FALSE also when there is no such file. */
static gboolean
is_old (const char *path)
{
  GStatBuf status;

  return g_lstat (path, &status) == 0 &&
         g_get_real_time () - (gint64) status.st_mtime * G_USEC_PER_SEC > OLD_US;
}

/* The folder `ab/` of blobs whose names begin with that. (element-type utf8): SHA-256. */
static GPtrArray *
find_old (const char *directory, guint folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *start = g_strdup_printf ("%02x", folder);
  g_autofree char *path = g_build_filename (directory, start, NULL);
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);

    if (strlen (name) == HASH_DIGITS && is_old (file))
      g_ptr_array_add (names, g_strdup (name));
  }

  return names;
}

static gboolean
has_row (GuicheTx *tx, const char *sha256, gboolean *out_has_row, GError **error)
{
  GuicheStatement *statement =
      guiche_tx_prepare (tx, "SELECT 1 FROM blobs WHERE sha256 = $1", error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, sha256);
  *out_has_row = guiche_statement_next (statement, &local_error);
  guiche_statement_reset (statement);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

/* The same bytes may be arriving again at this moment, at any node: rows wait for this transaction,
 * files do not. So it is moved aside first; what turns out to be young was just put there, and goes
 * back to the row that will follow. */
static gboolean
remove_blob (Collection *self, const char *sha256)
{
  char start[3] = { sha256[0], sha256[1], '\0' };
  g_autofree char *path = g_build_filename (self->directory, start, sha256, NULL);
  g_autofree char *aside = g_build_filename (self->directory, GUICHE_FILES_INCOMING, sha256, NULL);

  if (g_rename (path, aside) != 0)
    return FALSE;
  if (is_old (aside))
    return g_unlink (aside) == 0;

  g_rename (aside, path);
  return FALSE;
}

/* (GuicheWorkRun) (thread reader): keeps those names that no row has. */
static gboolean
run_filter (GuicheTx *tx, gpointer data, GError **error)
{
  Collection *self = data;

  for (guint i = self->names->len; i > 0; i--) {
    gboolean is_named;

    if (!has_row (tx, self->names->pdata[i - 1], &is_named, error))
      return FALSE;
    if (is_named)
      g_ptr_array_remove_index_fast (self->names, i - 1);
  }

  return TRUE;
}

/* (GuicheWorkRun) (thread writer): no row is added meanwhile, at whichever node. */
static gboolean
run_remove (GuicheTx *tx, gpointer data, GError **error)
{
  Collection *self = data;

  self->n_removed = 0;
  for (guint i = 0; i < self->names->len; i++) {
    gboolean is_named;

    if (!has_row (tx, self->names->pdata[i], &is_named, error))
      return FALSE;
    if (!is_named && remove_blob (self, self->names->pdata[i]))
      self->n_removed++;
  }

  return TRUE;
}

gboolean
guiche_files_collect (GuicheTenant *tenant, guint *out_removed, GError **error)
{
  *out_removed = 0;
  for (guint folder = 0; folder < FOLDERS; folder++) {
    g_autoptr (GPtrArray) names = find_old (tenant->files_directory, folder);
    Collection collection = { .directory = tenant->files_directory, .names = names };

    if (names->len > 0 && !guiche_tenant_read_sync (tenant, NULL, run_filter, &collection, error))
      return FALSE;
    if (names->len > 0 && !guiche_tenant_write_sync (tenant, NULL, run_remove, &collection, error))
      return FALSE;
    *out_removed += collection.n_removed;
  }

  return TRUE;
}

/* With other nodes, what is young may be theirs. */
void
guiche_upload_tidy (GuicheTenant *tenant)
{
  g_autofree char *directory =
      g_build_filename (tenant->files_directory, GUICHE_FILES_INCOMING, NULL);
  g_autoptr (GDir) entries = g_dir_open (directory, 0, NULL);
  gboolean is_shared = guiche_store_is_shared (tenant->store);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL) {
    g_autofree char *path = g_build_filename (directory, name, NULL);

    if (!is_shared || is_old (path))
      g_unlink (path);
  }
}
