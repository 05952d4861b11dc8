/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db.h"

G_BEGIN_DECLS

/* The database's clock: microseconds since 1970 UTC, of this moment, not of the transaction's
 * beginning. */
#define GUICHE_POSTGRESQL_NOW_US "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"

/* GuicheDbEngine.get_time */
gboolean guiche_postgresql_get_time (GuicheDb *self, gint64 *out_now_us, GError **error);

G_END_DECLS
