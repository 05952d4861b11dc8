/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ends the process as SIGKILL would when the environment's GUICHE_FAILPOINT is @name: crash tests
 * cut between any two steps. */
void guiche_failpoint (const char *name);

G_END_DECLS
