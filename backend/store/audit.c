/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/audit.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT (crypto_auth_hmacsha256_BYTES == GUICHE_AUDIT_HASH_BYTES);
G_STATIC_ASSERT (crypto_auth_hmacsha256_KEYBYTES == GUICHE_AUDIT_KEY_BYTES);

#define PAGE_ROWS 1000

typedef crypto_auth_hmacsha256_state State;

/* A row as it is covered; what is NULL has length -1. */
typedef struct {
  gint64 seq;
  gint64 at_us;
  gint64 role;
  GuicheId actor_id;
  GuicheId session_id;
  const char *address;
  const char *action;
  GuicheId entity;
  const char *detail;
} Row;

static void
cover_int (State *state, gint64 value)
{
  gint64 big_endian = GINT64_TO_BE (value);

  crypto_auth_hmacsha256_update (state, (const guint8 *) &big_endian, sizeof big_endian);
}

static void
cover_text (State *state, const char *text)
{
  cover_int (state, text == NULL ? -1 : (gint64) strlen (text));
  if (text != NULL)
    crypto_auth_hmacsha256_update (state, (const guint8 *) text, strlen (text));
}

static void
cover_id (State *state, const GuicheId *id)
{
  crypto_auth_hmacsha256_update (state, id->bytes, sizeof id->bytes);
}

static void
chain (const Row *row,
       const guint8 *key,
       const guint8 *previous,
       guint8 out_hash[GUICHE_AUDIT_HASH_BYTES])
{
  State state;

  crypto_auth_hmacsha256_init (&state, key, GUICHE_AUDIT_KEY_BYTES);
  crypto_auth_hmacsha256_update (&state, previous, GUICHE_AUDIT_HASH_BYTES);
  cover_int (&state, row->seq);
  cover_int (&state, row->at_us);
  cover_int (&state, row->role);
  cover_id (&state, &row->actor_id);
  cover_id (&state, &row->session_id);
  cover_text (&state, row->address);
  cover_text (&state, row->action);
  cover_id (&state, &row->entity);
  cover_text (&state, row->detail);
  crypto_auth_hmacsha256_final (&state, out_hash);
}

static gboolean
insert (GuicheTx *tx, const Row *row, const guint8 *hash, GError **error)
{
  static const char sql[] = "INSERT INTO audit (seq, at, actor_role, actor_id, session_id, "
                            "address, action, entity, detail, hash) "
                            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, row->seq);
  guiche_statement_bind_int (statement, 2, row->at_us);
  guiche_statement_bind_int (statement, 3, row->role);
  guiche_statement_bind_id (statement, 4, &row->actor_id);
  guiche_statement_bind_id (statement, 5, &row->session_id);
  guiche_statement_bind_text (statement, 6, row->address);
  guiche_statement_bind_text (statement, 7, row->action);
  guiche_statement_bind_id (statement, 8, &row->entity);
  guiche_statement_bind_text (statement, 9, row->detail);
  guiche_statement_bind_bytes (statement, 10, hash, GUICHE_AUDIT_HASH_BYTES);
  return guiche_statement_run (statement, NULL, error);
}

/**
 * guiche_tx_audit:
 * @action: what was done, such as `conversation.accept`
 * @entity: (nullable): to what
 * @detail_json: (nullable): one JSON object
 */
gboolean
guiche_tx_audit (GuicheTx *self,
                 const char *action,
                 const GuicheId *entity,
                 const char *detail_json,
                 GError **error)
{
  guint8 hash[GUICHE_AUDIT_HASH_BYTES];
  Row row = {
    .seq = self->audit.seq + 1,
    .at_us = self->now_us,
    .role = self->actor->role,
    .actor_id = self->actor->id,
    .session_id = self->actor->session_id,
    .address = self->actor->address,
    .action = action,
    .entity = entity == NULL ? GUICHE_ID_NONE : *entity,
    .detail = detail_json,
  };

  chain (&row, self->audit_key, self->audit.hash, hash);
  if (!insert (self, &row, hash, error))
    return FALSE;

  self->audit.seq = row.seq;
  memcpy (self->audit.hash, hash, sizeof hash);
  return TRUE;
}

