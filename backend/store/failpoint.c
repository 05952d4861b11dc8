/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/failpoint.h"

#include <string.h>
#include <unistd.h>

#define KILLED_STATUS 137

void
guiche_failpoint (const char *name)
{
  static gsize is_loaded;
  static const char *chosen; /* (nullable) */

  if (g_once_init_enter (&is_loaded)) {
    chosen = g_getenv ("GUICHE_FAILPOINT");
    g_once_init_leave (&is_loaded, 1);
  }

  if (G_UNLIKELY (chosen != NULL) && strcmp (chosen, name) == 0)
    _exit (KILLED_STATUS);
}
