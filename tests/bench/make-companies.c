/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-companies DIRECTORY N: as many empty companies in the store that the environment names. */
#include "store/store.h"

#include <stdlib.h>

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheSettings) settings = NULL;
  GuicheStore *store;
  gboolean is_made = TRUE;
  g_auto (GStrv) environment = g_get_environ ();

  g_return_val_if_fail (argc == 3, 2);
  settings = guiche_settings_load (NULL, environment, &error);
  store = settings != NULL ? guiche_store_open (argv[1], settings, NULL, &error) : NULL;
  for (int i = 0; store != NULL && is_made && i < atoi (argv[2]); i++) {
    g_autofree char *key = g_strdup_printf ("company%04d", i);
    is_made = guiche_store_create_tenant (store, key, key, &error) != NULL;
  }
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  g_clear_pointer (&store, guiche_store_close);
  return error != NULL;
}
