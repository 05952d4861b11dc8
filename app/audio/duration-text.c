/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/duration-text.h"

char *
guiche_duration_text (gint64 duration_ms)
{
  gint64 seconds = MAX (duration_ms, 0) / 1000;

  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d", seconds / 60, (int) (seconds % 60));
}
