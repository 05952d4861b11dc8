/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/lock-out.h"

G_BEGIN_DECLS

typedef struct {
  guint8 bytes[32];
} GuicheLoginHash;

typedef struct {
  gint64 failures;
  gint64 locked_until_us;
  gint64 last_at_us;
} GuicheLockOutRow;

/* The SQL of lock-out; the rules are in lock-out.c. An unknown login gives zeros. */
gboolean guiche_lock_out_store_load (GuicheTx *tx,
                                     const GuicheLoginHash *login,
                                     GuicheLockOutRow *out_row,
                                     GError **error);
gboolean guiche_lock_out_store_save (GuicheTx *tx,
                                     const GuicheLoginHash *login,
                                     const GuicheLockOutRow *row,
                                     GError **error);
gboolean guiche_lock_out_store_delete (GuicheTx *tx, const GuicheLoginHash *login, GError **error);
/* Keeps the table bounded: what is older than @before_us goes, and the oldest beyond @keep. */
gboolean guiche_lock_out_store_prune (GuicheTx *tx, gint64 before_us, gint64 keep, GError **error);

G_END_DECLS