gboolean
guiche_audit_load_head (GuicheDb *db, GuicheAuditHead *out_head, GError **error)
{
  static const char sql[] = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  GError *local_error = NULL;
  const void *hash;
  gsize length;

  memset (out_head, 0, sizeof *out_head);
  if (statement == NULL)
    return FALSE;
  if (!guiche_statement_next (statement, &local_error)) {
    if (local_error == NULL)
      return TRUE;
    g_propagate_error (error, local_error);
    return FALSE;
  }

  out_head->seq = guiche_statement_int (statement, 0);
  hash = guiche_statement_bytes (statement, 1, &length);
  if (hash != NULL && length == sizeof out_head->hash)
    memcpy (out_head->hash, hash, length);
  guiche_statement_reset (statement);
  return TRUE;
}

static gboolean
set_broken (gint64 seq, const char *how, GError **error)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT,
               "audit log, entry %" G_GINT64_FORMAT ": %s", seq, how);
  if (error != NULL)
    guiche_error_set_detail_int (*error, "seq", seq);
  return FALSE;
}

static gboolean
verify_row (GuicheTx *tx, GuicheStatement *statement, GuicheAuditHead *head, GError **error)
{
  guint8 hash[GUICHE_AUDIT_HASH_BYTES];
  gsize length;
  const void *stored = guiche_statement_bytes (statement, 9, &length);
  Row row = {
    .seq = guiche_statement_int (statement, 0),
    .at_us = guiche_statement_int (statement, 1),
    .role = guiche_statement_int (statement, 2),
    .actor_id = guiche_statement_id (statement, 3),
    .session_id = guiche_statement_id (statement, 4),
    .address = guiche_statement_text (statement, 5),
    .action = guiche_statement_text (statement, 6),
    .entity = guiche_statement_id (statement, 7),
    .detail = guiche_statement_text (statement, 8),
  };

  if (row.seq != head->seq + 1)
    return set_broken (head->seq + 1, "missing", error);
  chain (&row, tx->audit_key, head->hash, hash);
  if (stored == NULL || length != sizeof hash || sodium_memcmp (stored, hash, sizeof hash) != 0)
    return set_broken (row.seq, "changed after it was written", error);

  head->seq = row.seq;
  memcpy (head->hash, hash, sizeof hash);
  return TRUE;
}

/* @out_n_rows: fewer than a page at the end. */
static gboolean
verify_page (GuicheTx *tx,
             const GuicheAuditHead *anchor,
             GuicheAuditHead *head,
             guint *out_n_rows,
             GError **error)
{
  static const char sql[] = "SELECT seq, at, actor_role, actor_id, session_id, address, action, "
                            "entity, detail, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
  GuicheStatement *statement = guiche_tx_prepare (tx, sql, error);
  GError *local_error = NULL;

  *out_n_rows = 0;
  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, head->seq);
  guiche_statement_bind_int (statement, 2, PAGE_ROWS);
  while (guiche_statement_next (statement, &local_error)) {
    (*out_n_rows)++;
    if (!verify_row (tx, statement, head, error))
      return FALSE;
    if (anchor != NULL && head->seq == anchor->seq &&
        memcmp (head->hash, anchor->hash, sizeof head->hash) != 0)
      return set_broken (head->seq, "not the one that was anchored", error);
  }
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
guiche_audit_verify (GuicheTx *tx,
                     const GuicheAuditHead *anchor,
                     gint64 *out_n_rows,
                     GError **error)
{
  GuicheAuditHead head = { 0 };
  guint n_rows;

  do {
    if (!verify_page (tx, anchor, &head, &n_rows, error))
      return FALSE;
  } while (n_rows == PAGE_ROWS);
  if (anchor != NULL && head.seq < anchor->seq)
    return set_broken (head.seq + 1, "cut off", error);

  *out_n_rows = head.seq;
  return TRUE;
}
