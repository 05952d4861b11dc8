/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus.h"
#include "http/route.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * GuicheLimits:
 *
 * Token buckets by tenant and by address for each rate class. In memory, bounded, main
 * thread only. Decides at once from what it knows; with a bus it is told within a moment what was
 * spent at other nodes and charges that too, so that who spreads over nodes gets about the limit of
 * one. Without the bus each node limits alone.
 */
typedef struct _GuicheLimits GuicheLimits;

/* 16 bytes of an address: IPv4 mapped into IPv6, IPv6 cut to its /64. */
typedef struct {
  guint8 bytes[16];
} GuicheAddressKey;

GuicheLimits *guiche_limits_new (gboolean is_enabled);
void guiche_limits_free (GuicheLimits *self);

/* Before the first use, at most once. @clock gives the wall time that nodes share. Both are
 * borrowed for the life of @self. */
void guiche_limits_set_bus (GuicheLimits *self, GuicheBus *bus, GuicheClock *clock);
/* Tells the other nodes what was spent here, and asks what was spent there. Happens by itself
 * several times a second, and sooner for who spends fast. */
void guiche_limits_share (GuicheLimits *self);

void guiche_address_key_set (GuicheAddressKey *key, GInetAddress *address);

/* Takes one from the buckets of @tenant (nullable) and @address. When one is empty nothing
 * is taken: FALSE, GUICHE_ERROR_RATE_LIMITED with detail `retry_after_s`. */
gboolean guiche_limits_take (GuicheLimits *self,
                             GuicheTenant *tenant,
                             const GuicheAddressKey *address,
                             GuicheRateClass rate,
                             gint64 now_us,
                             GError **error);

G_END_DECLS
