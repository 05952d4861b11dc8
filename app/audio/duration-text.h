/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): how long a sound is, as a clock: 0:07, 12:30. */
char *guiche_duration_text (gint64 duration_ms);

G_END_DECLS
