/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuicheClock:
 *
 * Where time comes from: microseconds since 1970 UTC, and a monotonic clock for
 * delays. Immutable for its users and safe on every thread; tests hold a fixed one
 * that they set and advance.
 */
typedef struct _GuicheClock GuicheClock;

GuicheClock *guiche_clock_new_system (void);
GuicheClock *guiche_clock_new_fixed (gint64 now_us);
GuicheClock *guiche_clock_ref (GuicheClock *self);
void guiche_clock_unref (GuicheClock *self);

gint64 guiche_clock_now_us (GuicheClock *self);
gint64 guiche_clock_monotonic_us (GuicheClock *self);
void guiche_clock_advance (GuicheClock *self, gint64 by_us); /* fixed clocks only */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheClock, guiche_clock_unref)

G_END_DECLS
