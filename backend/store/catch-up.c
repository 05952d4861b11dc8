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
  g_clear_pointer (&events, g_ptr_array_unref);
  guiche_tenant_write (self, NULL, run_nothing, done, data);
}
