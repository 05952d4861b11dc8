/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/queue.h"

G_BEGIN_DECLS

/* The SQL of queues. @key %NULL: all, by position. (element-type GuicheQueueRecord) */
GPtrArray *guiche_queue_store_list (GuicheTx *tx, const char *key, GError **error);
gboolean guiche_queue_store_update (GuicheTx *tx, const GuicheQueueRecord *queue, GError **error);
gboolean guiche_queue_store_add_member (GuicheTx *tx,
                                        const GuicheId *queue_id,
                                        const GuicheId *user_id,
                                        GError **error);
gboolean guiche_queue_store_remove_member (GuicheTx *tx,
                                           const GuicheId *queue_id,
                                           const GuicheId *user_id,
                                           GError **error);

G_END_DECLS
