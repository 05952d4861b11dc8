/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/scheduled.h"

G_BEGIN_DECLS

typedef struct {
  GuicheId user_id;
  GuicheMessageKind kind;
  GuicheScheduledMessageRecord record;
} GuicheScheduled;

void guiche_scheduled_clear (GuicheScheduled *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheScheduled, guiche_scheduled_clear)

/* The SQL of scheduled messages. *@out_found FALSE: there is none. */
gboolean guiche_scheduled_store_load (GuicheTx *tx,
                                      const GuicheId *id,
                                      GuicheScheduled *out,
                                      gboolean *out_found,
                                      GError **error);
gboolean guiche_scheduled_store_find (GuicheTx *tx,
                                      const GuicheId *user_id,
                                      const GuicheId *client_id,
                                      GuicheScheduled *out,
                                      gboolean *out_found,
                                      GError **error);
gboolean guiche_scheduled_store_insert (GuicheTx *tx,
                                        const GuicheScheduled *scheduled,
                                        GError **error);
gboolean guiche_scheduled_store_delete (GuicheTx *tx, const GuicheId *id, GError **error);

G_END_DECLS
