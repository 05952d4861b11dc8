/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/catch-up.h"

G_BEGIN_DECLS

/* What one node says to the others after a commit. */
typedef struct {
  char *tenant; /* (owned): the company's key */
  gint64 last_seq;
  gint64 job_due_us; /* GUICHE_NO_JOB: none */
  GPtrArray *events; /* (owned) (nullable) (element-type GuicheEvent): NULL: read the table */
} GuicheWakeMessage;

/* (any thread) */
GBytes *guiche_wake_message_encode (const char *tenant, const GuicheCommit *commit);
/* FALSE when it is not one. */
gboolean guiche_wake_message_decode (GuicheWakeMessage *self, const guint8 *message, gsize length);
void guiche_wake_message_clear (GuicheWakeMessage *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheWakeMessage, guiche_wake_message_clear)

G_END_DECLS
