/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/move-sum.h"

#include "store/move-row.h"

#define PAGE_ROWS 1000

typedef struct {
  GuicheDb *db;
  GPtrArray *tables;
  GPtrArray *sums; /* (element-type utf8): `rows SHA-256` of each table */
  GError *error;
} Summing;

static char *
sum_table (GuicheDb *db, const GuicheMoveTable *table, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *last_key = NULL;
  gint64 n_rows = 0;
  guint n = PAGE_ROWS;

  while (n == PAGE_ROWS) {
    g_auto (GuicheMoveKey) last = { 0 };
    GuicheStatement *rows = guiche_move_page_ask (table, db, last_key, &last, PAGE_ROWS, error);
    g_autoptr (GError) failure = NULL;

    if (rows == NULL)
      return NULL;
    for (n = 0; n < PAGE_ROWS && guiche_statement_next (rows, &failure); n++) {
      guiche_move_row_hash (table, rows, sum);
      if (n + 1 < PAGE_ROWS)
        continue;
      g_free (last_key);
      last_key = guiche_move_key_of (table, rows);
    }
    guiche_statement_reset (rows);
    n_rows += n;
    if (failure != NULL) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  }
  return g_strdup_printf ("%" G_GINT64_FORMAT " rows, SHA-256 %s", n_rows,
                          g_checksum_get_string (sum));
}

static gpointer
sum_all (gpointer data)
{
  Summing *self = data;

  for (guint i = 0; i < self->tables->len && self->error == NULL; i++)
    g_ptr_array_add (self->sums, sum_table (self->db, self->tables->pdata[i], &self->error));
  return NULL;
}

static gboolean
compare_sums (const Summing *ours, const Summing *theirs, GError **error)
{
  for (guint i = 0; i < ours->tables->len; i++) {
    const GuicheMoveTable *table = ours->tables->pdata[i];

    if (g_str_equal (ours->sums->pdata[i], theirs->sums->pdata[i]))
      continue;
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_CORRUPT,
                 "%s differs: %s at the source, %s at the target", table->name,
                 (char *) ours->sums->pdata[i], (char *) theirs->sums->pdata[i]);
    return FALSE;
  }
  return TRUE;
}

/* Each side on a thread of its own. */
gboolean
guiche_move_sums_compare (GuicheDb *source, GuicheDb *target, GPtrArray *tables, GError **error)
{
  g_autoptr (GPtrArray) our_sums = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) their_sums = g_ptr_array_new_with_free_func (g_free);
  Summing ours = { source, tables, our_sums, NULL };
  Summing theirs = { target, tables, their_sums, NULL };
  GThread *thread = g_thread_new ("target", sum_all, &theirs);

  sum_all (&ours);
  g_thread_join (thread);
  if (ours.error == NULL && theirs.error == NULL)
    return compare_sums (&ours, &theirs, error);
  if (ours.error != NULL && theirs.error != NULL)
    g_clear_error (&theirs.error);
  g_propagate_error (error, ours.error != NULL ? ours.error : theirs.error);
  return FALSE;
}
