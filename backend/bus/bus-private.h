/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus-frame.h"
#include "bus/bus-link.h"
#include "bus/bus.h"

G_BEGIN_DECLS

/* Redis speaks in two ways: a connection that hears channels takes no other commands. */
struct _GuicheBus {
  GuicheBusUrl url;
  GuicheBusSeal seal;
  GuicheBusLink *commands; /* (owned) (nullable): without a url */
  GuicheBusLink *hearing;  /* (owned) (nullable) */
  gboolean is_connected;
  GPtrArray *subscriptions; /* (owned) (element-type GuicheBusSubscription) */
  guint n_unconfirmed;      /* names asked for after connecting, not yet heard */
  guint n_calls;            /* messages being handed over: nothing is freed */
  GArray *watches;          /* (owned) */
  GByteArray *frame;        /* (owned): scratch */
  GuicheBusStats stats;
};

/* bus.c */
void guiche_bus_update_state (GuicheBus *self);

/* bus-channels.c: what is published and heard */
void guiche_bus_subscribe_all (GuicheBus *self);
void guiche_bus_free_subscriptions (GuicheBus *self);
/* FALSE: not what Redis says on such a connection. */
gboolean guiche_bus_hear (GuicheBus *self, const redisReply *reply);

G_END_DECLS
