/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "store/tx.h"

G_BEGIN_DECLS

#define GUICHE_SNAPSHOT_MESSAGES 30

/* Writes all that the actor of @tx, a colleague, may see now and must have to begin: see `GET
 * /api/v1/snapshot` in protocol/README.md. Events after its `seq` go on from there. */
gboolean guiche_snapshot_write (GuicheTx *tx, GuicheJsonWriter *writer, GError **error);

G_END_DECLS
