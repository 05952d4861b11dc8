/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gint64 start;
  gint64 length;
} GuicheRange;

typedef enum {
  GUICHE_RANGE_NONE, /* no range, several, or none that is understood: the whole (RFC 9110, 14.2) */
  GUICHE_RANGE_ONE,
  GUICHE_RANGE_OUTSIDE /* 416 */
} GuicheRangeResult;

/* `bytes=0-99`, `bytes=100-`, `bytes=-100` of something of @size bytes. Several ranges are
 * ignored: answering them is a choice, and an amplifier. */
GuicheRangeResult guiche_range_parse (const char *text,
                                      gsize length,
                                      gint64 size,
                                      GuicheRange *out_range);

G_END_DECLS
