/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "channels/dice.h"

#define GOLDEN G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

GuicheDice
guiche_dice_new (guint64 seed, guint64 stream)
{
  GuicheDice self = { .state = seed };

  self.state = guiche_dice_next (&self) ^ (stream * GOLDEN);
  return self;
}

guint64
guiche_dice_next (GuicheDice *self)
{
  guint64 mixed = (self->state += GOLDEN);

  mixed = (mixed ^ (mixed >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  mixed = (mixed ^ (mixed >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return mixed ^ (mixed >> 31);
}

gint64
guiche_dice_range (GuicheDice *self, gint64 low, gint64 high)
{
  return low + (gint64) (guiche_dice_next (self) % (guint64) (high - low + 1));
}

gboolean
guiche_dice_percent (GuicheDice *self, int percent)
{
  return guiche_dice_range (self, 0, 99) < percent;
}
