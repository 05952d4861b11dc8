/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"

G_BEGIN_DECLS

#define GUICHE_MIGRATIONS_TENANT "/io/github/guiche/Guiche/migrations/tenant"
#define GUICHE_MIGRATIONS_CONTROL "/io/github/guiche/Guiche/migrations/control"

/**
 * guiche_migrate:
 * @resource_path: the folder that has a folder of numbered SQL files for each engine
 * @backup_directory: (nullable): where a copy goes before anything is changed
 * @n_backups: how many copies stay there
 *
 * Opens the database as its writer and brings it to the present. Each migration is one
 * transaction. A newer database is refused with %GUICHE_ERROR_DATABASE_NEWER before anything is
 * opened for writing.
 *
 * Returns: (transfer full):
 */
GuicheDb *guiche_migrate (const GuicheDbLocation *location,
                          const char *resource_path,
                          const char *backup_directory,
                          guint n_backups,
                          GError **error);

/* The number of the newest migration. */
gint64 guiche_migration_newest (const char *resource_path);

/* TRUE when the database needs guiche_migrate() before it is used: absent, older, or a file with a
 * write-ahead log to recover. FALSE without error when it is current. */
gboolean guiche_migration_is_needed (const GuicheDbLocation *location,
                                     const char *resource_path,
                                     GError **error);

G_END_DECLS
