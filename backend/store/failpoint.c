/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/failpoint.h"

#include <string.h>
#include <unistd.h>

#define KILLED_STATUS 137

static const char *chosen;  /* (nullable): its name */
static gsize chosen_length; /* without `:N` */
static guint64 every_nth = 1;

static void
load (void)
{
  static gsize is_loaded;
  const char *colon;

  if (!g_once_init_enter (&is_loaded))
    return;

  chosen = g_getenv ("GUICHE_FAILPOINT");
  colon = chosen == NULL ? NULL : strchr (chosen, ':');
  chosen_length = chosen == NULL ? 0 : strcspn (chosen, ":");
  if (colon != NULL)
    every_nth = MAX (g_ascii_strtoull (colon + 1, NULL, 10), 1);
  g_once_init_leave (&is_loaded, 1);
}

gboolean
guiche_failpoint_cuts (const char *name)
{
  static guint n_reached;

  load ();
  if (G_LIKELY (chosen == NULL) || strlen (name) != chosen_length ||
      strncmp (chosen, name, chosen_length) != 0)
    return FALSE;

  return (guint64) (guint) (g_atomic_int_add (&n_reached, 1) + 1) % every_nth == 0;
}

void
guiche_failpoint (const char *name)
{
  if (G_UNLIKELY (guiche_failpoint_cuts (name)))
    _exit (KILLED_STATUS);
}
