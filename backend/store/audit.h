/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx-private.h"

G_BEGIN_DECLS

/* The chain of guiche_tx_audit(): each row's HMAC-SHA-256 covers the row, field by field with
 * its length, and the hash before it. */

/* Checks every row against the chain, and the chain's end against @anchor (nullable), a head
 * remembered elsewhere: without one a cut-off tail cannot be seen. FALSE with
 * GUICHE_ERROR_DATABASE_CORRUPT and detail `seq` where it breaks. */
gboolean guiche_audit_verify (GuicheTx *tx,
                              const GuicheAuditHead *anchor,
                              gint64 *out_n_rows,
                              GError **error);

G_END_DECLS
