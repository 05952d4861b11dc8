/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/rate-limits.h"

G_BEGIN_DECLS

typedef struct {
  double burst;
  double per_second;
} GuicheRate;

typedef struct {
  double level;  /* what is left; negative: other nodes gave more than there was */
  gint64 at_us;  /* monotonic: when that was true; 0: never used, full */
  gint64 window; /* in which it was last shared: see rate-shares.c */
  guint32 unsaid;
  guint32 own;    /* said in this window, and answered */
  guint32 others; /* charged in this window */
} GuicheBucket;

typedef struct {
  GuicheAddressKey key;
  GuicheTenant *tenant; /* (nullable): of an address */
  GuicheBucket buckets[GUICHE_RATE_NONE];
} GuicheAccount;

typedef struct _GuicheRateShares GuicheRateShares;

struct _GuicheLimits {
  gboolean is_enabled;
  GHashTable *tenants;      /* (owned): GuicheTenant* → GuicheAccount */
  GHashTable *addresses;    /* (owned): GuicheAddressKey* → GuicheAccount */
  GuicheRateShares *shares; /* (owned) (nullable): alone */
};

const GuicheRate *guiche_rate_of (const GuicheAccount *account, GuicheRateClass rate);

/* rate-shares.c; nothing happens for a NULL @self */
void guiche_rate_shares_free (GuicheRateShares *self);
/* One was taken. */
void guiche_rate_shares_note (GuicheRateShares *self, GuicheAccount *account, GuicheRateClass rate);

G_END_DECLS
