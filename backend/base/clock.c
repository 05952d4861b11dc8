/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

struct _GuicheClock {
  gatomicrefcount references;
  gboolean is_fixed;
  gint64 now_us;       /* (atomic): fixed clocks */
  gint64 monotonic_us; /* (atomic): fixed clocks; never goes back */
};

/**
 * guiche_clock_new_system:
 *
 * Returns: (transfer full): the machine's clock
 */
GuicheClock *
guiche_clock_new_system (void)
{
  GuicheClock *self = g_new0 (GuicheClock, 1);

  g_atomic_ref_count_init (&self->references);
  return self;
}

/**
 * guiche_clock_new_fixed:
 *
 * Returns: (transfer full): a clock that stands still until it is advanced
 */
GuicheClock *
guiche_clock_new_fixed (gint64 now_us)
{
  GuicheClock *self = guiche_clock_new_system ();

  self->is_fixed = TRUE;
  self->now_us = now_us;
  self->monotonic_us = 1;
  return self;
}

GuicheClock *
guiche_clock_ref (GuicheClock *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
guiche_clock_unref (GuicheClock *self)
{
  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}

/**
 * guiche_clock_now_us:
 *
 * Returns: microseconds since 1970 UTC; may go backwards when somebody sets the machine's clock
 */
gint64
guiche_clock_now_us (GuicheClock *self)
{
  if (self->is_fixed)
    return __atomic_load_n (&self->now_us, __ATOMIC_RELAXED);

  return g_get_real_time ();
}

/**
 * guiche_clock_monotonic_us:
 *
 * Returns: microseconds since some moment; never goes backwards
 */
gint64
guiche_clock_monotonic_us (GuicheClock *self)
{
  if (self->is_fixed)
    return __atomic_load_n (&self->monotonic_us, __ATOMIC_RELAXED);

  return g_get_monotonic_time ();
}

/**
 * guiche_clock_advance:
 * @by_us: negative sets the wall clock back; the monotonic one stays
 *
 * Moves a fixed clock.
 */
void
guiche_clock_advance (GuicheClock *self, gint64 by_us)
{
  g_return_if_fail (self->is_fixed);

  __atomic_add_fetch (&self->now_us, by_us, __ATOMIC_RELAXED);
  if (by_us > 0)
    __atomic_add_fetch (&self->monotonic_us, by_us, __ATOMIC_RELAXED);
}
