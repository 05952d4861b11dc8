/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "store/tx.h"

G_BEGIN_DECLS

/* Writes `{items, next}`: entries of the audit log after @since, oldest first. */
gboolean guiche_audit_list_write_json (GuicheTx *tx,
                                       gint64 since,
                                       gint64 limit,
                                       GuicheJsonWriter *writer,
                                       GError **error);

G_END_DECLS
