/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus.h"
#include "http/server.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * GuicheHub:
 *
 * The live streams of every tenant: takes a WebSocket over from libsoup, replays what it
 * missed, then writes committed events to all who may see them, each framed once and
 * shared by reference. Plain sockets are served from one epoll descriptor attached as one
 * GSource. Created and owned by the server; main thread only.
 */
typedef struct _GuicheHub GuicheHub;

/**
 * GuicheHubPeer:
 *
 * Who opens a stream: what the caller has authenticated. Plain value, copied by the hub.
 */
typedef struct {
  GuicheTenant *tenant;
  GuicheViewer *viewer; /* (transfer none): role, user and what may be seen */
  GuicheId subject;     /* the user, or the customer for a visitor */
  GuicheId session_id;  /* closed with 4401 when it is revoked */
  gint64 expires_at_us; /* of the access token: closed with 4401 then; 0: never */
  gint64 since;         /* last event the client has; negative: from now on */
  const char *address;  /* (nullable): for the actor of durable operations */
} GuicheHubPeer;

/* @settings and @hooks are borrowed for the hub's life. Attaches to the thread-default main
 * context. */
GuicheHub *guiche_hub_new (GuicheStore *store,
                           GuicheSettings *settings,
                           const GuicheServerHooks *hooks);
/* Drops what is still open; call guiche_hub_shutdown() before to part in order. */
void guiche_hub_free (GuicheHub *self);

/* From now on, once: presence, typing and who looks at what are told to and heard from the hubs of
 * other nodes. @bus is borrowed for the hub's life. */
void guiche_hub_set_bus (GuicheHub *self, GuicheBus *bus);

/* @ops: an array ended by a row without name; @context is what guiche_request_context() gives. */
void guiche_hub_add_ops (GuicheHub *self, const GuicheStreamOp *ops, gpointer context);

/**
 * guiche_hub_adopt:
 *
 * Answers the opening handshake (RFC 6455, 4.2) of @message: checks it, sets 101, and takes
 * the connection over as soon as that is written. Call it from the route's handler or later,
 * before unpausing @message.
 *
 * Returns: %FALSE when it is refused; then @message has its status (400, 426, 429 or 503)
 *   and error body.
 */
gboolean guiche_hub_adopt (GuicheHub *self, SoupServerMessage *message, const GuicheHubPeer *peer);

/* The events of one committed batch, as the store's listener gets them. Nothing is written
 * before the main loop turns, so that acknowledgements of the same batch join the same write. */
void guiche_hub_publish (GuicheHub *self,
                         GuicheTenant *tenant,
                         GuicheEvent *const *events,
                         gsize n_events);

/* Sends an ephemeral frame to the live streams of @tenant that match @audience. */
void guiche_hub_broadcast (GuicheHub *self,
                           GuicheTenant *tenant,
                           const char *audience,
                           const char *json);

/* What @user_id may see has changed: its streams load their viewer anew and go on from the table.
 * Committed `access.changed` events do this by themselves. */
void guiche_hub_viewer_changed (GuicheHub *self, GuicheTenant *tenant, const GuicheId *user_id);

/* Closes the streams of a revoked session with 4401. Without this call they end within
 * five seconds, when the hub asks `session_is_valid` again. */
void guiche_hub_close_session (GuicheHub *self, GuicheTenant *tenant, const GuicheId *session_id);

/* Refuses new streams; tells every open one to come back elsewhere
 * (`{"op":"reconnect","after_ms"}`, 1012), spread over two seconds and once its operations are
 * answered; then calls @done. */
void guiche_hub_drain (GuicheHub *self, void (*done) (gpointer), gpointer user_data);

/* Closes every stream with 1001, refuses new ones, and calls @done once all have parted or
 * a second has passed. */
void guiche_hub_shutdown (GuicheHub *self, void (*done) (gpointer), gpointer user_data);

/* For /metrics. Gauges first, then counters since the start. */
typedef struct {
  guint64 streams;           /* open now */
  guint64 streams_replaying; /* of those, reading from the table or paused */
  guint64 queued_bytes;      /* waiting for slow clients */
  guint64 opened;
  guint64 refused;
  guint64 closed_slow;      /* 4408 */
  guint64 closed_protocol;  /* 1002, 1003, 1007, 1008, 1009 */
  guint64 closed_dead;      /* no pong */
  guint64 events_published; /* also those that other nodes committed */
  guint64 frames_sent;
  guint64 bytes_sent;
  guint64 writes; /* system calls: frames_sent / writes is the coalescing */
  guint64 replay_pages;
  guint64 ops_durable;
  guint64 ops_ephemeral;
  guint64 ops_refused;
} GuicheHubStats;

void guiche_hub_get_stats (GuicheHub *self, GuicheHubStats *out_stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheHub, guiche_hub_free)

G_END_DECLS
