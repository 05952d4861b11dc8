/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

/**
 * guiche_banking_refuse:
 * @field: the input's name, a literal
 * @reason: a stable word for programs: `check-digit`, `range`, `width`, `arrecadacao`, …
 *
 * Sets GUICHE_ERROR_INVALID_REQUEST with details `field` and `reason`.
 *
 * Returns: FALSE, for `return guiche_banking_refuse (…)`
 */
gboolean guiche_banking_refuse (GError **error,
                                const char *field,
                                const char *reason,
                                const char *format,
                                ...) G_GNUC_PRINTF (4, 5);
/* The same for a place in a file; lines and columns from 1. */
gboolean guiche_banking_refuse_at (GError **error,
                                   guint64 line,
                                   guint column,
                                   const char *field,
                                   const char *reason,
                                   const char *format,
                                   ...) G_GNUC_PRINTF (6, 7);

G_END_DECLS
