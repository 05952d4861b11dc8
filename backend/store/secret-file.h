/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads @length secret bytes from @name in @directory, or makes them: random, mode 0600, synced.
 * A file of another length or readable by others is an error, never replaced. */
gboolean guiche_secret_file_load (const char *directory,
                                  const char *name,
                                  guint8 *out,
                                  gsize length,
                                  GError **error);

G_END_DECLS
