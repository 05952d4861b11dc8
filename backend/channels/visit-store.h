/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "channels/visit.h"

G_BEGIN_DECLS

/* The SQL of visits by the id their page made. The none ids when there is none. */
gboolean guiche_visit_store_find (GuicheTx *tx,
                                  const GuicheId *client_id,
                                  GuicheVisit *out_visit,
                                  GError **error);
gboolean guiche_visit_store_insert (GuicheTx *tx,
                                    const GuicheId *client_id,
                                    const GuicheVisit *visit,
                                    GError **error);
/* Those opened before @before_us need no repeat any more. */
gboolean guiche_visit_store_forget (GuicheTx *tx, gint64 before_us, GError **error);

G_END_DECLS
