/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/settings.h"
#include "http/connection.h"
#include "http/rate-limits.h"

G_BEGIN_DECLS

/**
 * GuichePeer:
 *
 * An accepted connection and who is at its other end. Reference-counted, main thread only.
 */
typedef struct {
  grefcount refs;
  GuicheConnection *connection; /* (owned): also after it was closed or taken */
  GSocketAddress *remote;       /* (owned): unique for the connection, libsoup hands it back */
  char *address;                /* (owned) */
  GuicheAddressKey key;
  gboolean is_proxy; /* believed about X-Forwarded-For */
  gpointer server;   /* set by who accepts */
  gpointer exchange; /* (nullable): the request being served */
} GuichePeer;

GuichePeer *guiche_peer_ref (GuichePeer *self);
void guiche_peer_unref (GuichePeer *self);

/**
 * GuicheAcceptor:
 *
 * The front door: own listening sockets, caps by address and in total, TLS, time-outs, and no
 * spinning when descriptors run out. Accepted connections are handed to @accepted.
 */
typedef struct _GuicheAcceptor GuicheAcceptor;
typedef void (*GuicheAccepted) (GuichePeer *peer, gpointer user_data);

GuicheAcceptor *guiche_acceptor_new (GuicheSettings *settings,
                                     GuicheAccepted accepted,
                                     gpointer user_data);
void guiche_acceptor_free (GuicheAcceptor *self);

typedef struct {
  const char *certificate; /* "": plain HTTP */
  const char *key;
} GuicheTlsFiles;

/* Refuses an address beyond loopback without a proxy, and a TLS certificate it cannot use. */
gboolean guiche_acceptor_listen (GuicheAcceptor *self, const GuicheTlsFiles *tls, GError **error);
void guiche_acceptor_stop (GuicheAcceptor *self); /* no new ones; idle ones are closed */
/* Ends every connection, handshakes included. */
void guiche_acceptor_abort (GuicheAcceptor *self);
guint guiche_acceptor_port (GuicheAcceptor *self);
gboolean guiche_acceptor_is_tls (GuicheAcceptor *self);
gboolean guiche_acceptor_is_loopback (GuicheAcceptor *self);
GuichePeer *guiche_acceptor_find (GuicheAcceptor *self, GSocketAddress *remote);
/* The hub has taken the connection over: only its place in the limits is kept. */
void guiche_acceptor_forget_taken (GuicheAcceptor *self, GSocketAddress *remote);

typedef struct {
  guint connections; /* open, streams included */
  guint64 accepted;
  guint64 refused;   /* by a cap */
  guint64 exhausted; /* times without a descriptor */
} GuicheAcceptorStats;

void guiche_acceptor_get_stats (GuicheAcceptor *self, GuicheAcceptorStats *out_stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuichePeer, guiche_peer_unref)

G_END_DECLS
