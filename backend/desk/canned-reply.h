/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/canned-reply.h"
#include "store/tx.h"

G_BEGIN_DECLS

/* Prepared answers of the company, by shortcut (`a-z 0-9 - _`). Variables are filled in by the
 * desktop. */

/* (element-type GuicheCannedReplyRecord) */
GPtrArray *guiche_canned_replies_list (GuicheTx *tx, GError **error);
/* A none @id makes a new one; %NULL members leave things as they are. Emits `canned_reply.updated`.
 * GUICHE_ERROR_CONFLICT when the shortcut is taken. */
gboolean guiche_canned_reply_save (GuicheTx *tx,
                                   const GuicheId *id,
                                   const char *shortcut,
                                   const char *title,
                                   const char *body,
                                   GuicheCannedReplyRecord *out,
                                   GError **error);
gboolean guiche_canned_reply_delete (GuicheTx *tx, const GuicheId *id, GError **error);

G_END_DECLS
