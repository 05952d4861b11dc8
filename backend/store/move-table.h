/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"

G_BEGIN_DECLS

#define GUICHE_MOVE_MAX_KEY 3

typedef struct {
  const char *name; /* (interned) */
  GuicheDbType type;
} GuicheMoveColumn;

/**
 * GuicheMoveTable:
 *
 * One table of a company's database as both engines have it, and what is asked of it. The SQL is
 * interned: it lives as long as the program.
 */
typedef struct {
  const char *name;               /* (interned) */
  GArray *columns;                /* (owned) (element-type GuicheMoveColumn) */
  guint key[GUICHE_MOVE_MAX_KEY]; /* of @columns: what tells rows apart, never null */
  guint n_key;
  const char *count;
  const char *first_page; /* $1: how many rows, in the order of the key */
  const char *next_page;  /* after the key $1…, then how many */
  const char *by_key;
  const char *delete_row; /* by key */
  const char *insert;
} GuicheMoveTable;

/* (transfer full) (element-type GuicheMoveTable): all of a company's, what is referred to before
 * what refers to it. Made of the program's own migrations, not of any database. */
GPtrArray *guiche_move_tables_new (GError **error);

static inline const GuicheMoveColumn *
guiche_move_table_column (const GuicheMoveTable *self, guint i)
{
  return &g_array_index (self->columns, GuicheMoveColumn, i);
}

G_END_DECLS
