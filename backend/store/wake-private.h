/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/store.h"
#include "store/wake.h"

G_BEGIN_DECLS

/**
 * GuicheWakes:
 *
 * What this node says to the others after its commits, and what it hears of theirs. The store's.
 */
typedef struct _GuicheWakes GuicheWakes;

GuicheWakes *guiche_wakes_new (GuicheStore *store, GMainContext *context);
/* Nothing is committed any more. */
void guiche_wakes_free (GuicheWakes *self);
/* A company was made here: the others take it up. */
void guiche_wakes_tell_made (GuicheWakes *self, const char *tenant);
/* (any thread): this node hears the others and is heard. */
gboolean guiche_wakes_do_arrive (GuicheWakes *self);
/* (thread node): the same of all others, as they say themselves. */
void guiche_wakes_set_others_arrive (GuicheWakes *self, gboolean do_arrive);
gboolean guiche_wakes_are_complete (GuicheWakes *self); /* both (any thread) */
/* (thread watch): the database says that @tenant's last event is @seq. */
void guiche_wakes_found (GuicheWakes *self, GuicheTenant *tenant, gint64 seq);
void guiche_wakes_count_asked (GuicheWakes *self, gint64 took_us);

/**
 * GuicheWatch:
 *
 * The thread that asks the database about all companies now and then: new ones, what other nodes
 * committed without being heard, and jobs that nobody would look for otherwise.
 */
typedef struct _GuicheWatch GuicheWatch;

GuicheWatch *guiche_watch_new (GuicheStore *store);
void guiche_watch_free (GuicheWatch *self); /* (nullable) */
/* (any thread): asks at once. */
void guiche_watch_hurry (GuicheWatch *self);
/* (any thread): the same, and waits a moment for it, unless that was done just now. */
void guiche_watch_look (GuicheWatch *self);

G_END_DECLS
