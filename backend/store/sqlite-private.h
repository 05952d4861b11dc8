/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* The SQLite engine in two files: sqlite.c (statements) and sqlite-connection.c (the rest). */

#define GUICHE_SQLITE_MAX_PARAMETERS 40

struct _GuicheStatement {
  GuicheDb        *db;  /* (not owned) */
  const char      *sql; /* (not owned): a literal */
  sqlite3_stmt    *handle;
  int              bind_code; /* of the first bind that failed */
  gboolean         is_bound;
  gboolean         is_active; /* has given a row and is not reset */
  GuicheStatement *next_active;
  GuicheStatement *previous_active;
  guint8           positions[GUICHE_SQLITE_MAX_PARAMETERS + 1]; /* `$N` → SQLite's number; 0: none */
};

struct _GuicheDb {
  sqlite3          *handle;
  char             *path;   /* (owned) */
  GuicheStatement **slots;  /* (owned): open addressing by the address of the SQL */
  guint             n_slots;
  guint             n_statements;
  GuicheStatement  *active; /* partly read statements */
  gboolean          is_damaged;
  guint             log_frames;
};

void guiche_sqlite_init_statements (GuicheDb *self);
void guiche_sqlite_free_statements (GuicheDb *self);
/* Turns the last failure into an error and notes damage. */
void guiche_sqlite_set_error (GuicheDb *self, int code, const char *what, GError **error);

G_END_DECLS
