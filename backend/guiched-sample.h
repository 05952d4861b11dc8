/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guiched-options.h"

G_BEGIN_DECLS

/* Makes the sample company, when the data directory has none yet, in a child process: what half a
 * year of history takes in memory ends with the child. Only while this process has one thread. */
gboolean guiched_make_sample (const GuichedOptions *options, GError **error);

G_END_DECLS
