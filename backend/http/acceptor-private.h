/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/acceptor.h"

G_BEGIN_DECLS

struct _GuicheAcceptor {
  GuicheAccepted accepted;
  gpointer user_data;
  GSocket *socket;              /* (owned) (nullable) */
  GSource *source;              /* (owned) (nullable): accepting */
  GSource *pause;               /* (owned) (nullable): until descriptors may be free again */
  GSource *tick;                /* (owned) (nullable): deadlines, while there are connections */
  GuichePoller *poller;         /* (owned) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  GHashTable *peers;            /* (owned): GSocketAddress* → GuichePeer */
  GHashTable *by_address;       /* (owned): GuicheAddressKey* → count */
  GPtrArray *proxies;           /* (owned) (element-type GInetAddress) */
  GuicheTimeouts timeouts;
  char *listen;
  char *unix_path; /* (owned) (nullable) */
  guint port;
  guint max_connections, max_per_address;
  gboolean is_behind_proxy, is_loopback, is_stopping;
  guint n_connections;
  GPtrArray *handshakes; /* (owned) (element-type GCancellable) */
  GuicheAcceptorStats stats;
};

/* acceptor.c */
void guiche_acceptor_start (GuicheAcceptor *self);
/* @tls: (transfer full) (nullable) */
void guiche_acceptor_admit (GuicheAcceptor *self,
                            GuichePeer *peer,
                            GSocket *socket,
                            GIOStream *tls);
/* Gives back the place of a connection. */
void guiche_acceptor_release (GuicheAcceptor *self, GuichePeer *peer);

/* acceptor-handshake.c */
void guiche_acceptor_begin_handshake (GuicheAcceptor *self, GuichePeer *peer, GSocket *socket);

/* peer.c */
GuichePeer *guiche_peer_new (GuicheAcceptor *self, GSocket *socket);
void guiche_acceptor_read_proxies (GuicheAcceptor *self, GuicheSettings *settings);

G_END_DECLS
