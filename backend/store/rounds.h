/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/**
 * GuicheRounds:
 *
 * The thread that goes round the companies now and then and removes what is kept no longer; of
 * several nodes one does it.
 */
typedef struct _GuicheRounds GuicheRounds;

GuicheRounds *guiche_rounds_new (GuicheStore *store);
/* Waits for the company that it is at. (nullable) */
void guiche_rounds_free (GuicheRounds *self);

G_END_DECLS
