/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/channel-kind.h"

static const GuicheChannelKind channel_kinds[] = {
  { "webchat", FALSE },
  { "dummy", TRUE },
};

const GuicheChannelKind *
guiche_channel_kind_find (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (channel_kinds); i++)
    if (g_str_equal (channel_kinds[i].name, name))
      return &channel_kinds[i];
  return NULL;
}
