/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-engine.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* The SQLite engine in four files: sqlite.c (statements), sqlite-connection.c (opening,
 * closing, checking) and sqlite-checkpoint.c and sqlite-log-file.c (the write-ahead
 * log). */

#define GUICHE_SQLITE_MAX_PARAMETERS 40
#define GUICHE_SQLITE_END_FRAMES 16384
#define GUICHE_SQLITE_BUSY_TIMEOUT_MS 10000

typedef struct {
  GuicheStatement base; /* first */
  sqlite3_stmt *handle;
  sqlite3 *database;                                  /* (not owned) */
  int bind_code;                                      /* of the first bind that failed */
  guint8 positions[GUICHE_SQLITE_MAX_PARAMETERS + 1]; /* `$N` → SQLite's number; 0: none */
} GuicheSqliteStatement;

typedef struct {
  GuicheDb base; /* first */
  sqlite3 *handle;
  char *path; /* (owned) */
  /* The log (sqlite-checkpoint.c), in frames of one page. */
  sqlite3 *pin; /* (owned) (nullable): reads only, to bound a bite */
  gboolean is_pinned;
  int descriptor;      /* of the database file, to begin its writing out; -1 for a reader */
  guint log_frames;    /* after the last commit */
  guint copied_frames; /* of these, in the database */
  guint end_frames;    /* a busy log is ended at this length */
  guint last_bite;     /* log_frames at the last bite */
} GuicheSqlite;

/* sqlite.c: the part of the engine's table that is hot. */
GuicheStatement *guiche_sqlite_prepare (GuicheDb *db, const char *sql, GError **error);
void guiche_sqlite_free_statement (GuicheStatement *statement);
void guiche_sqlite_clear_bindings (GuicheStatement *statement);
void guiche_sqlite_bind_int (GuicheStatement *statement, int position, gint64 value);
void guiche_sqlite_bind_text (GuicheStatement *statement,
                              int position,
                              const char *value,
                              gsize length);
void guiche_sqlite_bind_bytes (GuicheStatement *statement,
                               int position,
                               const void *data,
                               gsize length);
void guiche_sqlite_bind_id (GuicheStatement *statement, int position, const GuicheId *id);
void guiche_sqlite_bind_null (GuicheStatement *statement, int position, GuicheDbType type);
gboolean guiche_sqlite_run (GuicheStatement *statement, gint64 *out_changes, GError **error);
gboolean guiche_sqlite_next (GuicheStatement *statement, GError **error);
void guiche_sqlite_reset (GuicheStatement *statement);
gint64 guiche_sqlite_column_int (GuicheStatement *statement, int column);
const char *guiche_sqlite_column_text (GuicheStatement *statement, int column, gsize *out_length);
const void *guiche_sqlite_column_bytes (GuicheStatement *statement, int column, gsize *out_length);
gboolean guiche_sqlite_column_is_null (GuicheStatement *statement, int column);

/* sqlite-checkpoint.c */
guint guiche_sqlite_log_frames (GuicheDb *db);
gboolean guiche_sqlite_checkpoint (GuicheDb *db, GError **error);
gboolean guiche_sqlite_tend_log (GuicheDb *db, GError **error);
void guiche_sqlite_truncate_log (GuicheDb *db);
void guiche_sqlite_close_pin (GuicheSqlite *self);
int guiche_sqlite_on_log_written (void *data, sqlite3 *handle, const char *name, int n_frames);

/* sqlite-check.c */
gboolean guiche_sqlite_check_foreign_keys (GuicheDb *db, GError **error);
gboolean guiche_sqlite_quick_check (GuicheDb *db, GError **error);
gboolean guiche_sqlite_copy_to (GuicheDb *db, const char *path, GError **error);

/* The name of the VFS for a writer. */
const char *guiche_sqlite_log_vfs (void);
/* Turns the last failure into an error and notes damage. */
void guiche_sqlite_set_error (GuicheSqlite *self, int code, const char *what, GError **error);
GuicheError guiche_sqlite_error_code (GuicheSqlite *self, int code);
gboolean guiche_sqlite_is_space_errno (int number);

G_END_DECLS
