/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* GUICHE_FAILPOINT is the name of one, or `name:N` for each Nth time it is reached: crash tests cut
 * between any two steps. */

/* Ends the process as SIGKILL would. */
void guiche_failpoint (const char *name);
/* TRUE where a connection shall be cut now. */
gboolean guiche_failpoint_cuts (const char *name);

G_END_DECLS
