/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/move-table.h"

G_BEGIN_DECLS

/* Each table's number of rows and SHA-256, as the running transaction of either side sees it: all
 * columns of all rows in the order of their keys. Waits, with a thread for the target.
 * GUICHE_ERROR_DATABASE_CORRUPT names the first that differs. */
gboolean guiche_move_sums_compare (GuicheDb *source,
                                   GuicheDb *target,
                                   GPtrArray *tables,
                                   GError **error);

G_END_DECLS
