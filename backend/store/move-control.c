/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/move-control.h"

#include "store/store-keys.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *const key_names[] = { "audit.key", "token.key" };

static gboolean
refuse_keys (const GuicheMovePlace *from,
             const GuicheMovePlace *to,
             const char *name,
             GError **error)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN,
               "the target has another %s than %s: companies move between installations of the "
               "same keys only",
               name, from->keys);
  return FALSE;
}

/* To a data directory: the file itself. */
static gboolean
give_key (const GuicheMovePlace *from, const GuicheMovePlace *to, const char *name, GError **error)
{
  g_autofree char *ours = g_build_filename (from->keys, name, NULL);
  g_autofree char *theirs = g_build_filename (to->keys, name, NULL);
  g_autofree char *key = NULL;
  g_autofree char *known = NULL;
  gsize length = 0, known_length = 0;

  if (!g_file_get_contents (ours, &key, &length, error))
    return FALSE;
  if (!g_file_test (theirs, G_FILE_TEST_EXISTS))
    return g_file_set_contents_full (theirs, key, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT,
                                     0600, error);
  if (!g_file_get_contents (theirs, &known, &known_length, error))
    return FALSE;
  return (length == known_length && memcmp (key, known, length) == 0) ||
         refuse_keys (from, to, name, error);
}

/* To PostgreSQL: what tells it apart, so that servers with others do not start. */
static gboolean
note_key (const GuicheMovePlace *from,
          const GuicheMovePlace *to,
          GuicheDb *control,
          const char *name,
          GError **error)
{
  g_autofree char *path = g_build_filename (from->keys, name, NULL);
  g_autofree char *key = NULL;
  g_autofree char *own = NULL;
  g_autofree char *known = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &key, &length, error))
    return FALSE;
  own = guiche_store_key_fingerprint (name, (const guint8 *) key, length);
  if (!guiche_store_insert_fingerprint (control, name, own, error))
    return FALSE;
  known = guiche_store_load_fingerprint (control, name, error);
  return known != NULL && (strcmp (own, known) == 0 || refuse_keys (from, to, name, error));
}

gboolean
guiche_move_keys (const GuicheMovePlace *from,
                  const GuicheMovePlace *to,
                  GuicheDb *control,
                  GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (key_names); i++) {
    if (to->url != NULL ? !note_key (from, to, control, key_names[i], error)
                        : !give_key (from, to, key_names[i], error))
      return FALSE;
  }
  return TRUE;
}

gboolean
guiche_move_has_tenant (GuicheDb *control, const char *tenant, gboolean *out_has, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (control, "SELECT COUNT(*) FROM tenants WHERE key = $1", error);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, tenant);
  if (!guiche_statement_next (statement, error))
    return FALSE;
  *out_has = guiche_statement_int (statement, 0) != 0;
  guiche_statement_reset (statement);
  return TRUE;
}

static gboolean
insert_row (GuicheDb *control, GuicheStatement *row, GError **error)
{
  static const char sql[] = "INSERT INTO tenants (id, key, name, created_at) VALUES ($1, $2, $3, "
                            "$4) ON CONFLICT (key) DO NOTHING";
  GuicheStatement *statement = guiche_db_prepare (control, sql, error);
  GuicheId id = guiche_statement_id (row, 0);

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_id (statement, 1, &id);
  guiche_statement_bind_text (statement, 2, guiche_statement_text (row, 1));
  guiche_statement_bind_text (statement, 3, guiche_statement_text (row, 2));
  guiche_statement_bind_int (statement, 4, guiche_statement_int (row, 3));
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_move_publish (const GuicheMovePlace *from,
                     GuicheDb *control,
                     const char *tenant,
                     GError **error)
{
  static const char sql[] = "SELECT id, key, name, created_at FROM tenants WHERE key = $1";
  g_autoptr (GuicheDbLocation) location = guiche_move_place_locate (from, NULL);
  g_autoptr (GuicheDb) own = guiche_db_open (location, GUICHE_DB_READER, error);
  GuicheStatement *row = own == NULL ? NULL : guiche_db_prepare (own, sql, error);
  g_autoptr (GError) failure = NULL;
  gboolean is_done;

  if (row == NULL)
    return FALSE;
  guiche_statement_bind_text (row, 1, tenant);
  if (!guiche_statement_next (row, &failure)) {
    if (failure == NULL)
      g_set_error (&failure, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no company %s",
                   tenant);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  is_done = insert_row (control, row, error);
  guiche_statement_reset (row);
  return is_done;
}

/* --- files --------------------------------------------------------------------------------- */

/* (transfer full) (nullable): NULL when it is not known where a node of PostgreSQL has them. */
static char *
locate_files (const GuicheMovePlace *place, const char *tenant)
{
  if (place->files != NULL)
    return g_build_filename (place->files, tenant, NULL);
  return place->directory == NULL
             ? NULL
             : g_build_filename (place->directory, "tenants", tenant, "files", NULL);
}

/* Bytes that are named by what they are never change: a second name for them will do. */
static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (to);
  g_autofree char *temporary = g_strconcat (to, ".part", NULL);
  g_autofree char *contents = NULL;
  gsize length = 0;
  int number;

  if (g_file_test (to, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (directory, 0700) == 0 && (link (from, to) == 0 || errno == EEXIST))
    return TRUE;
  number = errno;
  if (number == EXDEV || number == EPERM)
    return g_file_get_contents (from, &contents, &length, error) &&
           g_file_set_contents_full (to, contents, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT,
                                     0600, error);
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s: %s", to, g_strerror (number));
  return FALSE;
}

static gboolean
move_file (const char *from, const char *to, const char *sha256, gint64 size, GError **error)
{
  char start[3] = { sha256[0], sha256[1], '\0' };
  g_autofree char *ours = g_build_filename (from, start, sha256, NULL);
  g_autofree char *theirs = to == NULL ? NULL : g_build_filename (to, start, sha256, NULL);
  GStatBuf status;

  if (theirs != NULL && strcmp (ours, theirs) != 0 && !copy_file (ours, theirs, error))
    return FALSE;
  if (g_stat (theirs == NULL ? ours : theirs, &status) == 0 && status.st_size == size)
    return TRUE;
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT, "the file %s is not whole",
               theirs == NULL ? ours : theirs);
  return FALSE;
}

gboolean
guiche_move_files (const GuicheMovePlace *from,
                   const GuicheMovePlace *to,
                   const char *tenant,
                   GuicheDb *db,
                   gint64 since_us,
                   gint64 *out_n,
                   GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (db, "SELECT sha256, size FROM blobs WHERE created_at >= $1", error);
  g_autofree char *ours = locate_files (from, tenant);
  g_autofree char *theirs = locate_files (to, tenant);
  g_autoptr (GError) failure = NULL;
  gint64 n = 0;

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_int (statement, 1, since_us);
  while (guiche_statement_next (statement, &failure)) {
    const char *sha256 = guiche_statement_text (statement, 0);

    if (!move_file (ours, theirs, sha256, guiche_statement_int (statement, 1), error)) {
      guiche_statement_reset (statement);
      return FALSE;
    }
    n++;
  }
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  *out_n = n;
  return TRUE;
}
