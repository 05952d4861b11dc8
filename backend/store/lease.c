/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/node-store.h"
#include "store/store-state.h"

#define PAUSE_US (G_USEC_PER_SEC / 5)
/* Two clocks do not drift apart by much in this time. */
#define CLOCK_FRESH_US (10 * (gint64) G_USEC_PER_SEC)

/* Asked in vain it is asked again after a while; whoever has it ends one day, or its time does. */
gboolean
guiche_store_take_lease (GuicheStore *store, const char *name, gint64 lease_us, GError **error)
{
  gint64 token = 0;

  while (guiche_store_is_shared (store) && token == 0) {
    GuicheDb *control = guiche_store_control (store, error);
    gint64 now_us;

    if (control == NULL ||
        !guiche_db_get_time (control, guiche_store_clock (store), &now_us, error) ||
        !guiche_lease_try (control, name, guiche_store_owner (store), now_us, lease_us, &token,
                           error))
      return FALSE;
    if (token == 0)
      g_usleep (PAUSE_US);
  }

  return TRUE;
}

void
guiche_store_give_lease (GuicheStore *store, const char *name)
{
  GuicheDb *control = guiche_store_control (store, NULL);
  g_autoptr (GError) error = NULL;

  if (guiche_store_is_shared (store) && control != NULL &&
      !guiche_lease_release (control, name, guiche_store_owner (store), &error))
    g_warning ("giving a lease back: %s", error->message);
}

gboolean
guiche_store_get_lease_time (GuicheStore *self, GuicheDb *db, gint64 *out_now_us, GError **error)
{
  gint64 asked_us = g_get_monotonic_time ();
  gboolean is_known;

  if (!guiche_store_is_shared (self)) {
    *out_now_us = guiche_clock_now_us (self->clock);
    return TRUE;
  }

  g_mutex_lock (&self->lock);
  is_known = self->clock_read_us != 0 && asked_us - self->clock_read_us < CLOCK_FRESH_US;
  *out_now_us = asked_us + self->clock_offset_us;
  g_mutex_unlock (&self->lock);
  if (is_known)
    return TRUE;
  if (!guiche_db_get_time (db, self->clock, out_now_us, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  self->clock_read_us = asked_us;
  self->clock_offset_us = *out_now_us - asked_us;
  g_mutex_unlock (&self->lock);
  return TRUE;
}
