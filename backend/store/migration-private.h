/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/migration.h"

G_BEGIN_DECLS

/* What an engine's runner (migration-file.c, migration-postgresql.c) takes from migration.c, and
 * the other way round. */

typedef struct {
  const GuicheDbLocation *location;
  const char *resource_path;
  const char *backup_directory; /* (nullable) */
  guint n_backups;
} GuicheMigration;

/* (element-type utf8): file names in order; their numbers run from 1 without holes. */
GPtrArray *guiche_migration_list (const GuicheMigration *self);
/* The number of the last. */
gint64 guiche_migration_count (const GuicheMigration *self);
GBytes *guiche_migration_load (const GuicheMigration *self, const char *name, GError **error);
/* What its text says about who may still run on the result; @number itself if nothing. */
gint64 guiche_migration_readable_by (GBytes *script, gint64 number);
/* %GUICHE_ERROR_DATABASE_NEWER; always FALSE. */
gboolean guiche_migration_refuse_newer (const GuicheMigration *self,
                                        gint64 version,
                                        gint64 newest,
                                        GError **error);

/* Makes one copy; the file has the copy's name only when it is whole. */
typedef gboolean (*GuicheBackUp) (const GuicheMigration *self,
                                  GuicheDb *db,
                                  const char *path,
                                  GError **error);
/* Calls @func, then takes older copies away. @suffix is that of the file's name. */
gboolean guiche_migration_back_up (const GuicheMigration *self,
                                   GuicheDb *db,
                                   gint64 version,
                                   const char *suffix,
                                   GuicheBackUp func,
                                   GError **error);

GuicheDb *guiche_migration_run_file (const GuicheMigration *self, GError **error);
gboolean guiche_migration_file_is_needed (const GuicheMigration *self, GError **error);
GuicheDb *guiche_migration_run_postgresql (const GuicheMigration *self, GError **error);
gboolean guiche_migration_postgresql_is_needed (const GuicheMigration *self, GError **error);
/* `pg_dump` of the schema into a file. */
gboolean guiche_migration_dump_postgresql (const GuicheMigration *self,
                                           GuicheDb *db,
                                           const char *path,
                                           GError **error);

G_END_DECLS
