/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/stream-transport.h"

G_BEGIN_DECLS

/* Private to stream-transport.c: a stream under TLS. */
GuicheTlsTransport *guiche_tls_transport_new (GIOStream *stream); /* (transfer full) */
void guiche_tls_transport_free (GuicheTlsTransport *self);
gssize guiche_tls_transport_read (GuicheTlsTransport *self, void *buffer, gsize length);
gssize guiche_tls_transport_write (GuicheTlsTransport *self,
                                   const struct iovec *vectors,
                                   guint n_vectors);
void guiche_tls_transport_watch (GuicheTlsTransport *self,
                                 GMainContext *context,
                                 GuicheTransportReady ready,
                                 gpointer user_data);
void guiche_tls_transport_want_write (GuicheTlsTransport *self, gboolean wants_write);
void guiche_tls_transport_want_read (GuicheTlsTransport *self, gboolean wants_read);

G_END_DECLS
