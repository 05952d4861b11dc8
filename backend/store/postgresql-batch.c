/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/postgresql-batch.h"

#include <string.h>

#define FNV_OFFSET 0xcbf29ce484222325ULL
#define FNV_PRIME 0x100000001b3ULL

void
guiche_head_clear (GuicheHead *self)
{
  g_clear_pointer (&self->own, g_free);
  g_clear_pointer (&self->others, g_free);
}

/* Every node and version computes the same: FNV-1a of the schema's name. */
static gint64
lock_number (const char *schema)
{
  guint64 hash = FNV_OFFSET;

  for (const char *c = schema; *c != '\0'; c++)
    hash = (hash ^ (guchar) *c) * FNV_PRIME;
  return (gint64) hash;
}

gboolean
guiche_postgresql_lock_company (GuicheDb *db, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (db, "SELECT pg_advisory_xact_lock($1)", error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, lock_number (guiche_db_name (db)));
  return guiche_statement_send (statement, error);
}

static gboolean
read_head (GuicheDb *db, const char *key, GuicheHead *head, GError **error)
{
  static const char sql[] =
      "SELECT (SELECT value FROM settings WHERE key = $1), "
      "(SELECT string_agg(key || '=' || value, ' ' ORDER BY key) FROM settings "
      "WHERE key > 'batch.' AND key < 'batch/' AND key <> $1), "
      "(SELECT MAX(seq) FROM events), audit.seq, audit.hash "
      "FROM (SELECT 1) AS one LEFT JOIN audit ON audit.seq = (SELECT MAX(seq) FROM audit)";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  const void *hash;
  gsize length;

  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, key);
  if (!guiche_statement_next (statement, error))
    return FALSE;

  memset (head, 0, sizeof *head);
  head->own = g_strdup (guiche_statement_text (statement, 0));
  head->others = g_strdup (guiche_statement_text (statement, 1));
  head->last_seq = guiche_statement_int (statement, 2);
  head->audit.seq = guiche_statement_int (statement, 3);
  hash = guiche_statement_bytes (statement, 4, &length);
  if (hash != NULL && length == sizeof head->audit.hash)
    memcpy (head->audit.hash, hash, length);
  guiche_statement_reset (statement);
  return TRUE;
}

gboolean
guiche_postgresql_begin_batch (GuicheDb *db, const char *key, GuicheHead *out_head, GError **error)
{
  return guiche_db_begin (db, error) && guiche_postgresql_lock_company (db, error) &&
         read_head (db, key, out_head, error);
}

gboolean
guiche_postgresql_note_batch (GuicheDb *db, const char *key, const char *id, GError **error)
{
  static const char sql[] = "INSERT INTO settings (key, value) VALUES ($1, $2) "
                            "ON CONFLICT (key) DO UPDATE SET value = excluded.value";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_text (statement, 1, key);
  guiche_statement_bind_text (statement, 2, id);
  return guiche_statement_send (statement, error);
}
