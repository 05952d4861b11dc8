/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/session.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  GUICHE_STREAM_DOWN, /* waiting to try again */
  GUICHE_STREAM_CONNECTING,
  GUICHE_STREAM_REPLAYING, /* open; what was missed is coming */
  GUICHE_STREAM_LIVE       /* `ready` was seen */
} GuicheStreamState;

/**
 * GuicheStream:
 *
 * The WebSocket to `/api/v1/stream`: kept open, watched with pings, opened again with full-jitter
 * back-off (0.5 to 30 s), when the server said to, and at once when the network comes back. Main
 * thread.
 *
 * Signals: `state-changed` (); `event` (GBytes): one event, as it came; `op` (JsonObject): anything
 * else; `snapshot-required` (): stays down until guiche_stream_start() is called again.
 */
#define GUICHE_TYPE_STREAM (guiche_stream_get_type ())
G_DECLARE_FINAL_TYPE (GuicheStream, guiche_stream, GUICHE, STREAM, GObject)

GuicheStream *guiche_stream_new (GuicheSession *session);
/* @since is asked for with each connection: what the cache holds. */
typedef gint64 (*GuicheStreamSince) (gpointer user_data);
void guiche_stream_set_since (GuicheStream *self, GuicheStreamSince since, gpointer user_data);
void guiche_stream_start (GuicheStream *self);
void guiche_stream_stop (GuicheStream *self);
/* Tries now instead of when the back-off ends. */
void guiche_stream_retry_now (GuicheStream *self);
GuicheStreamState guiche_stream_get_state (GuicheStream *self);
/* The server has asked to come back at another node, and that takes no longer than usual so far:
 * nothing to tell a person. */
gboolean guiche_stream_is_moving (GuicheStream *self);
const char *guiche_stream_get_problem (GuicheStream *self); /* (nullable): why it is down */
/* FALSE when it is not open. */
gboolean guiche_stream_send (GuicheStream *self, const char *text);

G_END_DECLS
