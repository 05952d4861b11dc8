/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx.h"

G_BEGIN_DECLS

#define GUICHE_LOCK_OUT_FREE_ATTEMPTS 5
#define GUICHE_LOCK_OUT_FIRST_US (30 * G_TIME_SPAN_SECOND)
#define GUICHE_LOCK_OUT_LONGEST_US (15 * G_TIME_SPAN_MINUTE)

/* Counts one attempt at @login, known or not, before its password is looked at, so that
 * attempts at the same time cannot slip through. GUICHE_ERROR_LOCKED_OUT with
 * `retry_after_s` while the delay runs. Signing in is delayed, sessions never are. */
gboolean guiche_lock_out_begin_attempt (GuicheTx *tx, const char *login, GError **error);
/* The password was right: all is forgotten. */
gboolean guiche_lock_out_forget (GuicheTx *tx, const char *login, GError **error);
/* The delay after @failures failures in a row. */
gint64 guiche_lock_out_delay_us (gint64 failures);

G_END_DECLS
