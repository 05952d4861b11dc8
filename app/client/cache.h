/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/changes.h"
#include "client/database.h"
#include "client/rows.h"
#include "client/worker.h"

G_BEGIN_DECLS

/**
 * GuicheCache:
 *
 * The local copy of what the user may see: `cache.db` in the profile's folder. One connection
 * on a worker thread writes (synchronous NORMAL: the server has it all, and the sync position is
 * committed with what it covers); one on the main thread reads. A cache that is damaged, or of
 * another version, is thrown away and fetched anew. Main thread.
 */
typedef struct _GuicheCache GuicheCache;

/* (transfer full) @changes; @error is set when nothing was changed. */
typedef void (*GuicheCacheDone) (GuicheChanges *changes, const GError *error, gpointer user_data);

GuicheCache *guiche_cache_open (const char *directory, GError **error);
/* Waits for what is queued. */
void guiche_cache_close (GuicheCache *self);
GuicheDatabase *guiche_cache_reader (GuicheCache *self);
GuicheWorker *guiche_cache_worker (GuicheCache *self);
const char *guiche_cache_directory (GuicheCache *self);
/* The last event applied; 0: a snapshot is needed first. */
gint64 guiche_cache_get_seq (GuicheCache *self);
/* Of the user whose cache this is; the none id before the first snapshot. */
GuicheId guiche_cache_get_me (GuicheCache *self);
gboolean guiche_cache_was_rebuilt (GuicheCache *self);
/* Throws a damaged cache away while it is open; what is queued runs before. Every other connection
 * to it must be closed. */
gboolean guiche_cache_rebuild (GuicheCache *self, GError **error);

typedef enum {
  GUICHE_CACHE_EVENTS, /* each text is one event */
  GUICHE_CACHE_FRESH_SNAPSHOT,
  GUICHE_CACHE_MORE_SNAPSHOT, /* after access.changed */
  GUICHE_CACHE_OWN_MESSAGE,   /* each text is a message that the server acknowledged */
  GUICHE_CACHE_HISTORY,       /* `{items:[message]}` */
  GUICHE_CACHE_CONVERSATIONS, /* `{items:[conversation]}` */
  GUICHE_CACHE_CONVERSATION,  /* one conversation */
  GUICHE_CACHE_CUSTOMER       /* one customer */
} GuicheCacheInput;

/* One transaction for all of @texts (element-type GBytes). */
void guiche_cache_apply (GuicheCache *self,
                         GuicheCacheInput input,
                         GPtrArray *texts,
                         GuicheCacheDone done,
                         gpointer user_data);
void guiche_cache_apply_one (GuicheCache *self,
                             GuicheCacheInput input,
                             GBytes *text,
                             GuicheCacheDone done,
                             gpointer user_data);
/* The same, waiting; for tests and tools that fill a cache. */
GuicheChanges *guiche_cache_apply_sync (GuicheCache *self,
                                        GuicheCacheInput input,
                                        GPtrArray *texts,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheCache, guiche_cache_close)

G_END_DECLS
