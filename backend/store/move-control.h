/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"
#include "store/move.h"

G_BEGIN_DECLS

/* What goes along with a company's database: the keys, its row among the companies, its files. */

/* The target has the source's keys, or gets them: GUICHE_ERROR_FORBIDDEN when it has others.
 * @control: the target's. */
gboolean guiche_move_keys (const GuicheMovePlace *from,
                           const GuicheMovePlace *to,
                           GuicheDb *control,
                           GError **error);
gboolean guiche_move_has_tenant (GuicheDb *control,
                                 const char *tenant,
                                 gboolean *out_has,
                                 GError **error);
/* From here on the target's servers have it. */
gboolean guiche_move_publish (const GuicheMovePlace *from,
                              GuicheDb *control,
                              const char *tenant,
                              GError **error);

/* Copies the files of @sha256 (nullable: of all rows of `blobs` in @db) that the target does not
 * have, and says in @out_n how many there are. GUICHE_ERROR_DATABASE_CORRUPT names a missing one.
 */
gboolean guiche_move_files (const GuicheMovePlace *from,
                            const GuicheMovePlace *to,
                            const char *tenant,
                            GuicheDb *db,
                            gint64 since_us,
                            gint64 *out_n,
                            GError **error);

G_END_DECLS
