/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus.h"
#include "support/redis.h"

G_BEGIN_DECLS

/* A bus and what it has told so far. */
typedef struct {
  GuicheBus *bus;
  GString *heard; /* `channel=text|` of each message */
  GByteArray *last;
  GuicheId last_origin;
  guint n_heard;
  guint n_counted;
  gint64 total; /* the last one that was known */
  char *value;
  gboolean has_value;
} Peer;

Peer *peer_new (const char *url, const char *secret);
void peer_free (Peer *self);
void peer_on_message (GuicheBus *bus,
                      const GuicheId *origin,
                      const char *channel,
                      const guint8 *data,
                      gsize length,
                      gpointer user_data);
void peer_on_count (gboolean is_known, gint64 total, gpointer user_data);
/* All wait with the main loop running. */
void peer_wait_connected (Peer *self, gboolean is_connected);
void peer_wait_heard (Peer *self, guint n);
void peer_wait_counted (Peer *self, guint n);
void peer_wait_refused (Peer *self, guint64 n);
void peer_wait_losses (Peer *self, guint64 n);
const char *peer_get (Peer *self, const char *key); /* (nullable) */

/* Listens like Redis, says always the same, and counts who has left. */
typedef struct {
  GSocketService *service;
  const char *answer;
  guint16 port;
  guint n_left;
} Stranger;

Stranger *stranger_new (const char *answer);
void stranger_free (Stranger *self);
void stranger_wait_left (Stranger *self, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stranger, stranger_free)

G_END_DECLS
