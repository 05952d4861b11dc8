/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"
#include "base/id.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * GuicheDatabase:
 *
 * One SQLite connection of the local cache, owned by one thread. Statements are prepared once
 * and found again by the address of their text, which must be a literal.
 */
typedef struct _GuicheDatabase GuicheDatabase;

typedef enum {
  GUICHE_DATABASE_READ_ONLY, /* never checkpoints: the writer alone does (SQLite 3.40's WAL defect)
                              */
  GUICHE_DATABASE_WRITE,     /* synchronous NORMAL: may forget the last moments after a power cut */
  GUICHE_DATABASE_DURABLE    /* synchronous FULL: what was committed is on the disk */
} GuicheDatabaseMode;

GuicheDatabase *guiche_database_open (const char *path, GuicheDatabaseMode mode, GError **error);
void guiche_database_close (GuicheDatabase *self);
sqlite3 *guiche_database_handle (GuicheDatabase *self);

/* (transfer none): reset and without bindings. A literal that does not prepare is a bug. */
sqlite3_stmt *guiche_database_prepare (GuicheDatabase *self, const char *sql);
/* Several statements, ignoring rows. */
gboolean guiche_database_execute (GuicheDatabase *self, const char *sql, GError **error);
/* Runs to its end; FALSE with @error set. */
gboolean guiche_database_run (GuicheDatabase *self, sqlite3_stmt *statement, GError **error);
/* TRUE with a row; FALSE at the end (@error unset, the statement reset) or on failure. */
gboolean guiche_database_next (GuicheDatabase *self, sqlite3_stmt *statement, GError **error);

gboolean guiche_database_begin (GuicheDatabase *self, GError **error);
gboolean guiche_database_commit (GuicheDatabase *self, GError **error);
void guiche_database_rollback (GuicheDatabase *self);
/* Creates the tables of an empty file and notes @version in it, or checks the version:
 * GUICHE_ERROR_DATABASE_NEWER for a newer one, GUICHE_ERROR_DATABASE_CORRUPT for one that is
 * older or not ours. */
gboolean guiche_database_create (GuicheDatabase *self,
                                 const char *schema,
                                 int version,
                                 GError **error);
/* Removes the file and its journals. */
void guiche_database_remove_files (const char *path);

/* Binding and columns; the none id and NULL are null. Texts of columns are copies. */
void guiche_bind_id (sqlite3_stmt *statement, int position, const GuicheId *id);
void guiche_bind_id_text (sqlite3_stmt *statement, int position, const char *id);
void guiche_bind_text (sqlite3_stmt *statement, int position, const char *text);
void guiche_bind_ids (sqlite3_stmt *statement, int position, const GuicheId *ids, gsize n_ids);
void guiche_bind_strv (sqlite3_stmt *statement, int position, char *const *values);
char *guiche_column_id (sqlite3_stmt *statement, int column);
char *guiche_column_text (sqlite3_stmt *statement, int column);
char **guiche_column_ids (sqlite3_stmt *statement, int column);
char **guiche_column_strv (sqlite3_stmt *statement, int column);
GuicheId guiche_column_id_value (sqlite3_stmt *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheDatabase, guiche_database_close)

G_END_DECLS
