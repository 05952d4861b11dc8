/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/session-private.h"
#include "client/stream.h"

G_BEGIN_DECLS

struct _GuicheStream {
  GObject parent_instance;
  GuicheSession *session;              /* (owned) */
  SoupWebsocketConnection *connection; /* (owned) (nullable) */
  SoupMessage *message;                /* (owned) (nullable): of the handshake */
  GCancellable *cancellable;           /* (owned) (nullable): of one attempt */
  GNetworkMonitor *monitor;            /* (owned) */
  char *problem;                       /* (owned) (nullable) */
  GuicheStreamSince since;
  gpointer since_data;
  gint64 heard_at; /* monotonic */
  guint back_off_ms, retry_timer, ping_timer;
  guint move_timer; /* while it is moving */
  GuicheStreamState state;
  gboolean is_wanted;
};

/* stream.c */
void guiche_stream_set_state (GuicheStream *self, GuicheStreamState state);
void guiche_stream_go_down (GuicheStream *self, const char *problem);
void guiche_stream_require_snapshot (GuicheStream *self);
/* Takes @connection. */
void guiche_stream_adopt (GuicheStream *self, SoupWebsocketConnection *connection);

/* stream-connect.c: one attempt */
void guiche_stream_connect_now (GuicheStream *self);
/* The token was refused: tries at once with the next one. */
void guiche_stream_refresh_token (GuicheStream *self);

G_END_DECLS
