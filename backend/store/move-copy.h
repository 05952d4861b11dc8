/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/move-table.h"

G_BEGIN_DECLS

/**
 * GuicheMoveCopy:
 *
 * The copying itself. What holds after each of its transactions: of the tables already copied, and
 * of the one being copied up to the last key, the target has exactly the rows that the source had
 * in one moment. So each step reads, in one snapshot of the source, what changed since the step
 * before and the next page, and does both at the target in one transaction.
 */
typedef struct {
  GuicheDb *source;  /* (not owned): a reader */
  GuicheDb *target;  /* (not owned): a writer that enforces no foreign keys */
  GPtrArray *tables; /* (not owned) (element-type GuicheMoveTable) */
  gint64 position;   /* changes from here on are not at the target yet */
  guint n_copied;    /* of @tables: wholly */
  char *last_key;    /* (owned) (nullable): of the table after them */
  gint64 rows;       /* copied, since the move began */
  gint64 bytes;      /* by this program */
  gint64 changes;    /* followed by this program */
} GuicheMoveCopy;

/* How far the target is. */
gboolean guiche_move_copy_load (GuicheMoveCopy *self, GError **error);
void guiche_move_copy_clear (GuicheMoveCopy *self);

static inline gboolean
guiche_move_copy_is_complete (const GuicheMoveCopy *self)
{
  return self->n_copied == self->tables->len;
}

/* What changed meanwhile, and the next page when there is one. */
gboolean guiche_move_copy_step (GuicheMoveCopy *self, guint *out_n_changes, GError **error);
/* The same without a page, then every table's SHA-256 and number of rows in that moment on both
 * sides. GUICHE_ERROR_DATABASE_CORRUPT names the first that differs. */
gboolean guiche_move_copy_verify (GuicheMoveCopy *self, GError **error);
/* Of a sealed source: each row that changed from position @since on is the same on both sides, each
 * table has as many rows. */
gboolean guiche_move_copy_verify_since (GuicheMoveCopy *self, gint64 since, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMoveCopy, guiche_move_copy_clear)

G_END_DECLS
