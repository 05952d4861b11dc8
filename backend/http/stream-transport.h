/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/uio.h>

G_BEGIN_DECLS

/**
 * GuicheStreamTransport:
 *
 * The bytes under a stream. A plain socket is a bare descriptor for the hub's epoll; under
 * TLS the connection's own pollable streams stay, with a GSource each way.
 */
typedef struct _GuicheTlsTransport GuicheTlsTransport;

typedef struct {
  int fd;                  /* (owned): -1 under TLS or when closed */
  GuicheTlsTransport *tls; /* (owned) (nullable) */
  gpointer slot; /* (nullable): its place in the acceptor's limits, given back when closed */
} GuicheStreamTransport;

#define GUICHE_TRANSPORT_BLOCKED (-1)
#define GUICHE_TRANSPORT_BROKEN (-2)

/* Takes @stream (transfer full) over: for a plain socket its descriptor is kept and everything
 * else released; whatever had been read ahead of the caller is handed out in @out_ahead. FALSE:
 * the stream was already broken. */
gboolean guiche_stream_transport_open (GuicheStreamTransport *self,
                                       GIOStream *stream,
                                       GByteArray *out_ahead);
void guiche_stream_transport_close (GuicheStreamTransport *self);

/* Bytes moved, 0 at the end of the stream (reading only), or one of the two above. */
gssize guiche_stream_transport_read (GuicheStreamTransport *self, void *buffer, gsize length);
gssize guiche_stream_transport_write (GuicheStreamTransport *self,
                                      const struct iovec *vectors,
                                      guint n_vectors);

/* TLS only: calls @ready from @context when reading or, while @wants_write, writing may go on. */
typedef void (*GuicheTransportReady) (gpointer user_data);
void guiche_stream_transport_watch (GuicheStreamTransport *self,
                                    GMainContext *context,
                                    GuicheTransportReady ready,
                                    gpointer user_data);
void guiche_stream_transport_want_write (GuicheStreamTransport *self, gboolean wants_write);
void guiche_stream_transport_want_read (GuicheStreamTransport *self, gboolean wants_read);

G_END_DECLS
