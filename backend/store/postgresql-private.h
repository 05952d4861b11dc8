/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-engine.h"

#include <libpq-fe.h>

G_BEGIN_DECLS

/* The PostgreSQL engine: postgresql-connection.c (opening, closing, the engine's table),
 * postgresql-pipeline.c (what is sent and what comes back), postgresql-statement.c and
 * postgresql-value.c (parameters and columns), postgresql-error.c, postgresql-pool.c. */

#define GUICHE_POSTGRESQL_MAX_PARAMETERS 40
/* A database that says nothing for this long is taken for dead; beyond `statement_timeout`. */
#define GUICHE_POSTGRESQL_PATIENCE_US (12 * (gint64) G_USEC_PER_SEC)

typedef enum {
  GUICHE_PREPARED_NOT,
  GUICHE_PREPARED_SENT, /* in the pipeline; what follows it may use it */
  GUICHE_PREPARED
} GuichePrepared;

typedef struct _GuichePostgresqlStatement GuichePostgresqlStatement;

struct _GuichePostgresqlStatement {
  GuicheStatement base;  /* first */
  gboolean is_savepoint; /* SAVEPOINT, RELEASE, ROLLBACK TO: never waited for */
  int n_parameters;
  GuichePrepared prepared;
  guint number; /* its name is `s` and this */
  Oid prepared_types[GUICHE_POSTGRESQL_MAX_PARAMETERS];
  Oid types[GUICHE_POSTGRESQL_MAX_PARAMETERS]; /* of the bound values; 0: any */
  const char *values[GUICHE_POSTGRESQL_MAX_PARAMETERS];
  int lengths[GUICHE_POSTGRESQL_MAX_PARAMETERS];
  char small[GUICHE_POSTGRESQL_MAX_PARAMETERS][16]; /* integers and ids, copied */
  PGresult *result;                                 /* (owned) (nullable) */
  int row;                                          /* of @result, that columns are read from */
  char *scratch;                    /* (owned) (nullable): an integer read as text */
  GuichePostgresqlStatement *plain; /* (owned) (nullable): an INSERT without its ON CONFLICT */
  char *plain_sql;                  /* (owned) (nullable): that one's own text */
};

/* What was sent and has not been answered yet. */
typedef enum {
  GUICHE_PENDING_PREPARE,
  GUICHE_PENDING_RUN,
  GUICHE_PENDING_CONTROL, /* SQL without parameters whose only answer is that it was done */
  GUICHE_PENDING_COMMIT,
  GUICHE_PENDING_SYNC
} GuichePendingKind;

typedef struct {
  GuichePendingKind kind;
  GuichePostgresqlStatement *statement; /* (not owned) (nullable) */
  const char *what;                     /* static, for errors */
} GuichePending;

typedef struct {
  GuicheDb base;              /* first */
  PGconn *connection;         /* (owned) */
  char *schema_sql;           /* (owned): selects @base.name */
  gboolean is_patient;        /* a migration or a tool: no time-outs */
  GuichePostgresqlPool *pool; /* (not owned) (nullable): where it goes back to */
  gint64 idle_since_us;       /* (pool's lock) */
  gboolean is_reading;        /* (pool's lock): leased by a reader */
  GArray *pending;            /* (owned) (element-type GuichePending) */
  guint n_answered;           /* of @pending */
  guint n_forgiven;           /* of @pending: it is rolled back, whatever comes of it */
  const GuichePostgresqlStatement *awaited; /* (nullable): whose result somebody waits for */
  guint awaited_from;                       /* of @pending: what was sent before is not awaited */
  guint last_number;
  gboolean in_transaction;
  gboolean is_reading_only; /* the transaction, of our own will */
  gboolean is_failed;       /* the transaction: only a rollback is taken */
  gboolean is_deferring;
  gboolean has_late_error; /* of something that was not waited for */
  gboolean is_committed;   /* the last COMMIT was answered */
  gboolean is_commit_sent; /* and not known to have been refused */
  gboolean is_lost;
  GError *error; /* (owned) (nullable): the first of what is being read */
  gint64 n_changes;
  guint64 n_round_trips;
} GuichePostgresql;

