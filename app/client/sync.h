/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/cache.h"
#include "client/session.h"
#include "client/stream.h"

G_BEGIN_DECLS

/**
 * GuicheSync:
 *
 * Keeps the cache equal to what the server lets the user see: a snapshot first, then the stream.
 * Events go to the cache's worker in batches (whatever came while the last batch was being written)
 * and are acknowledged after their commit. Main thread.
 *
 * Signals: `changes` (pointer to GuicheChanges, bool is-live): once per batch; `op` (JsonObject):
 * ephemeral frames and answers; `state-changed` (); `failed` (pointer to GError): the cache cannot
 * be written.
 */
#define GUICHE_TYPE_SYNC (guiche_sync_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSync, guiche_sync, GUICHE, SYNC, GObject)

GuicheSync *guiche_sync_new (GuicheSession *session, GuicheCache *cache);
void guiche_sync_start (GuicheSync *self);
void guiche_sync_stop (GuicheSync *self);
/* The cache is empty: begins with a snapshot again. */
void guiche_sync_start_over (GuicheSync *self);
void guiche_sync_retry_now (GuicheSync *self);
GuicheStream *guiche_sync_get_stream (GuicheSync *self);
/* Live, and what was replayed is in the cache. */
gboolean guiche_sync_is_online (GuicheSync *self);
/* Other texts for the cache (answers, pages of history): same order, same signal. */
void guiche_sync_apply (GuicheSync *self, GuicheCacheInput input, GBytes *text);

G_END_DECLS
