/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/settings.h"
#include "store/event.h"
#include "store/tx.h"

G_BEGIN_DECLS

/**
 * GuicheStore:
 *
 * All tenants of one installation: `control.db` (tenants) and `tenants/<key>/guiche.db`,
 * each with one writer thread and a read pool, `files/` beside it. Owned by the main
 * loop's thread; the calls marked (any thread) may come from others.
 */
typedef struct _GuicheStore GuicheStore;

/**
 * GuicheTenant:
 *
 * One open tenant. Borrowed from the store, lives as long as it.
 */
typedef struct _GuicheTenant GuicheTenant;

typedef struct {
  GuicheClock *clock; /* (nullable): the system's */
  guint64 id_seed;    /* 0: random */
} GuicheStoreOptions;

/* Opens (and creates) @directory: migrates, with a backup before; refuses a newer database
 * untouched (GUICHE_ERROR_DATABASE_NEWER). @options (nullable). */
GuicheStore *guiche_store_open (const char *directory,
                                GuicheSettings *settings,
                                const GuicheStoreOptions *options,
                                GError **error);
/* Runs what was accepted, checkpoints, closes. */
void guiche_store_close (GuicheStore *self);
GuicheClock *guiche_store_clock (GuicheStore *self);
const char *guiche_store_directory (GuicheStore *self);
/* Where audit.key and token.key are: [node] keys, or the directory above. */
const char *guiche_store_keys_directory (GuicheStore *self);
/* To be called before a secret file of @length (at most 64) bytes in that directory is read. Of
 * several servers the first makes it and the others must have the same: GUICHE_ERROR_FORBIDDEN says
 * what to copy when it is missing or another. (thread main) */
gboolean guiche_store_ensure_key (GuicheStore *self,
                                  const char *name,
                                  gsize length,
                                  GError **error);
GuicheClock *guiche_store_clock (GuicheStore *self);
const char *guiche_store_directory (GuicheStore *self);
/* Where audit.key and token.key are: [node] keys, or the directory above. */
const char *guiche_store_keys_directory (GuicheStore *self);
/* To be called before a secret file of @length (at most 64) bytes in that directory is read. Of
 * several servers the first makes it and the others must have the same: GUICHE_ERROR_FORBIDDEN says
 * what to copy when it is missing or another. (thread main) */
gboolean guiche_store_ensure_key (GuicheStore *self,
                                  const char *name,
                                  gsize length,
                                  GError **error);
/* 32 bytes that the installation's servers have in common and nobody else can know. */
GBytes *guiche_store_derive_secret (GuicheStore *self, const char *purpose);
GuicheTenant *guiche_store_create_tenant (GuicheStore *self,
                                          const char *key,
                                          const char *name,
                                          GError **error);
GuicheTenant *guiche_store_find_tenant (GuicheStore *self, const char *key); /* (nullable) */
GPtrArray *guiche_store_list_tenants (
    GuicheStore *self); /* (transfer container) (element-type GuicheTenant) */
/* Takes up the companies that were made elsewhere since; a server does so by itself. Waits. (thread
 * main) */
gboolean guiche_store_load_news (GuicheStore *self, GError **error);
const char *guiche_tenant_key (GuicheTenant *self);
const char *guiche_tenant_name (GuicheTenant *self);
const char *guiche_tenant_directory (GuicheTenant *self);
GuicheStore *guiche_tenant_store (GuicheTenant *self);

/**
 * GuicheWork:
 * @run: (thread writer) or (thread reader): the synchronous domain call. On the writer it may be
 * run again from its beginning when what it did was undone, so it begins anew on @data
 * @done: (thread main): runs once the commit is durable (@error %NULL) or the request
 *   failed and was rolled back alone; owns @data and frees it
 *
 * Group commit: everything queued goes into one transaction, each request in its own
 * savepoint; one commit, one sync; then the batch's events reach the listeners and then
 * each @done runs, in order, from one wake-up of the main loop.
 */
typedef gboolean (*GuicheWorkRun) (GuicheTx *tx, gpointer data, GError **error);
typedef void (*GuicheWorkDone) (gpointer data, GError *error);

void guiche_tenant_write (GuicheTenant *self,
                          const GuicheActor *actor,
                          GuicheWorkRun run,
                          GuicheWorkDone done,
                          gpointer data); /* (any thread) */
void guiche_tenant_read (GuicheTenant *self,
                         const GuicheActor *actor,
                         GuicheWorkRun run,
                         GuicheWorkDone done,
                         gpointer data); /* (any thread) */

/**
 * GuicheTenantStats:
 *
 * What the write queue has done since the start.
 */
typedef struct {
  guint64 queued; /* waiting now */
  guint64 requests;
  guint64 commits;
  guint64 commit_us; /* all commits together */
  gint64 last_commit_us;
  guint64 round_trips; /* to a database at a server: how often its answers were waited for */
} GuicheTenantStats;

void guiche_tenant_get_stats (GuicheTenant *self, GuicheTenantStats *out_stats); /* (any thread) */

/* A node's connections to PostgreSQL, all companies together; with SQLite nothing. */
typedef struct {
  guint64 open;
  guint64 idle;    /* of those */
  guint64 waiting; /* work that waits for one */
  guint64 limit;
} GuichePoolStats;

void guiche_store_get_pool_stats (GuicheStore *self, GuichePoolStats *out_stats); /* (any thread) */

/* The same, waiting: for worker threads, job threads, tests and guichectl; never on the main
 * loop's thread of a server. */
gboolean guiche_tenant_write_sync (GuicheTenant *self,
                                   const GuicheActor *actor,
                                   GuicheWorkRun run,
                                   gpointer data,
                                   GError **error);
gboolean guiche_tenant_read_sync (GuicheTenant *self,
                                  const GuicheActor *actor,
                                  GuicheWorkRun run,
                                  gpointer data,
                                  GError **error);

/* Removes what is past its retention and files that belong to nothing, as happens by itself in
 * time. Waits. */
gboolean guiche_tenant_tidy (GuicheTenant *self, GError **error);
/* Checks the audit chain and its end against what was anchored beside the database. Waits.
 * GUICHE_ERROR_DATABASE_CORRUPT with detail `seq` where it breaks. */
gboolean guiche_tenant_verify_audit (GuicheTenant *self, gint64 *out_n_entries, GError **error);

/* (thread main): the events of one committed batch, in order, before any @done of it. */
typedef void (*GuicheEventsFunc) (GuicheTenant *tenant,
                                  GuicheEvent *const *events,
                                  gsize n_events,
                                  gpointer user_data);
void guiche_store_set_listener (GuicheStore *self, GuicheEventsFunc func, gpointer user_data);
/* Another one, called after that: for what keeps something live beside the streams. */
void guiche_store_add_listener (GuicheStore *self, GuicheEventsFunc func, gpointer user_data);
void guiche_store_remove_listener (GuicheStore *self, GuicheEventsFunc func, gpointer user_data);

/* Events since @since (exclusive) that @viewer may see (NULL: all), at most @limit.
 * GUICHE_ERROR_SNAPSHOT_REQUIRED when @since is older than what is kept (or newer than the
 * newest). @out_next: the seq up to which the caller is complete; @out_more: ask again. */
GPtrArray *guiche_events_read (GuicheTx *tx,
                               gint64 since,
                               gsize limit,
                               const GuicheViewer *viewer,
                               gint64 *out_next,
                               gboolean *out_more,
                               GError **error);               /* (element-type GuicheEvent) */
gint64 guiche_events_last_seq (GuicheTx *tx, GError **error); /* -1 on error */

G_END_DECLS
