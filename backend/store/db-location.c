/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db-location.h"

GuicheDbLocation *
guiche_db_location_new_sqlite (const char *path)
{
  GuicheDbLocation *self = g_new0 (GuicheDbLocation, 1);

  self->kind = GUICHE_DB_SQLITE;
  self->path = g_strdup (path);
  return self;
}

/**
 * guiche_db_location_new_postgresql:
 * @pool: (nullable): lives as long as the location
 */
GuicheDbLocation *
guiche_db_location_new_postgresql (const char *conninfo,
                                   const char *schema,
                                   GuichePostgresqlPool *pool)
{
  GuicheDbLocation *self = g_new0 (GuicheDbLocation, 1);

  self->kind = GUICHE_DB_POSTGRESQL;
  self->conninfo = g_strdup (conninfo);
  self->schema = g_strdup (schema);
  self->pool = pool;
  return self;
}

void
guiche_db_location_free (GuicheDbLocation *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self->conninfo);
  g_free (self->schema);
  g_free (self);
}

const char *
guiche_db_location_name (const GuicheDbLocation *self)
{
  return self->kind == GUICHE_DB_SQLITE ? self->path : self->schema;
}

gboolean
guiche_db_location_is_shared (const GuicheDbLocation *self)
{
  return self->kind != GUICHE_DB_SQLITE;
}
