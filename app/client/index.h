/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/database.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  GUICHE_FOUND_CUSTOMER,
  GUICHE_FOUND_USER,
  GUICHE_FOUND_CONVERSATION,
  GUICHE_FOUND_MESSAGE
} GuicheFoundKind;

/* One thing that was found; which members are set depends on the kind. */
typedef struct {
  GuicheFoundKind kind;
  char *title;           /* (owned) (nullable) */
  char *text;            /* (owned) (nullable) */
  char *conversation_id; /* (owned) (nullable) */
  char *customer_id;     /* (owned) (nullable) */
  char *user_id;         /* (owned) (nullable) */
  gint64 at;
  gint64 seq;
} GuicheFound;

void guiche_found_free (GuicheFound *self);

/**
 * GuicheIndex:
 *
 * Searching the local history. `search.db` beside the cache holds the words of all messages (FTS5,
 * accents folded); a thread of its own fills it after the cache has changed, and it can be made
 * again at any time. Queries run on another thread; a new one interrupts the one before. Main
 * thread.
 */
typedef struct _GuicheIndex GuicheIndex;

GuicheIndex *guiche_index_open (const char *directory, GError **error);
void guiche_index_close (GuicheIndex *self);
/* The cache has changed: go on filling. */
void guiche_index_wake (GuicheIndex *self);
/* Waits until everything is filled; for tests and tools. */
void guiche_index_fill_sync (GuicheIndex *self);
void guiche_index_query_async (GuicheIndex *self,
                               const char *query,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *guiche_index_query_finish (GAsyncResult *result,
                                      GError **error); /* (element-type GuicheFound) */

/* index-store.c */
/* Whether the index belongs to the cache it is attached to: one that was fetched anew counts from
 * the beginning. */
gboolean guiche_index_store_is_ours (GuicheDatabase *search);
/* One step of filling, at most @limit texts; FALSE: nothing is left, or it failed. */
gboolean guiche_index_store_fill (GuicheDatabase *search, guint limit, GError **error);
/* @db: the cache with `search.db` attached as `search`. */
GPtrArray *guiche_index_store_query (GuicheDatabase *db, const char *query, GError **error);

G_END_DECLS
