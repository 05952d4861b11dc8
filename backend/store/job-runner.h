/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/jobs.h"
#include "store/store-private.h"

G_BEGIN_DECLS

GuicheJobRunner *guiche_job_runner_new (GuicheStore *store);
/* Waits for the jobs that are being performed; nothing new is begun. */
void guiche_job_runner_stop (GuicheJobRunner *self);
void guiche_job_runner_free (GuicheJobRunner *self);
void guiche_job_runner_add_kind (GuicheJobRunner *self, const GuicheJobKind *kind);
void guiche_job_runner_start (GuicheJobRunner *self, guint n_threads);
/* (any thread) */
void guiche_job_runner_note (GuicheJobRunner *self, GuicheTenant *tenant, gint64 due_us);
/* (any thread) */
void guiche_job_runner_get_stats (GuicheJobRunner *self, GuicheJobStats *out_stats);
gboolean guiche_job_runner_run_due (GuicheJobRunner *self,
                                    GuicheTenant *tenant,
                                    guint *out_run,
                                    GError **error);

G_END_DECLS
