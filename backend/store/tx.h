/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/audience.h"
#include "store/db.h"

G_BEGIN_DECLS

/**
 * GuicheActor:
 *
 * On whose behalf a transaction runs. Plain value; strings are borrowed for its time.
 */
typedef struct {
  GuicheRole role;      /* GUICHE_ROLE_NONE for the system itself (jobs, guichectl) */
  GuicheId id;          /* the user, or the customer for a visitor; none for the system */
  GuicheId session_id;  /* none where there is no session */
  GuicheViewer *viewer; /* (nullable): what the actor may see; NULL for the system: everything */
  const char *address;  /* (nullable): the peer, for the audit log */
} GuicheActor;

/**
 * GuicheTx:
 *
 * One transaction as a domain function sees it: database, clock, ids, actor, and the two
 * ways to cause something: events (what clients must see) and jobs (what the outside
 * world must be told), both committed with the transaction or not at all. Used on the
 * thread that runs it only (asserted).
 */
typedef struct _GuicheTx GuicheTx;

const char *guiche_tx_tenant (GuicheTx *self);
gint64 guiche_tx_now_us (GuicheTx *self); /* the same through one request */
GuicheId guiche_tx_new_id (GuicheTx *self);
const GuicheActor *guiche_tx_actor (GuicheTx *self);
/* What follows in this request runs on behalf of @actor (borrowed for its time) at @now_us: for
 * what plays history again in one transaction, imports and the sample company. */
void guiche_tx_act_as (GuicheTx *self, const GuicheActor *actor, gint64 now_us);
gboolean guiche_tx_is_read_only (GuicheTx *self);
GuicheStatement *guiche_tx_prepare (GuicheTx *self, const char *sql, GError **error);

/* Call it when all that can be refused was checked, before the first change: the request then goes
 * without a savepoint of its own, which is a quarter of what a message costs. Should it fail all
 * the same, nothing is lost: the whole batch is undone and run again, each request in its
 * savepoint. No effect after a change. */
void guiche_tx_expect_success (GuicheTx *self);

/* Appends an event. @data is one JSON object, written once by the caller; @entity may be
 * NULL. */
gboolean guiche_tx_emit (GuicheTx *self,
                         const char *kind,
                         const char *audience,
                         const GuicheId *entity,
                         const char *data,
                         gsize data_length,
                         GError **error);

/* Appends a job due at @due_us (0: now). @key (nullable) is its idempotency key: while a
 * job of that kind and key exists, done or not, a second is not added (TRUE all the same).
 * @payload is one JSON object. */
gboolean guiche_tx_enqueue (GuicheTx *self,
                            const char *kind,
                            const char *key,
                            gint64 due_us,
                            const char *payload,
                            GError **error);
/* Removes a job that has not started; @out_cancelled (nullable) tells whether there was one. */
gboolean guiche_tx_cancel_job (GuicheTx *self,
                               const char *kind,
                               const char *key,
                               gboolean *out_cancelled,
                               GError **error);

/* Appends to the hash-chained audit log: what was done (`conversation.accept`) to what. */
gboolean guiche_tx_audit (GuicheTx *self,
                          const char *action,
                          const GuicheId *entity,
                          const char *detail_json,
                          GError **error);

/* Per-connection memory for a domain's caches on the writer (a row that the same batch
 * touches again): looked up by the address of @key, dropped when the batch rolls back.
 * (transfer none) (nullable) */
gpointer guiche_tx_get_cache (GuicheTx *self, gconstpointer key);
void guiche_tx_set_cache (GuicheTx *self,
                          gconstpointer key,
                          gpointer value,
                          GDestroyNotify destroy);

G_END_DECLS
