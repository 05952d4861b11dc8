/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "support/store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* One node of test-shared, a process of its own: `--node NAME ROUND DIRECTORY URL LOG`. It writes
 * entries until SIGTERM, each again until it is known to be there, and tells in its log what was
 * acknowledged and what its listener saw. */
int shared_node_main (char **arguments);

void shared_set_own_path (const char *path);
const char *shared_own_path (void);
/* How many of @names are not there exactly once. */
gint64 shared_count_missing (GuicheTestStore *test, GPtrArray *names);

G_END_DECLS
