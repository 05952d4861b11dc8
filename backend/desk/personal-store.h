/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/personal.h"

G_BEGIN_DECLS

/* The SQL of drafts and read marks; the lists are in personal.h. */
gboolean guiche_draft_store_put (GuicheTx *tx,
                                 const GuicheId *user_id,
                                 const GuicheDraftRecord *draft,
                                 GError **error);
gboolean guiche_draft_store_delete (GuicheTx *tx,
                                    const GuicheId *user_id,
                                    const GuicheId *conversation_id,
                                    GError **error);
/* *@out_is_raised FALSE: it was there or beyond; *@out_seq takes where it is. */
gboolean guiche_read_mark_store_raise (GuicheTx *tx,
                                       const GuicheId *user_id,
                                       const GuicheId *conversation_id,
                                       gint64 seq,
                                       gboolean *out_is_raised,
                                       gint64 *out_seq,
                                       GError **error);

typedef struct {
  GuicheId user_id;
  gint64 seq;
} GuicheUserMark;

/* (element-type GuicheUserMark) */
GPtrArray *guiche_read_mark_store_list_of (GuicheTx *tx,
                                           const GuicheId *conversation_id,
                                           GError **error);

G_END_DECLS
