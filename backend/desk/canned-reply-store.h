/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/canned-reply.h"

G_BEGIN_DECLS

/* The SQL of canned replies. GUICHE_ERROR_CONFLICT when the shortcut is taken. */
gboolean guiche_canned_reply_store_put (GuicheTx *tx,
                                        const GuicheCannedReplyRecord *reply,
                                        GError **error);
/* GUICHE_ERROR_NOT_FOUND when there is none. */
gboolean guiche_canned_reply_store_load (GuicheTx *tx,
                                         const GuicheId *id,
                                         GuicheCannedReplyRecord *out,
                                         GError **error);
gboolean guiche_canned_reply_store_delete (GuicheTx *tx,
                                           const GuicheId *id,
                                           gboolean *out_was_there,
                                           GError **error);

G_END_DECLS
