/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/personal.h"
#include "store/tx.h"

G_BEGIN_DECLS

/* What a colleague keeps for themselves about a conversation they may see; events go to their own
 * sessions only. The user is the actor of @tx. */

#define GUICHE_DRAFT_CHARACTERS_MAX 10000

/* An empty @body deletes it. Emits `draft.saved`. */
gboolean guiche_draft_save (GuicheTx *tx,
                            const GuicheId *conversation_id,
                            const char *body,
                            GuicheDraftRecord *out,
                            GError **error);
/* For any user: what could not be sent for them comes back as a draft. */
gboolean guiche_draft_save_for (GuicheTx *tx,
                                const GuicheId *user_id,
                                const GuicheId *conversation_id,
                                const char *body,
                                GError **error);
/* (element-type GuicheDraftRecord) */
GPtrArray *guiche_drafts_list (GuicheTx *tx, const GuicheId *user_id, GError **error);

/* Never goes down. Emits `read.marked`; read by the assignee is read by the company, so the
 * customer learns it too. *@out takes the mark as it then is. */
gboolean guiche_read_mark_raise (GuicheTx *tx,
                                 const GuicheId *conversation_id,
                                 gint64 seq,
                                 GuicheReadMarkRecord *out,
                                 GError **error);
/* (element-type GuicheReadMarkRecord): of conversations that are not closed. */
GPtrArray *guiche_read_marks_list (GuicheTx *tx, const GuicheId *user_id, GError **error);
/* A conversation opens again: snapshots leave out the marks of closed ones, so each user hears of
 * theirs. */
gboolean guiche_read_marks_announce (GuicheTx *tx, const GuicheId *conversation_id, GError **error);

G_END_DECLS
