/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/files.h"
#include "store/store-private.h"

G_BEGIN_DECLS

/* Below a company's files: what is being received, and what is being thrown away. */
#define GUICHE_FILES_INCOMING "incoming"
/* Removes the blobs that no row names: their upload was refused, or cut off by a crash, after they
 * had been moved into place. Waits for the company's readers and writer (any other thread). */
gboolean guiche_files_collect (GuicheTenant *tenant, guint *out_removed, GError **error);

G_END_DECLS
