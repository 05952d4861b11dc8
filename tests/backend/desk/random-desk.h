/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "support/desk.h"

G_BEGIN_DECLS

#define RANDOM_DESK_VISITORS 6

/**
 * RandomDesk:
 *
 * Anybody does anything, from a seed; what is refused is refused, nothing may fail otherwise.
 */
typedef struct {
  GuicheTestDesk *desk;
  GRand *random;
  GuicheTestPerson visitors[RANDOM_DESK_VISITORS];
  guint n_visitors;
  GPtrArray *messages;  /* `…/messages/<id>` of what colleagues wrote */
  GPtrArray *replies;   /* `/api/v1/canned-replies/<id>` */
  GPtrArray *scheduled; /* `/api/v1/scheduled/<id>` */
  GPtrArray *channels;  /* conversation ids */
  guint n_done, n_refused;
} RandomDesk;

void random_desk_init (RandomDesk *self, GuicheTestDesk *desk, guint32 seed);
void random_desk_clear (RandomDesk *self);
/* Returns what was done, for a message. */
const char *random_desk_step (RandomDesk *self);

G_END_DECLS
