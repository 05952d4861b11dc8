/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus-url.h"

#include <hiredis.h>

G_BEGIN_DECLS

/**
 * GuicheBusLink:
 *
 * Private to the room: one connection to Redis that comes back by itself. Speaks the protocol with
 * hiredis' reader and formatter on a socket of its own, because hiredis' asynchronous context
 * resolves names while everybody waits, knows no time-outs, bounds nothing, and ends the process
 * when a reply is not what it expected.
 */
typedef struct _GuicheBusLink GuicheBusLink;

typedef struct {
  void (*ready) (gpointer user_data); /* greeted: commands are taken */
  void (*lost) (gpointer user_data);  /* was ready */
  /* (nullable): what comes without being asked for; without it that is a violation. FALSE: not
   * understood, the connection ends. */
  gboolean (*pushed) (const redisReply *reply, gpointer user_data);
} GuicheBusLinkEvents;

/* @reply is %NULL when the connection went before the answer. */
typedef void (*GuicheBusReplyFunc) (const redisReply *reply, gpointer user_data);

/* @url is borrowed for the link's life. Connects at once. */
GuicheBusLink *guiche_bus_link_new (const GuicheBusUrl *url,
                                    const char *purpose,
                                    const GuicheBusLinkEvents *events,
                                    gpointer user_data);
void guiche_bus_link_free (GuicheBusLink *self);
gboolean guiche_bus_link_is_ready (GuicheBusLink *self);

/* Whether a command of about @n_bytes would be taken now. */
gboolean guiche_bus_link_has_room (GuicheBusLink *self, gsize n_bytes);
/* Sent with everything else of this turn of the main loop; needs guiche_bus_link_has_room(). @func
 * (nullable) is called exactly once with the answer; on a link where answers are pushed, never. */
void guiche_bus_link_send (GuicheBusLink *self,
                           int n_words,
                           const char **words,
                           const gsize *lengths,
                           GuicheBusReplyFunc func,
                           gpointer user_data);

G_END_DECLS
