/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/files.h"
#include "store/store-private.h"

#include <string.h>

#define HASH_DIGITS 64

void
guiche_file_clear (GuicheFile *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->sha256, g_free);
}

char *
guiche_file_path (GuicheTenant *tenant, const char *sha256)
{
  char start[3] = { 0 };

  g_return_val_if_fail (strspn (sha256, "0123456789abcdef") == HASH_DIGITS, NULL);
  g_return_val_if_fail (sha256[HASH_DIGITS] == '\0', NULL);

  memcpy (start, sha256, 2);
  return g_build_filename (tenant->files_directory, start, sha256, NULL);
}

/* TRUE in @out_is_new when no file of the company had these bytes before. */
static gboolean
insert_blob (GuicheTx *tx, const GuicheFile *file, gboolean *out_is_new, GError **error)
{
  static const char sql[] = "INSERT INTO blobs (sha256, size, created_at) VALUES ($1, $2, $3) "
                            "ON CONFLICT (sha256) DO NOTHING";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  gint64 n_added;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, file->sha256);
  guiche_statement_bind_int (statement, 2, file->size);
  guiche_statement_bind_int (statement, 3, guiche_tx_now_us (tx));
  if (!guiche_statement_run (statement, &n_added, error))
    return FALSE;

  *out_is_new = n_added > 0;
  return TRUE;
}

/* The company's own quota, or the installation's. */
static gboolean
load_quota (GuicheTx *tx, gint64 *out_quota, GError **error)
{
  static const char sql[] = "SELECT value FROM settings WHERE key = 'files.quota_bytes'";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  *out_quota = tx->quota_bytes;
  if (guiche_statement_next (statement, &local_error)) {
    *out_quota = g_ascii_strtoll (guiche_statement_text (statement, 0), NULL, 10);
    guiche_statement_reset (statement);
  }
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
count_bytes (GuicheTx *tx, gint64 size, GError **error)
{
  static const char sql[] =
      "INSERT INTO counters (name, value) VALUES ('files.bytes', $1) "
      "ON CONFLICT (name) DO UPDATE SET value = counters.value + $1 RETURNING value";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  gint64 total;
  gint64 quota;

  if (statement == NULL || !load_quota (tx, &quota, error))
    return FALSE;

  guiche_statement_bind_int (statement, 1, size);
  if (!guiche_statement_next (statement, error))
    return FALSE;
  total = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  if (quota == 0 || total <= quota)
    return TRUE;

  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_QUOTA_EXCEEDED,
               "the company's files would take %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " bytes",
               total, quota);
  if (error != NULL)
    guiche_error_set_detail_int (*error, "quota_bytes", quota);
  return FALSE;
}

gboolean
guiche_file_insert (GuicheTx *tx, GuicheFile *file, GError **error)
{
  static const char sql[] = "INSERT INTO files (id, sha256, name, type, size, owner, created_at) "
                            "VALUES ($1, $2, $3, $4, $5, $6, $7)";
  GuicheStatement *statement;
  gboolean is_new;

  if (!insert_blob (tx, file, &is_new, error))
    return FALSE;
  if (is_new && !count_bytes (tx, file->size, error))
    return FALSE;
  statement = guiche_tx_prepare (tx, sql, error);
  if (statement == NULL)
    return FALSE;

  file->id = guiche_tx_new_id (tx);
  guiche_statement_bind_id (statement, 1, &file->id);
  guiche_statement_bind_text (statement, 2, file->sha256);
  guiche_statement_bind_text (statement, 3, file->name);
  guiche_statement_bind_text (statement, 4, file->type);
  guiche_statement_bind_int (statement, 5, file->size);
  guiche_statement_bind_id (statement, 6, &file->owner);
  guiche_statement_bind_int (statement, 7, guiche_tx_now_us (tx));
  return guiche_statement_run (statement, NULL, error);
}

gboolean
guiche_file_load (GuicheTx *tx, const GuicheId *id, GuicheFile *out_file, GError **error)
{
  static const char sql[] = "SELECT sha256, name, type, size, owner FROM files WHERE id = $1";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_id (statement, 1, id);
  if (!guiche_statement_next (statement, &local_error)) {
    if (local_error == NULL)
      local_error = g_error_new (GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "no file of that id");
    g_propagate_error (error, local_error);
    return FALSE;
  }

  out_file->id = *id;
  out_file->sha256 = g_strdup (guiche_statement_text (statement, 0));
  out_file->name = g_strdup (guiche_statement_text (statement, 1));
  out_file->type = g_strdup (guiche_statement_text (statement, 2));
  out_file->size = guiche_statement_int (statement, 3);
  out_file->owner = guiche_statement_id (statement, 4);
  guiche_statement_reset (statement);
  return TRUE;
}
