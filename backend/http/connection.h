/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/gate.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * GuicheConnection:
 *
 * One accepted connection, as a GIOStream that libsoup reads and writes. Between socket and
 * libsoup it keeps the gate (see gate.h), hands over one request at a time, gathers what
 * libsoup writes in small pieces into one send, holds the deadlines of a slow client, and
 * can be taken over by the hub. Plain sockets share one epoll descriptor (GuichePoller).
 * Main thread only.
 */
#define GUICHE_TYPE_CONNECTION (guiche_connection_get_type ())
G_DECLARE_FINAL_TYPE (GuicheConnection, guiche_connection, GUICHE, CONNECTION, GIOStream)

typedef struct _GuichePoller GuichePoller;

typedef struct {
  gint64 head_us;  /* from the first byte to the end of the head */
  gint64 body_us;  /* without a byte of the body */
  gint64 idle_us;  /* between requests */
  gint64 write_us; /* without the client taking a byte */
} GuicheTimeouts;

/* @socket: (transfer full): non-blocking. @tls (nullable) (transfer full): its connection
 * after the handshake. @timeouts: borrowed for the connection's life. */
GuicheConnection *guiche_connection_new (GuichePoller *poller,
                                         GSocket *socket,
                                         GIOStream *tls,
                                         const GuicheTimeouts *timeouts);

/* Runs when the connection has really gone (socket closed, here or in the hub). */
void guiche_connection_set_gone (GuicheConnection *self, GDestroyNotify gone, gpointer user_data);

/* The request being served; valid from the moment libsoup has its head until
 * guiche_connection_request_done(). Header values are borrowed, not NUL-terminated. */
const GuicheHead *guiche_connection_head (GuicheConnection *self);
const char *guiche_connection_slice (GuicheConnection *self, GuicheSlice slice);
const char *guiche_connection_header (GuicheConnection *self,
                                      GuicheHeader header,
                                      gsize *out_length);
gboolean guiche_connection_is_tls (GuicheConnection *self);
GSocket *guiche_connection_socket (GuicheConnection *self);

/* The reply has been written: the next head may be read. */
void guiche_connection_request_done (GuicheConnection *self);
/**
 * GuicheConnectionDirect:
 *
 * Is offered a plain request that changes something (not GET, HEAD or OPTIONS) when it has come
 * whole. %TRUE: it is answered with guiche_connection_answer(), now or later, and libsoup never
 * hears of it. %FALSE: libsoup gets it.
 */
typedef gboolean (*GuicheConnectionDirect) (gpointer user_data);
void guiche_connection_set_direct (GuicheConnection *self,
                                   GuicheConnectionDirect direct,
                                   gpointer user_data);
/* Sends the reply (head with its empty line, then body) and is ready for the next request, which
 * guiche_connection_next() begins if it is there already. */
void guiche_connection_answer (GuicheConnection *self,
                               const GString *head,
                               const void *body,
                               gsize length);
void guiche_connection_next (GuicheConnection *self);

/* The body, when all of it came together with the head: then libsoup sees none. %NULL: it has none,
 * or it comes through @sink or libsoup. Borrowed until the request is done. */
const char *guiche_connection_whole_body (GuicheConnection *self, gsize *out_length);
/* Also hands the bytes of a body of known length to @sink as they arrive (not those in chunks,
 * whose framing is libsoup's to read); until the request is done. */
typedef void (*GuicheConnectionSink) (gpointer user_data, const void *data, gsize length);
void guiche_connection_set_sink (GuicheConnection *self,
                                 GuicheConnectionSink sink,
                                 gpointer user_data);
/* While a handler works no deadline runs. */
void guiche_connection_set_handling (GuicheConnection *self, gboolean is_handling);

/**
 * guiche_connection_refuse:
 *
 * Answers past libsoup and closes, without waiting for the rest of the request: the reply is
 * written, the sending side shut, and what still arrives is thrown away for at most two
 * seconds, so that the client can read it.
 */
void guiche_connection_refuse (GuicheConnection *self,
                               guint status,
                               const char *code,
                               const char *message);

/* Ends it here and now: the next read or write of libsoup fails. */
void guiche_connection_abort (GuicheConnection *self);
/* Closes when idle (for shutting down); a request in progress is finished first. */
void guiche_connection_close_when_idle (GuicheConnection *self);
gboolean guiche_connection_is_idle (GuicheConnection *self);
/* Called every second by the acceptor: closes what is past its deadline. */
void guiche_connection_check_deadline (GuicheConnection *self, gint64 now_us);

/**
 * GuicheTakenConnection:
 *
 * What the hub gets of a stolen connection: everything written before has been sent or is in
 * @unsent; @unread has arrived but was not read. @socket is open and non-blocking and belongs
 * to the taker, who closes it and then calls guiche_connection_taken_closed(). For TLS, @tls
 * is the stream to go on with and owns the socket's life.
 */
typedef struct {
  GSocket *socket; /* (owned) */
  GIOStream *tls;  /* (owned) (nullable) */
  GBytes *unread;  /* (owned) (nullable) */
  GBytes *unsent;  /* (owned) (nullable) */
  gpointer slot;   /* for guiche_connection_taken_closed() */
} GuicheTakenConnection;

/* @stolen: what soup_server_message_steal_connection() returned (borrowed; unref it after).
 * FALSE when it is not one of ours. */
gboolean guiche_connection_take (GIOStream *stolen, GuicheTakenConnection *out_taken);
/* Gives back the place in the limits of its address. */
void guiche_connection_taken_closed (gpointer slot);

/* --- one epoll descriptor for all plain connections --------------------------------- */
GuichePoller *guiche_poller_new (void); /* attaches to the thread-default main context */
void guiche_poller_free (GuichePoller *self);

G_END_DECLS
