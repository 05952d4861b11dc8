/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/queue.h"
#include "store/tx.h"

G_BEGIN_DECLS

/* The queues of the company, by position; the first five come with the tables. Routing by itself,
 * service levels and escalation will be rooms of their own that change `assignee_id` and `priority`
 * through conversation-action.h; nothing here decides who gets a conversation. */

/* (element-type GuicheQueueRecord) */
GPtrArray *guiche_queues_list (GuicheTx *tx, GError **error);
/* GUICHE_ERROR_NOT_FOUND when there is none. */
gboolean guiche_queue_load (GuicheTx *tx, const char *key, GuicheQueueRecord *out, GError **error);
/* GUICHE_ERROR_INVALID_REQUEST about `queue` when there is none. */
gboolean guiche_queue_find_priority (GuicheTx *tx,
                                     const char *key,
                                     gint64 *out_priority,
                                     GError **error);

/**
 * GuicheQueueChange:
 *
 * What to set; %NULL and -1 leave things as they are. @members is the whole new list.
 */
typedef struct {
  const char *name;
  gint64 priority;
  gint64 position;
  const GuicheId *members; /* (nullable) (array length=n_members) */
  gsize n_members;
} GuicheQueueChange;

/* Emits `queue.updated`, and `user.updated` and `access.changed` for who came or went. */
gboolean guiche_queue_update (GuicheTx *tx,
                              const char *key,
                              const GuicheQueueChange *change,
                              GuicheQueueRecord *out,
                              GError **error);

G_END_DECLS
