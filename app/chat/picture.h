/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define GUICHE_PICTURE_WIDTH 640
#define GUICHE_PICTURE_HEIGHT 480
#define GUICHE_PICTURE_MAX_PIXELS (50 * 1000 * 1000)

/* Decodes a PNG, JPEG, WebP or GIF to at most 640×480; what it is comes from its content, not from
 * its name. Larger dimensions than 50 megapixels are refused before decoding. Blocks; any thread.
 * (transfer full) (nullable) */
GdkTexture *guiche_picture_load (const char *path, GError **error);

G_END_DECLS
