/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"

G_BEGIN_DECLS

/**
 * GuicheDbEngine:
 *
 * What an engine does behind db.h and db-private.h: one constant table each. db.c keeps the
 * statements of a connection and calls these; where NULL is allowed there is nothing to do.
 */
typedef struct {
  /* (nullable): of a database that other processes write too: the clock they have in common. */
  gboolean (*get_time) (GuicheDb *self, gint64 *out_now_us, GError **error);
  void (*close) (GuicheDb *self); /* and frees it; its statements are gone */

  /* Hot: called for each statement, parameter and column. */
  GuicheStatement *(*prepare) (GuicheDb *self, const char *sql, GError **error);
  void (*free_statement) (GuicheStatement *self);
  void (*clear_bindings) (GuicheStatement *self);
  void (*bind_int) (GuicheStatement *self, int position, gint64 value);
  void (*bind_text) (GuicheStatement *self, int position, const char *value, gsize length);
  void (*bind_bytes) (GuicheStatement *self, int position, const void *data, gsize length);
  void (*bind_id) (GuicheStatement *self, int position, const GuicheId *id);
  void (*bind_null) (GuicheStatement *self, int position, GuicheDbType type);
  gboolean (*run) (GuicheStatement *self, gint64 *out_changes, GError **error);
  gboolean (*next) (GuicheStatement *self, GError **error);
  void (*reset) (GuicheStatement *self);
  gint64 (*column_int) (GuicheStatement *self, int column);
  const char *(*column_text) (GuicheStatement *self, int column, gsize *out_length);
  const void *(*column_bytes) (GuicheStatement *self, int column, gsize *out_length);
  gboolean (*column_is_null) (GuicheStatement *self, int column);

  gboolean (*run_script) (GuicheDb *self, const char *script, GError **error);
  gboolean (*begin) (GuicheDb *self, GError **error);
  gboolean (*begin_read) (GuicheDb *self, GError **error);
  gboolean (*commit) (GuicheDb *self, GError **error);
  void (*roll_back) (GuicheDb *self);
  gboolean (*in_transaction) (GuicheDb *self);
  gint64 (*total_changes) (GuicheDb *self);
  gint64 (*get_version) (GuicheDb *self, GError **error);

  /* (nullable): of an engine that is spoken to over a network. */
  void (*set_deferring) (GuicheDb *self, gboolean is_deferring);
  gboolean (*send) (GuicheStatement *self, GError **error);
  /* Does nothing where it must be known at once whether the row is new. */
  gboolean (*try_send_insert) (GuicheStatement *self, gboolean *out_is_sent, GError **error);
  guint64 (*get_round_trips) (GuicheDb *self);
  GuicheDbTrouble (*get_trouble) (GuicheDb *self);
  gboolean (*is_alive) (GuicheDb *self);

  /* (nullable): of an engine whose database is a file of ours. */
  gboolean (*set_version) (GuicheDb *self, gint64 version, GError **error);
  gboolean (*set_foreign_keys) (GuicheDb *self, gboolean are_enforced, GError **error);
  gboolean (*check_foreign_keys) (GuicheDb *self, GError **error);
  gboolean (*quick_check) (GuicheDb *self, GError **error);
  gboolean (*copy_to) (GuicheDb *self, const char *path, GError **error);
  guint (*log_frames) (GuicheDb *self);
  gboolean (*checkpoint) (GuicheDb *self, GError **error);
  gboolean (*tend_log) (GuicheDb *self, GError **error);
  void (*truncate_log) (GuicheDb *self);
  void (*release_memory) (GuicheDb *self);
} GuicheDbEngine;

/* Each engine's own struct begins with it. */
struct _GuicheDb {
  const GuicheDbEngine *engine;
  char *name;              /* (owned): in messages */
  GuicheStatement **slots; /* (owned): open addressing by the address of the SQL */
  guint n_slots;
  guint n_statements;
  GuicheStatement *active; /* partly read statements */
  gboolean is_damaged;
  guint n_failures; /* statements that failed, of an engine whose transaction goes on after it */
};

/* Each engine's own struct begins with it. */
struct _GuicheStatement {
  const GuicheDbEngine *engine;
  GuicheDb *db;    /* (not owned) */
  const char *sql; /* (not owned): a literal */
  gboolean is_writing;
  gboolean is_bound;
  gboolean is_active; /* has given a row and is not reset */
  GuicheStatement *next_active;
  GuicheStatement *previous_active;
};

/* For an engine's opening and closing. */
void guiche_db_init (GuicheDb *self, const GuicheDbEngine *engine, const char *name);
void guiche_db_free_statements (GuicheDb *self);
void guiche_db_clear (GuicheDb *self);
/* Called with each row and at each end. */
void guiche_statement_link (GuicheStatement *self);
void guiche_statement_unlink (GuicheStatement *self);

static inline void
guiche_statement_set_active (GuicheStatement *self, gboolean is_active)
{
  if (self->is_active == is_active)
    return;

  self->is_active = is_active;
  if (is_active)
    guiche_statement_link (self);
  else
    guiche_statement_unlink (self);
}

GuicheDb *guiche_sqlite_open (const GuicheDbLocation *location, GuicheDbRole role, GError **error);
GuicheDb *guiche_postgresql_open (const GuicheDbLocation *location,
                                  GuicheDbRole role,
                                  GError **error);

G_END_DECLS
