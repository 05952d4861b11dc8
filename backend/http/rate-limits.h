/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/route.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * GuicheLimits:
 *
 * Token buckets by tenant and by address for each rate class. In memory, bounded, main
 * thread only.
 */
typedef struct _GuicheLimits GuicheLimits;

/* 16 bytes of an address: IPv4 mapped into IPv6, IPv6 cut to its /64. */
typedef struct {
  guint8 bytes[16];
} GuicheAddressKey;

GuicheLimits *guiche_limits_new (gboolean is_enabled);
void guiche_limits_free (GuicheLimits *self);

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
