/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/node-store.h"
#include "store/store-private.h"

#define PAUSE_US (G_USEC_PER_SEC / 5)

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
