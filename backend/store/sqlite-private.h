/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* The SQLite engine in four files: sqlite.c (statements), sqlite-connection.c (opening,
 * closing, checking) and sqlite-checkpoint.c and sqlite-log-file.c (the write-ahead
 * log). */

#define GUICHE_SQLITE_MAX_PARAMETERS 40
#define GUICHE_SQLITE_END_FRAMES 16384
#define GUICHE_SQLITE_BUSY_TIMEOUT_MS 10000

struct _GuicheStatement {
  GuicheDb *db;    /* (not owned) */
  const char *sql; /* (not owned): a literal */
  sqlite3_stmt *handle;
  int bind_code; /* of the first bind that failed */
  gboolean is_bound;
  gboolean is_active; /* has given a row and is not reset */
  GuicheStatement *next_active;
  GuicheStatement *previous_active;
  guint8 positions[GUICHE_SQLITE_MAX_PARAMETERS + 1]; /* `$N` → SQLite's number; 0: none */
};

struct _GuicheDb {
  sqlite3 *handle;
  char *path;              /* (owned) */
  GuicheStatement **slots; /* (owned): open addressing by the address of the SQL */
  guint n_slots;
  guint n_statements;
  GuicheStatement *active; /* partly read statements */
  gboolean is_damaged;
  /* The log (sqlite-checkpoint.c), in frames of one page. */
  sqlite3 *pin; /* (owned) (nullable): reads only, to bound a bite */
  gboolean is_pinned;
  int descriptor;      /* of the database file, to begin its writing out; -1 for a reader */
  guint log_frames;    /* after the last commit */
  guint copied_frames; /* of these, in the database */
  guint end_frames;    /* a busy log is ended at this length */
  guint last_bite;     /* log_frames at the last bite */
};

void guiche_sqlite_init_statements (GuicheDb *self);
void guiche_sqlite_free_statements (GuicheDb *self);
/* The name of the VFS for a writer. */
const char *guiche_sqlite_log_vfs (void);
void guiche_sqlite_close_pin (GuicheDb *self);
int guiche_sqlite_on_log_written (void *data, sqlite3 *handle, const char *name, int n_frames);
/* Turns the last failure into an error and notes damage. */
void guiche_sqlite_set_error (GuicheDb *self, int code, const char *what, GError **error);

G_END_DECLS
