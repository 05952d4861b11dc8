/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store-private.h"

G_BEGIN_DECLS

/**
 * guiche_postgresql_watch_sql:
 * @tenants: (element-type GuicheTenant):
 *
 * The text of one query about @n companies from @first on: its rows are the company's place in
 * @tenants, its last event's seq, when its first waiting job is due (GUICHE_NO_JOB: none waits) and
 * whether a job's lease has run out. One round trip instead of one for each.
 *
 * Returns: (transfer full):
 */
char *guiche_postgresql_watch_sql (GPtrArray *tenants, guint first, guint n);

G_END_DECLS
