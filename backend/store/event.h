/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/audience.h"

G_BEGIN_DECLS

/**
 * GuicheEvent:
 *
 * A committed event. Immutable and reference-counted across threads. @wire is the whole
 * JSON object as every client receives it, serialised once in the writer:
 * `{"seq":7,"at":1763622197000000,"kind":"message.created","data":{…}}`.
 */
typedef struct {
  gint64 seq; /* gap-free per tenant, in commit order, from 1 */
  gint64 at_us;
  char *kind;      /* (owned) */
  char *audience;  /* (owned): see GuicheAudience */
  GuicheId entity; /* the conversation, customer, … concerned; may be none */
  GBytes *wire;    /* (owned) */
} GuicheEvent;

GuicheEvent *guiche_event_ref (GuicheEvent *self);
void guiche_event_unref (GuicheEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheEvent, guiche_event_unref)

G_END_DECLS
