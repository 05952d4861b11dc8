/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "support/store.h"

G_BEGIN_DECLS

/* What the fault tests write and audit: entry `name` is one row of `settings` and one event, in one
 * transaction. */
gboolean ledger_write (GuicheTx *tx, gpointer name, GError **error); /* (GuicheWorkRun) */
/* Every name of @acknowledged is there once; events are as many as rows, without a gap; the
 * database is whole. Returns the number of entries. */
gint64 ledger_audit (GuicheTestStore *test, GPtrArray *acknowledged);
/* Warnings are what these tests provoke: they neither end them nor fill the log. */
void ledger_silence (void);

G_END_DECLS
