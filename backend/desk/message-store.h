/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/message.h"

G_BEGIN_DECLS

/* The SQL of messages. @record->seq and every member but state are written; *@out_is_new is FALSE,
 * and nothing was done, when this sender used this client_id before. */
gboolean guiche_message_store_insert (GuicheTx *tx,
                                      const GuicheConversation *conversation,
                                      const GuicheMessageRecord *record,
                                      gboolean *out_is_new,
                                      GError **error);
gboolean guiche_message_store_insert_files (GuicheTx *tx,
                                            const GuicheConversation *conversation,
                                            const GuicheMessageRecord *record,
                                            GError **error);
/* By idempotency key; *@out_found and the conversation's number tell what it is. */
gboolean guiche_message_store_find_repeat (GuicheTx *tx,
                                           const GuicheId *sender,
                                           const GuicheId *client_id,
                                           gboolean *out_found,
                                           gint64 *out_conversation,
                                           gint64 *out_seq,
                                           GError **error);
/* *@out_found is FALSE when there is none. State comes from the conversation's watermarks. */
gboolean guiche_message_store_load (GuicheTx *tx,
                                    const GuicheConversation *conversation,
                                    gint64 seq,
                                    GuicheMessageRecord *out,
                                    gboolean *out_found,
                                    GError **error);
/* Body, extra, edited_at and deleted_at. */
gboolean guiche_message_store_update (GuicheTx *tx,
                                      const GuicheConversation *conversation,
                                      const GuicheMessageRecord *record,
                                      GError **error);
gboolean guiche_message_store_delete_files (GuicheTx *tx,
                                            const GuicheConversation *conversation,
                                            gint64 seq,
                                            GError **error);
gboolean guiche_message_store_set_waiting_since (GuicheTx *tx,
                                                 const GuicheConversation *conversation,
                                                 GError **error);
/* (element-type GuicheMessageRecord): at most page->limit + 1, in the page's own direction. */
GPtrArray *guiche_message_store_read (GuicheTx *tx,
                                      const GuicheConversation *conversation,
                                      const GuicheMessagePage *page,
                                      GError **error);

G_END_DECLS
