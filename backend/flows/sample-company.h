/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define GUICHE_SAMPLE_TENANT "demo"
#define GUICHE_SAMPLE_NAME "Conecta Serra Internet"
#define GUICHE_SAMPLE_PASSWORD "guiche"
#define GUICHE_SAMPLE_SEED G_GUINT64_CONSTANT (20251120)

/**
 * The sample company: an internet provider with twelve colleagues, forty customers and half a year
 * of conversations that ends at @now_us. @seed and @now_us decide every word of it. It is made
 * through the domains' own functions in one transaction: after a crash it is there or not, never
 * half. Waits for the commit; not on a server's main loop.
 */
gboolean guiche_sample_company_make (GuicheTenant *tenant,
                                     guint64 seed,
                                     gint64 now_us,
                                     GError **error);

/* Finds the sample company in @store or makes it. (transfer none) */
GuicheTenant *guiche_sample_company_ensure (GuicheStore *store, GError **error);

G_END_DECLS
