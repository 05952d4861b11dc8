/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/jobs.h"

G_BEGIN_DECLS

/**
 * GuicheJobLeases:
 *
 * Keeps up the leases of the jobs that this node is performing: one thread, which renews each at a
 * third of its time.
 */
typedef struct _GuicheJobLeases GuicheJobLeases;

GuicheJobLeases *guiche_job_leases_new (gint64 lease_us);
void guiche_job_leases_free (GuicheJobLeases *self);
/* Until this, leases are noted and not renewed. */
void guiche_job_leases_start (GuicheJobLeases *self);

G_END_DECLS
