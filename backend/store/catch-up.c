/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/catch-up.h"

#include "store/store-private.h"

static gboolean
run_nothing (GuicheTx *tx, gpointer data, GError **error)
{
  return TRUE;
}

void
guiche_tenant_catch_up (GuicheTenant *self, GPtrArray *events, GuicheWorkDone done, gpointer data)
{
  GuicheWorkItem *item = guiche_work_item_new (NULL, run_nothing, done, data);

  item->is_catch_up = guiche_db_location_is_shared (self->location);
  item->told = events;
  guiche_tenant_push_write (self, item);
}
