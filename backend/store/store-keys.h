/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/db-private.h"

G_BEGIN_DECLS

/* What all servers of an installation must have the same: noted in the control schema. */

/* What tells keys apart and nothing else about them. (transfer full) */
char *guiche_store_key_fingerprint (const char *name, const guint8 *key, gsize length);
/* NULL without error when no server has started yet. (transfer full) */
char *guiche_store_load_fingerprint (GuicheDb *control, const char *name, GError **error);
/* The first server to start says which the installation's are. */
gboolean guiche_store_insert_fingerprint (GuicheDb *control,
                                          const char *name,
                                          const char *value,
                                          GError **error);

G_END_DECLS
