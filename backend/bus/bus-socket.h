/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <hiredis.h>

G_BEGIN_DECLS

/**
 * GuicheBusSocket:
 *
 * Private to the room: the bytes of one open connection and the replies in them. What waits to be
 * sent and what is being received are bounded. Main thread only.
 */
typedef struct _GuicheBusSocket GuicheBusSocket;

typedef struct {
  /* (nullable) @problem set: the connection cannot go on. */
  gboolean (*reply) (const redisReply *reply, gpointer user_data, const char **out_problem);
  /* The last call: free the socket in it, or soon after. */
  void (*failed) (const char *why, gpointer user_data);
} GuicheBusSocketEvents;

/* Takes @connection. */
GuicheBusSocket *guiche_bus_socket_new (GSocketConnection *connection,
                                        const GuicheBusSocketEvents *events,
                                        gpointer user_data);
void guiche_bus_socket_free (GuicheBusSocket *self);
gboolean guiche_bus_socket_has_room (GuicheBusSocket *self, gsize n_bytes);
void guiche_bus_socket_append (GuicheBusSocket *self,
                               int n_words,
                               const char **words,
                               const gsize *lengths);
/* Takes what has arrived, as the main loop does by itself; may end in @failed. */
void guiche_bus_socket_read (GuicheBusSocket *self);

G_END_DECLS
