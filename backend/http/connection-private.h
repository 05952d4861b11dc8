/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/connection.h"

G_BEGIN_DECLS

typedef enum {
  GUICHE_PHASE_HEAD,   /* collecting a head, or idle */
  GUICHE_PHASE_BODY,   /* handing over @body_left bytes */
  GUICHE_PHASE_CHUNKS, /* handing over whatever comes: the connection closes after the reply */
  GUICHE_PHASE_DONE    /* the request is complete, its reply is not */
} GuichePhase;

struct _GuicheConnection {
  GIOStream parent_instance;

  GuichePoller *poller;
  const GuicheTimeouts *timeouts;
  GSocket *socket; /* (owned) (nullable): until closed or taken */
  GIOStream *tls;  /* (owned) (nullable) */
  int fd;
  GInputStream *input;   /* (owned) */
  GOutputStream *output; /* (owned) */
  GDestroyNotify gone;
  gpointer gone_data;

  GuichePhase phase;
  GuicheHead head;
  gint64 body_left;
  GuicheConnectionDirect direct; /* (nullable) */
  gpointer direct_data;
  GuicheConnectionSink sink; /* (nullable) */
  gpointer sink_data;
  GByteArray *forward; /* (owned): the head for libsoup */
  gsize forward_at;
  guint8 *in; /* (owned): the head, then what arrived behind it */
  gsize in_size, in_length, in_at;
  gsize whole_length; /* of a body that came with its head; 0: none */

  guint8 *out; /* (owned) */
  gsize out_size, out_length;
  GSource *tls_flush; /* (owned) (nullable): waiting to write TLS */

  gint64 deadline_us; /* monotonic; 0: none */
  gint64 write_deadline_us;
  gint64 body_started_us; /* monotonic */
  gint64 body_received;
  gint64 linger_left; /* bytes that are still thrown away */

  guint can_read : 1;
  guint can_write : 1;
  guint hung_up : 1; /* the peer has shut its side: read until the end */
  guint at_end : 1;
  guint has_failed : 1;
  guint is_refused : 1;
  guint is_handling : 1;
  guint closes_when_idle : 1;
  guint is_advancing : 1; /* a head is being read: no deeper */
  guint has_parted : 1;
  guint is_lingering : 1;
  guint is_closed : 1;
};

/* Shared by the halves of the connection; see each file. */
gssize guiche_connection_receive (GuicheConnection *self,
                                  void *buffer,
                                  gsize length); /* -1: would block; 0: end or failed */
gboolean guiche_connection_input_ready (GuicheConnection *self);
gssize guiche_connection_read (GuicheConnection *self, void *buffer, gsize length, GError **error);
gboolean guiche_connection_output_ready (GuicheConnection *self);
gssize guiche_connection_write (GuicheConnection *self,
                                const void *data,
                                gsize length,
                                GError **error);
void guiche_connection_flush (GuicheConnection *self);
void guiche_connection_on_ready (GuicheConnection *self,
                                 gboolean can_read,
                                 gboolean can_write,
                                 gboolean hung_up);

GInputStream *guiche_connection_input_new (GuicheConnection *self);
GOutputStream *guiche_connection_output_new (GuicheConnection *self);
void guiche_connection_streams_detach (GuicheConnection *self);

gboolean guiche_poller_add (GuichePoller *self, GuicheConnection *connection, int fd);
void guiche_poller_remove (GuichePoller *self, int fd);

G_END_DECLS
