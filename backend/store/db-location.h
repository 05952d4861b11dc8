/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  GUICHE_DB_SQLITE,
  GUICHE_DB_POSTGRESQL
} GuicheDbKind;

/* The connections of a node (postgresql-pool.h). */
typedef struct _GuichePostgresqlPool GuichePostgresqlPool;

/**
 * GuicheDbLocation:
 *
 * Where a database is. Never changes; used from any thread.
 */
typedef struct {
  GuicheDbKind kind;
  char *path;     /* (owned): SQLite: the file */
  char *conninfo; /* (owned): PostgreSQL: libpq's, a postgresql:// address or keywords */
  char *schema;   /* (owned): PostgreSQL: `control` or `tenant_` and the key */
  GuichePostgresqlPool *pool; /* (not owned) (nullable): NULL: a connection of one's own */
  gboolean is_patient;        /* PostgreSQL: no time-outs, for migrations and tools */
} GuicheDbLocation;

/* (transfer full) */
GuicheDbLocation *guiche_db_location_new_sqlite (const char *path);
GuicheDbLocation *guiche_db_location_new_postgresql (const char *conninfo,
                                                     const char *schema,
                                                     GuichePostgresqlPool *pool);
void guiche_db_location_free (GuicheDbLocation *self); /* (nullable) */
/* Names it in messages: the path or the schema, never a password. */
const char *guiche_db_location_name (const GuicheDbLocation *self);
/* TRUE when other processes write it too. */
gboolean guiche_db_location_is_shared (const GuicheDbLocation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheDbLocation, guiche_db_location_free)

G_END_DECLS
