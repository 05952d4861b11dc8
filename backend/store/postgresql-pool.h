/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"
#include "store/store.h"

G_BEGIN_DECLS

/**
 * GuichePostgresqlPool:
 *
 * The connections of one node, all companies together (any thread). A connection stays with its
 * company while there are enough: its statements are prepared. guiche_db_open() of a location with
 * a pool takes one, guiche_db_close() gives it back.
 */

/* @max_connections: at least 2. (transfer full) */
GuichePostgresqlPool *guiche_postgresql_pool_new (const char *application_name,
                                                  guint max_connections);
/* Everything was given back. (nullable) */
void guiche_postgresql_pool_free (GuichePostgresqlPool *self);
/* Waits for one, if all are in use; then %GUICHE_ERROR_UNAVAILABLE. */
GuicheDb *guiche_postgresql_pool_lease (GuichePostgresqlPool *self,
                                        const GuicheDbLocation *location,
                                        GuicheDbRole role,
                                        GError **error);
/* TRUE while somebody waits: who holds one that it does not need gives it back. */
gboolean guiche_postgresql_pool_is_short (GuichePostgresqlPool *self);
/* Closes what was not used for a while; to be called now and then. */
void guiche_postgresql_pool_tidy (GuichePostgresqlPool *self);
guint guiche_postgresql_pool_count (GuichePostgresqlPool *self);
void guiche_postgresql_pool_get_stats (GuichePostgresqlPool *self, GuichePoolStats *out_stats);

G_END_DECLS
