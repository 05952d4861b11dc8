/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Logs (debug level, domain guiche-shell) the monotonic time at which the first frame of @window
 * was painted, for the start benchmark: `first-frame MICROSECONDS`. */
void guiche_start_trace_attach (GtkWidget *window);

G_END_DECLS
