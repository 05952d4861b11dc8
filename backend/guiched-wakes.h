/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus.h"
#include "store/store.h"

G_BEGIN_DECLS

/**
 * GuichedWakes:
 *
 * Carries between store and bus what nodes say to each other after their commits. Main thread only;
 * both outlive it.
 */
typedef struct _GuichedWakes GuichedWakes;

GuichedWakes *guiched_wakes_new (GuicheStore *store, GuicheBus *bus);
void guiched_wakes_free (GuichedWakes *self); /* (nullable) */

G_END_DECLS
