/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes the Ogg/Opus recording @path a second time as AAC in MP4 (`.m4a` beside it), for browsers
 * that cannot play Ogg. Runs on a thread. Finishes with the new file's path, or GUICHE_ERROR_AUDIO
 * where no AAC encoder is installed. */
void guiche_aac_rendition_async (const char *path,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
char *guiche_aac_rendition_finish (GAsyncResult *result, GError **error);

G_END_DECLS
