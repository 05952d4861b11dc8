/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/message.h"
#include "protocol/personal.h"
#include "store/jobs.h"

G_BEGIN_DECLS

#define GUICHE_JOB_SEND_LATER "message.send-later"

/* Messages that the server sends later for a colleague, the actor of @tx; text and notes only. A
 * job sends each exactly once, with its client_id; one that may not be sent then (closed, no longer
 * seen) comes back to its author as a draft. */

/* A repeated client_id gives what is there. Emits `scheduled.updated`. */
gboolean guiche_scheduled_create (GuicheTx *tx,
                                  const GuicheId *conversation_id,
                                  const GuicheMessageRequest *request,
                                  gint64 send_at_us,
                                  GuicheScheduledMessageRecord *out,
                                  gboolean *out_is_new,
                                  GError **error);
/* GUICHE_ERROR_NOT_FOUND for what is not the actor's, or was sent. Emits `scheduled.removed`. */
gboolean guiche_scheduled_cancel (GuicheTx *tx, const GuicheId *id, GError **error);
/* (element-type GuicheScheduledMessageRecord), by time. */
GPtrArray *guiche_scheduled_list (GuicheTx *tx, const GuicheId *user_id, GError **error);
/* The job. */
gboolean guiche_scheduled_send (GuicheTx *tx, const GuicheId *id, GError **error);

/* The kinds of jobs of this room, ended by a row without kind. */
const GuicheJobKind *guiche_desk_job_kinds (void);

G_END_DECLS