/* postgresql-pipeline.c. Nothing is sent before the next wait, unless it is much. FALSE with @error
 * when the connection is lost. */
gboolean guiche_postgresql_send_control (GuichePostgresql *self,
                                         GuichePendingKind kind,
                                         const char *sql,
                                         GError **error);
gboolean guiche_postgresql_send_statement (GuichePostgresql *self,
                                           GuichePostgresqlStatement *statement,
                                           GError **error);
/* Everything sent so far is answered: FALSE with the first error among it. */
gboolean guiche_postgresql_wait (GuichePostgresql *self,
                                 const GuichePostgresqlStatement *awaited,
                                 GError **error);
/* Sends what is there; the answers are read with the next wait. */
void guiche_postgresql_flush (GuichePostgresql *self);
/* The same with a ROLLBACK, which is done whatever becomes of what was sent before it. */
void guiche_postgresql_send_rollback (GuichePostgresql *self);
/* Many statements in one text, outside the pipeline. */
gboolean guiche_postgresql_run_text (GuichePostgresql *self, const char *text, GError **error);
/* Nothing may be sent on it any more. */
void guiche_postgresql_set_lost (GuichePostgresql *self, const char *why);

/* postgresql-statement.c */
GuicheStatement *guiche_postgresql_prepare (GuicheDb *db, const char *sql, GError **error);
void guiche_postgresql_free_statement (GuicheStatement *statement);
void guiche_postgresql_clear_bindings (GuicheStatement *statement);
void guiche_postgresql_bind_int (GuicheStatement *statement, int position, gint64 value);
void guiche_postgresql_bind_text (GuicheStatement *statement,
                                  int position,
                                  const char *value,
                                  gsize length);
void guiche_postgresql_bind_bytes (GuicheStatement *statement,
                                   int position,
                                   const void *data,
                                   gsize length);
void guiche_postgresql_bind_id (GuicheStatement *statement, int position, const GuicheId *id);
void guiche_postgresql_bind_null (GuicheStatement *statement, int position, GuicheDbType type);
gboolean guiche_postgresql_run (GuicheStatement *statement, gint64 *out_changes, GError **error);
gboolean guiche_postgresql_try_send_insert (GuicheStatement *statement,
                                            gboolean *out_is_sent,
                                            GError **error);
gboolean guiche_postgresql_next (GuicheStatement *statement, GError **error);
void guiche_postgresql_reset (GuicheStatement *statement);

/* postgresql-value.c */
gint64 guiche_postgresql_column_int (GuicheStatement *statement, int column);
const char *guiche_postgresql_column_text (GuicheStatement *statement,
                                           int column,
                                           gsize *out_length);
const void *guiche_postgresql_column_bytes (GuicheStatement *statement,
                                            int column,
                                            gsize *out_length);
gboolean guiche_postgresql_column_is_null (GuicheStatement *statement, int column);

/* postgresql-error.c */
GError *guiche_postgresql_error_new (GuichePostgresql *self,
                                     const PGresult *result,
                                     const char *what);
GError *guiche_postgresql_lost_error (const char *name, const char *why);

/* postgresql-connection.c */
GuicheDb *guiche_postgresql_connect (const GuicheDbLocation *location,
                                     const char *application_name,
                                     GError **error);
/* Ends it for good, wherever it came from. */
void guiche_postgresql_disconnect (GuichePostgresql *self);
/* To another schema: its statements are dropped. */
gboolean guiche_postgresql_select_schema (GuichePostgresql *self,
                                          const char *schema,
                                          GError **error);
/* postgresql-pool.c */
void guiche_postgresql_pool_give_back (GuichePostgresqlPool *self, GuichePostgresql *connection);

/* FALSE when the server has closed it meanwhile. */
gboolean guiche_postgresql_is_alive (GuichePostgresql *self);

G_END_DECLS
