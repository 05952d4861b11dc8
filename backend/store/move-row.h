/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/move-table.h"

G_BEGIN_DECLS

/**
 * GuicheMoveKey:
 *
 * What tells one row of a table apart. As text (in the log of changes and the state of a move):
 * integers in digits, text and bytes in hexadecimal, joined by commas.
 */
typedef struct {
  const GuicheMoveTable *table; /* (not owned) */
  gint64 ints[GUICHE_MOVE_MAX_KEY];
  GBytes *bytes[GUICHE_MOVE_MAX_KEY]; /* (owned) (nullable) */
} GuicheMoveKey;

gboolean guiche_move_key_parse (GuicheMoveKey *self,
                                const GuicheMoveTable *table,
                                const char *text,
                                GError **error);
void guiche_move_key_clear (GuicheMoveKey *self);
/* (transfer full): of the row that @row, a statement that gives all columns, stands on. */
char *guiche_move_key_of (const GuicheMoveTable *table, GuicheStatement *row);
/* As the databases order them. */
int guiche_move_key_compare (const GuicheMoveKey *a, const GuicheMoveKey *b);
/* From $1; borrowed until the statement has run. */
void guiche_move_key_bind (const GuicheMoveKey *self, GuicheStatement *statement);

/* The next @n_rows rows of @table after @last_key (nullable: the first ones). @last is borrowed by
 * the statement until it has run. */
GuicheStatement *guiche_move_page_ask (const GuicheMoveTable *table,
                                       GuicheDb *db,
                                       const char *last_key,
                                       GuicheMoveKey *last,
                                       guint n_rows,
                                       GError **error);
/* Sends an INSERT of the row that @row stands on to @db; adds its bytes to *@bytes. */
gboolean guiche_move_row_insert (const GuicheMoveTable *table,
                                 GuicheStatement *row,
                                 GuicheDb *db,
                                 gint64 *bytes,
                                 GError **error);
/* The same on every engine: each column's type, its length and its bytes. */
void guiche_move_row_hash (const GuicheMoveTable *table, GuicheStatement *row, GChecksum *sum);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMoveKey, guiche_move_key_clear)

G_END_DECLS
