/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"
#include "base/id.h"

G_BEGIN_DECLS

/**
 * The engine seam. A GuicheDb is one connection, owned by one thread; SQLite today,
 * PostgreSQL behind the same calls. SQL is written once for both: parameters are `$1`…,
 * `RETURNING` and `ON CONFLICT` are fine, engine-specific functions are not. Types are
 * integer (int64), text, bytes, id (16 bytes) and null; booleans are integers 0 and 1.
 */
typedef struct _GuicheDb GuicheDb;
typedef struct _GuicheStatement GuicheStatement;

/* Statements are prepared once per connection and found again by the *address* of @sql,
 * which therefore must be a string literal (or live as long as the connection). The
 * returned statement is reset and borrowed: a second prepare of the same literal ends the
 * first, so a loop over one must not prepare it again. NULL with error set when the SQL is
 * wrong. */
GuicheStatement *guiche_db_prepare (GuicheDb *self, const char *sql, GError **error);

/* Binding: @position is the N of `$N`. Values are borrowed until the statement has run. */
void guiche_statement_bind_int (GuicheStatement *self, int position, gint64 value);
void guiche_statement_bind_text (GuicheStatement *self,
                                 int position,
                                 const char *value); /* (nullable) */
void guiche_statement_bind_text_length (GuicheStatement *self,
                                        int position,
                                        const char *value,
                                        gsize length);
void guiche_statement_bind_bytes (GuicheStatement *self,
                                  int position,
                                  const void *data,
                                  gsize length); /* NULL: null */
void guiche_statement_bind_id (GuicheStatement *self,
                               int position,
                               const GuicheId *id); /* none or NULL: null */
void guiche_statement_bind_null (GuicheStatement *self, int position);

/* Runs to the end, ignoring rows; @out_changes (nullable) takes the number of changed rows. */
gboolean guiche_statement_run (GuicheStatement *self, gint64 *out_changes, GError **error);
/* Runs an INSERT … ON CONFLICT … DO NOTHING. After guiche_tx_expect_success() the row may be taken
 * for new without asking; if it is not, the batch is run again, carefully. */
gboolean guiche_statement_run_insert (GuicheStatement *self, gboolean *out_is_new, GError **error);
/* TRUE with a row to read; FALSE at the end (error unset) or on failure (error set). */
gboolean guiche_statement_next (GuicheStatement *self, GError **error);
/* Ends a partly read statement; implied by the end of rows, by run and by the next prepare. */
void guiche_statement_reset (GuicheStatement *self);

/* Columns, from 0. Text and bytes are borrowed until the next step. */
gint64 guiche_statement_int (GuicheStatement *self, int column);
const char *guiche_statement_text (GuicheStatement *self, int column); /* (nullable) */
const char *guiche_statement_text_length (GuicheStatement *self, int column, gsize *out_length);
const void *guiche_statement_bytes (GuicheStatement *self, int column, gsize *out_length);
GuicheId guiche_statement_id (GuicheStatement *self, int column); /* null: the none id */
gboolean guiche_statement_is_null (GuicheStatement *self, int column);

/* A statement that failed ends its request: PostgreSQL takes nothing more from it.
 * A UNIQUE or other constraint failed: GUICHE_ERROR_CONFLICT; the disk is full:
 * GUICHE_ERROR_STORAGE_FULL; anything else: GUICHE_ERROR_INTERNAL / DATABASE_CORRUPT. */

G_END_DECLS
