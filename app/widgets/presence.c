/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/presence.h"

#include <glib/gi18n.h>

typedef struct {
  const char *presence;
  const char *icon_name;
  const char *label;
  const char *css_class;
} Row;

/* The first row stands for anything unknown. */
static const Row rows[] = {
  { "offline", "guiche-presence-offline-symbolic", N_ ("Offline"), "presence-offline" },
    { "available", "guiche-presence-available-symbolic", N_ ("Available"), "presence-available" },
      { "busy", "guiche-presence-busy-symbolic", N_ ("Busy"), "presence-busy" },
        { "away", "guiche-presence-away-symbolic", N_ ("Away"), "presence-away" },
      };

static const Row *
find_row (const char *presence)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (g_strcmp0 (rows[i].presence, presence) == 0)
      return &rows[i];
  }
  return &rows[0];
}

const char *
guiche_presence_icon_name (const char *presence)
{
  return find_row (presence)->icon_name;
}

const char *
guiche_presence_label (const char *presence)
{
  return _ (find_row (presence)->label);
}

const char *
guiche_presence_css_class (const char *presence)
{
  return find_row (presence)->css_class;
}
