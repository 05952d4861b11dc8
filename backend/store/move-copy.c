/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/move-copy.h"

#include "store/failpoint.h"
#include "store/move-log.h"
#include "store/move-row.h"
#include "store/move-sum.h"
#include "store/move-target.h"

#define PAGE_ROWS 1000
/* What is sent and not waited for. */
#define MAX_PENDING 1000

gboolean
guiche_move_copy_load (GuicheMoveCopy *self, GError **error)
{
  g_autoptr (GError) failure = NULL;

  self->position = guiche_move_target_get_int (self->target, "position", &failure);
  self->rows = MAX (guiche_move_target_get_int (self->target, "rows", &failure), 0);
  self->n_copied = (guint) MAX (guiche_move_target_get_int (self->target, "tables", &failure), 0);
  self->last_key = guiche_move_target_get (self->target, "last-key", &failure);
  if (self->last_key != NULL && *self->last_key == '\0')
    g_clear_pointer (&self->last_key, g_free);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
guiche_move_copy_clear (GuicheMoveCopy *self)
{
  g_clear_pointer (&self->last_key, g_free);
}

/* --- what changed --------------------------------------------------------------------------- */

typedef struct {
  GuicheMoveCopy *copy;
  GHashTable *changes; /* (element-type utf8 GPtrArray) */
  guint n_sent;
} Following;

static gboolean
wait_when_much (Following *self, GError **error)
{
  return ++self->n_sent % MAX_PENDING != 0 || guiche_db_run (self->copy->target, "SELECT 1", error);
}

/* NULL for a table that is not being copied yet. */
static GPtrArray *
find_keys (Following *self, guint i)
{
  const GuicheMoveTable *table = self->copy->tables->pdata[i];
  gboolean is_begun = i < self->copy->n_copied || self->copy->last_key != NULL;

  return is_begun ? g_hash_table_lookup (self->changes, table->name) : NULL;
}

/* FALSE for a row that its page is still to bring. */
static gboolean
is_copied (Following *self, guint i, const GuicheMoveKey *key)
{
  g_auto (GuicheMoveKey) last = { 0 };

  return i < self->copy->n_copied ||
         (guiche_move_key_parse (&last, key->table, self->copy->last_key, NULL) &&
          guiche_move_key_compare (key, &last) <= 0);
}

static gboolean
delete_row (Following *self, const GuicheMoveKey *key, GError **error)
{
  GuicheStatement *statement =
      guiche_db_prepare (self->copy->target, key->table->delete_row, error);

  if (statement == NULL)
    return FALSE;
  guiche_move_key_bind (key, statement);
  return guiche_statement_send (statement, error) && wait_when_much (self, error);
}

static gboolean
insert_row (Following *self, const GuicheMoveKey *key, GError **error)
{
  GuicheStatement *row = guiche_db_prepare (self->copy->source, key->table->by_key, error);
  g_autoptr (GError) failure = NULL;
  gboolean is_done = TRUE;

  if (row == NULL)
    return FALSE;
  guiche_move_key_bind (key, row);
  if (guiche_statement_next (row, &failure))
    is_done =
        guiche_move_row_insert (key->table, row, self->copy->target, &self->copy->bytes, error) &&
        wait_when_much (self, error);
  guiche_statement_reset (row);
  if (failure == NULL)
    return is_done;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

typedef gboolean (*RowFunc) (Following *self, const GuicheMoveKey *key, GError **error);

static gboolean
for_each_change (Following *self, RowFunc func, GError **error)
{
  guint n = MIN (self->copy->n_copied + 1, self->copy->tables->len);

  for (guint i = 0; i < n; i++) {
    GPtrArray *keys = find_keys (self, i);

    for (guint j = 0; keys != NULL && j < keys->len; j++) {
      g_auto (GuicheMoveKey) key = { 0 };

      if (!guiche_move_key_parse (&key, self->copy->tables->pdata[i], keys->pdata[j], error))
        return FALSE;
      if (is_copied (self, i, &key) && !func (self, &key, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* All that changed goes first: no row is in the way of another's unique values. */
static gboolean
follow (GuicheMoveCopy *self, guint *out_n_changes, GError **error)
{
  gint64 position = guiche_move_log_position (self->source, error);
  g_autoptr (GHashTable) changes =
                 position < 0 ? NULL : guiche_move_log_read (self->source, self->position, error);
  Following following = { .copy = self, .changes = changes };

  if (changes == NULL || !for_each_change (&following, delete_row, error) ||
      !for_each_change (&following, insert_row, error))
    return FALSE;
  *out_n_changes = following.n_sent;
  self->changes += following.n_sent;
  self->position = position;
  return TRUE;
}

/* --- pages ---------------------------------------------------------------------------------- */

static gboolean
copy_page (GuicheMoveCopy *self, GError **error)
{
  const GuicheMoveTable *table = self->tables->pdata[self->n_copied];
  g_auto (GuicheMoveKey) last = { 0 };
  GuicheStatement *rows =
      guiche_move_page_ask (table, self->source, self->last_key, &last, PAGE_ROWS, error);
  g_autoptr (GError) failure = NULL;
  guint n = 0;

  if (rows == NULL)
    return FALSE;
  while (guiche_statement_next (rows, &failure)) {
    if (!guiche_move_row_insert (table, rows, self->target, &self->bytes, error))
      return FALSE;
    if (++n == PAGE_ROWS) {
      g_free (self->last_key);
      self->last_key = guiche_move_key_of (table, rows);
      guiche_statement_reset (rows);
      break;
    }
  }
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  self->rows += n;
  if (n < PAGE_ROWS) {
    self->n_copied++;
    g_clear_pointer (&self->last_key, g_free);
  }
  return TRUE;
}

static gboolean
note (GuicheMoveCopy *self, GError **error)
{
  GuicheDb *target = self->target;

  return guiche_move_target_set_int (target, "position", self->position, error) &&
         guiche_move_target_set_int (target, "tables", self->n_copied, error) &&
         guiche_move_target_set_int (target, "rows", self->rows, error) &&
         guiche_move_target_set (target, "last-key", self->last_key == NULL ? "" : self->last_key,
                                 error);
}

static gboolean
begin (GuicheMoveCopy *self, GError **error)
{
  return guiche_db_begin_read (self->source, error) && guiche_db_begin (self->target, error);
}

static gboolean
commit (GuicheMoveCopy *self, GError **error)
{
  guiche_failpoint ("move-step");
  return guiche_db_commit (self->target, error);
}

static void
roll_back (GuicheMoveCopy *self)
{
  guiche_db_roll_back (self->source);
  guiche_db_roll_back (self->target);
}

gboolean
guiche_move_copy_step (GuicheMoveCopy *self, guint *out_n_changes, GError **error)
{
  gboolean is_done = begin (self, error) && follow (self, out_n_changes, error) &&
                     (guiche_move_copy_is_complete (self) || copy_page (self, error)) &&
                     note (self, error) && commit (self, error);

  roll_back (self);
  return is_done && guiche_db_tend_log (self->target, error);
}

/* --- the same on both sides
 * ------------------------------------------------------------------ */

gboolean
guiche_move_copy_verify (GuicheMoveCopy *self, GError **error)
{
  guint n_changes;
  gboolean is_done = begin (self, error) && follow (self, &n_changes, error) &&
                     note (self, error) && commit (self, error) &&
                     guiche_db_begin_read (self->target, error) &&
                     guiche_move_sums_compare (self->source, self->target, self->tables, error);

  roll_back (self);
  return is_done;
}

static gboolean
hash_row (GuicheDb *db, const GuicheMoveKey *key, GChecksum *sum, GError **error)
{
  GuicheStatement *row = guiche_db_prepare (db, key->table->by_key, error);
  g_autoptr (GError) failure = NULL;

  if (row == NULL)
    return FALSE;
  guiche_move_key_bind (key, row);
  if (guiche_statement_next (row, &failure))
    guiche_move_row_hash (key->table, row, sum);
  guiche_statement_reset (row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
compare_row (Following *self, const GuicheMoveKey *key, GError **error)
{
  g_autoptr (GChecksum) ours = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GChecksum) theirs = g_checksum_new (G_CHECKSUM_SHA256);

  if (!hash_row (self->copy->source, key, ours, error) ||
      !hash_row (self->copy->target, key, theirs, error))
    return FALSE;
  if (g_str_equal (g_checksum_get_string (ours), g_checksum_get_string (theirs)))
    return TRUE;
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT, "a row of %s differs",
               key->table->name);
  return FALSE;
}

static gint64
ask_number (GuicheDb *db, const char *sql, GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (db, sql, error);
  gint64 number;

  if (statement == NULL || !guiche_statement_next (statement, error))
    return -1;
  number = guiche_statement_int (statement, 0);
  guiche_statement_reset (statement);
  return number;
}

static gboolean
compare_numbers (GuicheMoveCopy *self, const char *sql, GError **error)
{
  gint64 ours = ask_number (self->source, sql, error);
  gint64 theirs = ours < 0 ? -1 : ask_number (self->target, sql, error);

  if (theirs < 0)
    return FALSE;
  if (ours == theirs)
    return TRUE;
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT,
               "%s: %" G_GINT64_FORMAT " at the source, %" G_GINT64_FORMAT " at the target", sql,
               ours, theirs);
  return FALSE;
}

static gboolean
compare_since (GuicheMoveCopy *self, gint64 since, GError **error)
{
  g_autoptr (GHashTable) changes = guiche_move_log_read (self->source, since, error);
  Following following = { .copy = self, .changes = changes };

  if (changes == NULL || !for_each_change (&following, compare_row, error))
    return FALSE;
  for (guint i = 0; i < self->tables->len; i++)
    if (!compare_numbers (self, ((GuicheMoveTable *) self->tables->pdata[i])->count, error))
      return FALSE;
  return compare_numbers (self, "SELECT COALESCE(MAX(seq), 0) FROM events", error) &&
         compare_numbers (self, "SELECT COALESCE(MAX(seq), 0) FROM audit", error);
}

gboolean
guiche_move_copy_verify_since (GuicheMoveCopy *self, gint64 since, GError **error)
{
  gboolean is_done = guiche_db_begin_read (self->source, error) &&
                     guiche_db_begin_read (self->target, error) &&
                     compare_since (self, since, error);

  roll_back (self);
  return is_done;
}
