/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/id.h"

G_BEGIN_DECLS

/* Of one message or value, in bytes; a larger one is not sent, and never heard. */
#define GUICHE_BUS_MAX_BYTES (64 * 1024)

/**
 * GuicheBus:
 *
 * Hints between the nodes of one installation, over Redis. It never promises: what is published
 * while Redis is away, slow or full of others' work is dropped and counted, and nobody waits for
 * it. Whoever needs the truth asks the database. Main thread only, on the thread-default main
 * context of guiche_bus_new(); neither a call nor a callback ever blocks.
 *
 * Everything carries who sent it and a keyed hash that only the installation's nodes can make, so
 * that others who reach Redis can neither speak for a node nor mix two installations up.
 */
typedef struct _GuicheBus GuicheBus;

/**
 * guiche_bus_new:
 * @url: `redis://user:password@host:port/database` or `unix:///path?db=database`; empty: a bus that
 *   is never connected
 * @secret: what the nodes of an installation share and nobody else knows; names in Redis and the
 *   hash of messages come from it
 *
 * Without a password in @url the file `bus.password` of $CREDENTIALS_DIRECTORY is used, if there is
 * one. Connects by itself, now and whenever the connection is lost: within a second after Redis is
 * back.
 *
 * Returns: (transfer full): or %NULL with GUICHE_ERROR_INVALID_REQUEST for a malformed @url; that
 *   Redis does not answer is no error.
 */
GuicheBus *guiche_bus_new (const char *url, GBytes *secret, GError **error);
/* Not from one of its callbacks. Pending answers are given as unknown before. */
void guiche_bus_free (GuicheBus *self);

gboolean guiche_bus_has_url (GuicheBus *self);
/* Redis answers, and hears every subscription: a message of another node that is not heard from
 * now on was not sent, or dropped by its sender. Notices a stopped Redis within about a second. */
gboolean guiche_bus_is_connected (GuicheBus *self);
/* Who this process is on the bus: random, another one at each start. */
const GuicheId *guiche_bus_origin (GuicheBus *self);

/**
 * GuicheBusStateFunc:
 *
 * The connection has come or gone. When it has come, messages may have been missed before: catch
 * up from the database.
 */
typedef void (*GuicheBusStateFunc) (GuicheBus *bus, gboolean is_connected, gpointer user_data);
void guiche_bus_watch (GuicheBus *self, GuicheBusStateFunc func, gpointer user_data);
void guiche_bus_unwatch (GuicheBus *self, GuicheBusStateFunc func, gpointer user_data);

/**
 * GuicheBusMessageFunc:
 * @origin: the process that published it, never this one
 * @channel: without the installation's prefix
 * @data: (not aligned): until the call returns; parse it strictly
 */
typedef void (*GuicheBusMessageFunc) (GuicheBus *bus,
                                      const GuicheId *origin,
                                      const char *channel,
                                      const guint8 *data,
                                      gsize length,
                                      gpointer user_data);
typedef struct _GuicheBusSubscription GuicheBusSubscription;

/* @name: a channel, or with a final `*` all that begin so: `wake:*`. Best once, at the start: only
 * guiche_bus_is_connected() after a reconnection includes that it is heard. (transfer none) */
GuicheBusSubscription *guiche_bus_subscribe (GuicheBus *self,
                                             const char *name,
                                             GuicheBusMessageFunc func,
                                             gpointer user_data);
/* Also from its own callback. */
void guiche_bus_unsubscribe (GuicheBus *self, GuicheBusSubscription *subscription);

/* To all other nodes that hear @channel. %FALSE: dropped. Messages of one node arrive in order. */
gboolean guiche_bus_publish (GuicheBus *self,
                             const char *channel,
                             gconstpointer data,
                             gsize length);

/**
 * GuicheBusCountFunc:
 * @is_known: %FALSE: Redis did not answer; @by may or may not have been added
 */
typedef void (*GuicheBusCountFunc) (gboolean is_known, gint64 total, gpointer user_data);

/* Adds @by to the counter @key, which is forgotten @ttl_ms after its last use. @func is called
 * exactly once, later; %FALSE: nothing was sent and @func will not be called. */
gboolean guiche_bus_count (GuicheBus *self,
                           const char *key,
                           gint64 by,
                           guint ttl_ms,
                           GuicheBusCountFunc func,
                           gpointer user_data);

/* @data is %NULL when there is none, it was forged, or Redis did not answer. */
typedef void (*GuicheBusValueFunc) (const guint8 *data, gsize length, gpointer user_data);

/* A value that is forgotten after @ttl_ms. %FALSE: dropped. */
gboolean guiche_bus_put (GuicheBus *self,
                         const char *key,
                         gconstpointer data,
                         gsize length,
                         guint ttl_ms);
/* As guiche_bus_count(). */
gboolean guiche_bus_get (GuicheBus *self,
                         const char *key,
                         GuicheBusValueFunc func,
                         gpointer user_data);

/* Since the start. */
typedef struct {
  guint64 published;
  guint64 dropped; /* not sent: away, too large, or more waiting than Redis takes */
  guint64 received;
  guint64 refused; /* heard, but not of this installation, or malformed */
  guint64 connects;
  guint64 losses;
} GuicheBusStats;

void guiche_bus_get_stats (GuicheBus *self, GuicheBusStats *out_stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheBus, guiche_bus_free)

G_END_DECLS
