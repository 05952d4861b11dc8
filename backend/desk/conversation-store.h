/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/conversation.h"

G_BEGIN_DECLS

/* The SQL of conversations. NULL with unset error: there is none. */
GuicheConversation *guiche_conversation_store_load (GuicheTx *tx,
                                                    const GuicheId *id,
                                                    GError **error);
/* Every member but what messages say; @self->number is set by insert. */
gboolean guiche_conversation_store_insert (GuicheTx *tx,
                                           GuicheConversation *self,
                                           GBytes *pair,
                                           GError **error);
gboolean guiche_conversation_store_update (GuicheTx *tx,
                                           const GuicheConversation *self,
                                           GError **error);
/* Reads record.last_message again. */
gboolean guiche_conversation_store_load_preview (GuicheTx *tx,
                                                 GuicheConversation *self,
                                                 GError **error);
/* The none id when there is no active conversation of that customer and channel. */
gboolean guiche_conversation_store_find_active (GuicheTx *tx,
                                                const GuicheId *customer_id,
                                                const char *channel,
                                                GuicheId *out_id,
                                                GError **error);
gint64 guiche_conversation_store_count_before (GuicheTx *tx,
                                               const GuicheConversation *self,
                                               GError **error); /* -1 on error */
/* (element-type GuicheId): all of a customer. */
GArray *guiche_conversation_store_list_of_customer (GuicheTx *tx,
                                                    const GuicheId *customer_id,
                                                    GError **error);

/* Internal conversations. */
gboolean guiche_conversation_store_find_pair (GuicheTx *tx,
                                              GBytes *pair,
                                              GuicheId *out_id,
                                              GError **error);
gboolean guiche_conversation_store_add_member (GuicheTx *tx,
                                               const GuicheId *id,
                                               const GuicheId *user_id,
                                               gboolean *out_is_new,
                                               GError **error);
gboolean guiche_conversation_store_remove_member (GuicheTx *tx,
                                                  const GuicheId *id,
                                                  const GuicheId *user_id,
                                                  gboolean *out_was_there,
                                                  GError **error);
gboolean guiche_conversation_store_load_members (GuicheTx *tx,
                                                 GuicheConversation *self,
                                                 GError **error);

G_END_DECLS
