/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  GUICHE_SNOOZE_ONE_HOUR,
  GUICHE_SNOOZE_AFTERNOON, /* today at 14:00; absent when that is over */
  GUICHE_SNOOZE_TOMORROW,  /* at 9:00 */
  GUICHE_SNOOZE_MONDAY,    /* the next one, at 9:00 */
  GUICHE_N_SNOOZES
} GuicheSnooze;

/* The end of a snooze that begins at @now; NULL when the choice makes no sense then. (transfer
 * full) */
GDateTime *guiche_snooze_end (GuicheSnooze choice, GDateTime *now);
const char *guiche_snooze_label (GuicheSnooze choice); /* translated */

G_END_DECLS
