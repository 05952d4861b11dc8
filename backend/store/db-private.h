/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "store/db-location.h"
#include "store/db.h"

G_BEGIN_DECLS

/* What the rest of store/ needs of an engine beyond db.h. db.c and db-file.c call the engine. */

typedef enum {
  GUICHE_DB_WRITER, /* creates; SQLite: the only connection of its database that writes */
  GUICHE_DB_READER  /* read-only */
} GuicheDbRole;

/* A parameter's type where its value does not tell. */
typedef enum {
  GUICHE_DB_ANY,
  GUICHE_DB_INT,
  GUICHE_DB_TEXT,
  GUICHE_DB_BYTES
} GuicheDbType;

GuicheDb *guiche_db_open (const GuicheDbLocation *location, GuicheDbRole role, GError **error);
void guiche_db_close (GuicheDb *self); /* (nullable) */
/* Of its location, for messages. */
const char *guiche_db_name (GuicheDb *self);

/* TRUE when other processes write it too. */
gboolean guiche_db_is_shared (GuicheDb *self);
/* The clock by which nodes judge each other: the database's where it is shared, else @clock. */
gboolean guiche_db_get_time (GuicheDb *self,
                             GuicheClock *clock,
                             gint64 *out_now_us,
                             GError **error);

/* One statement without parameters, cached like guiche_db_prepare(). */
gboolean guiche_db_run (GuicheDb *self, const char *sql, GError **error);
/* A migration's text: many statements, not cached. */
gboolean guiche_db_run_script (GuicheDb *self, const char *script, GError **error);
gboolean guiche_statement_is_writing (GuicheStatement *self);
/* Begins a transaction that writes. */
gboolean guiche_db_begin (GuicheDb *self, GError **error);
/* Begins one that reads: one snapshot. */
gboolean guiche_db_begin_read (GuicheDb *self, GError **error);
gboolean guiche_db_commit (GuicheDb *self, GError **error);
/* Ends the transaction, if there is one, and all that is partly read. */
void guiche_db_roll_back (GuicheDb *self);
/* Ends every statement that was left partly read. */
void guiche_db_reset_statements (GuicheDb *self);
gboolean guiche_db_in_transaction (GuicheDb *self);
/* Rows changed since the connection was opened. */
gint64 guiche_db_total_changes (GuicheDb *self);
/* Statements that failed since the connection was opened, where the transaction goes on after one;
 * elsewhere guiche_db_trouble() tells. */
guint guiche_db_failures (GuicheDb *self);
/* An I/O error or corruption was met: what the connection holds can no longer be trusted. */
gboolean guiche_db_is_damaged (GuicheDb *self);
/* FALSE when the server has ended the connection. */
gboolean guiche_db_is_alive (GuicheDb *self);

gint64 guiche_db_get_version (GuicheDb *self, GError **error); /* -1 on error */

/* What stands between a transaction and its end, the gravest first. */
typedef enum {
  GUICHE_DB_FINE,
  GUICHE_DB_FAILED,         /* only a rollback is taken, to a savepoint or of it all */
  GUICHE_DB_LATE_ERROR,     /* what failed was put off: whose it was is not known */
  GUICHE_DB_LOST,           /* the connection is gone and the transaction with it */
  GUICHE_DB_OUTCOME_UNKNOWN /* the same, and COMMIT was on its way */
} GuicheDbTrouble;

/* A file never has any. */
GuicheDbTrouble guiche_db_trouble (GuicheDb *self);
/* From here to the end of the request, what is run for its effect alone may be put off: an error
 * comes later, as GUICHE_DB_LATE_ERROR. */
void guiche_db_set_deferring (GuicheDb *self, gboolean is_deferring);
/* How often its answers were waited for. */
guint64 guiche_db_round_trips (GuicheDb *self);
/* As guiche_statement_run() without its answer, which comes with the next. */
gboolean guiche_statement_send (GuicheStatement *self, GError **error);

/* Of a database that is a file of ours (db-file.c); nothing to do for another. */

gboolean guiche_db_set_version (GuicheDb *self, gint64 version, GError **error);
/* Foreign keys are off while a migration rebuilds tables; outside a transaction only. */
gboolean guiche_db_set_foreign_keys (GuicheDb *self, gboolean are_enforced, GError **error);
gboolean guiche_db_check_foreign_keys (GuicheDb *self, GError **error);
gboolean guiche_db_quick_check (GuicheDb *self, GError **error);
/* A page-identical copy, synced. */
gboolean guiche_db_copy_to (GuicheDb *self, const char *path, GError **error);

/* Pages in the write-ahead log that are not in the database yet. */
guint guiche_db_log_frames (GuicheDb *self);
/* Copies all that no reader needs any more and syncs it; never waits for readers. */
gboolean guiche_db_checkpoint (GuicheDb *self, GError **error);
/* Pages kept in memory that nothing is being done with. */
void guiche_db_release_memory (GuicheDb *self);
/* To be called between two transactions of a busy writer: a small step towards a short log. */
gboolean guiche_db_tend_log (GuicheDb *self, GError **error);

/* Gives the log's space back to the file system, if no reader is in the way. For long pauses: the
 * log grows again with the next work. */
void guiche_db_truncate_log (GuicheDb *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheDb, guiche_db_close)

G_END_DECLS
