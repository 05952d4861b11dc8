/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuicheDice:
 *
 * A sequence of numbers that a seed decides (SplitMix64, Steele and others 2014), for simulated
 * customers and the sample company: the same seed gives the same lives everywhere. Plain value.
 */
typedef struct {
  guint64 state;
} GuicheDice;

GuicheDice guiche_dice_new (guint64 seed, guint64 stream);
guint64 guiche_dice_next (GuicheDice *self);
/* From @low to @high, both included. */
gint64 guiche_dice_range (GuicheDice *self, gint64 low, gint64 high);
/* True @percent times in a hundred. */
gboolean guiche_dice_percent (GuicheDice *self, int percent);

G_END_DECLS
