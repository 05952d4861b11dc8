/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on everything logged goes to stderr as one JSON object a line:
 * `{"at":"2026-11-20T10:00:00.000000Z","level":"warning","domain":"guiche-http","message":"…"}`.
 * Messages hold no customer content and no secret; line ends in them are escaped. Debug
 * messages need G_MESSAGES_DEBUG. */
void guiched_log_install (void);

G_END_DECLS
