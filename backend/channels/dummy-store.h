/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx.h"

G_BEGIN_DECLS

/**
 * GuicheDummyVisit:
 *
 * How far one simulated customer is in their story.
 */
typedef struct {
  gint64 number; /* from 1; with the seed it decides everything */
  GuicheId conversation_id;
  gint64 story;
  gint64 line;           /* the next one */
  gboolean is_listening; /* waits for an agent's answer */
  gboolean has_left;
} GuicheDummyVisit;

/* The SQL of simulated visits. */
gboolean guiche_dummy_store_insert (GuicheTx *tx, const GuicheDummyVisit *visit, GError **error);
gboolean guiche_dummy_store_update (GuicheTx *tx, const GuicheDummyVisit *visit, GError **error);
/* @out_visit->number is 0 when there is none. */
gboolean guiche_dummy_store_load (GuicheTx *tx,
                                  const GuicheId *conversation_id,
                                  GuicheDummyVisit *out_visit,
                                  GError **error);
gboolean guiche_dummy_store_count (GuicheTx *tx,
                                   gint64 *out_last_number,
                                   gint64 *out_n_present,
                                   GError **error);
/* Active customers without an active conversation of this channel, in order of their ids.
 * (element-type GuicheId) */
GArray *guiche_dummy_store_list_idle_customers (GuicheTx *tx, GError **error);

G_END_DECLS
