/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx-private.h"

G_BEGIN_DECLS

/* How a batch begins and ends in a database that other nodes write too. */

/* Where a company stands, read under its lock. */
typedef struct {
  char *own;    /* (owned) (nullable): the id of this node's last batch */
  char *others; /* (owned): those of all other nodes, in order of their names */
  gint64 last_seq;
  GuicheAuditHead audit;
} GuicheHead;

void guiche_head_clear (GuicheHead *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheHead, guiche_head_clear)

/* Waits for the company's lock, the transaction's, with the next answer that is read. It is a
 * statement of its own: what follows sees what its last holder committed. */
gboolean guiche_postgresql_lock_company (GuicheDb *db, GError **error);
/* BEGIN, the company's lock, and how it stands then: one round trip. @key is that of this node's
 * own batches in `settings`. */
gboolean guiche_postgresql_begin_batch (GuicheDb *db,
                                        const char *key,
                                        GuicheHead *out_head,
                                        GError **error);
/* The batch's id, sent with the COMMIT: who asks later whether there was one finds it. */
gboolean guiche_postgresql_note_batch (GuicheDb *db,
                                       const char *key,
                                       const char *id,
                                       GError **error);

G_END_DECLS
