/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/picture.h"

#include "base/error.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <stdio.h>
#include <string.h>

static gboolean
is_known (const guint8 *head, gsize length)
{
  if (length < 12)
    return FALSE;
  return memcmp (head, "\211PNG\r\n\032\n", 8) == 0 || memcmp (head, "\377\330\377", 3) == 0 ||
         memcmp (head, "GIF8", 4) == 0 ||
         (memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "WEBP", 4) == 0);
}

static gboolean
check (const char *path, GError **error)
{
  guint8 head[12];
  gsize length;
  int width = 0, height = 0;
  FILE *file = fopen (path, "rbe");

  if (!file) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND,
                         _ ("The image cannot be read."));
    return FALSE;
  }
  length = fread (head, 1, sizeof head, file);
  fclose (file);
  if (!is_known (head, length) || !gdk_pixbuf_get_file_info (path, &width, &height)) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE,
                         _ ("This is not an image that can be shown."));
    return FALSE;
  }
  if ((gint64) width * height > GUICHE_PICTURE_MAX_PIXELS) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE,
                         _ ("This image is too large to be shown here."));
    return FALSE;
  }
  return TRUE;
}

GdkTexture *
guiche_picture_load (const char *path, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GdkPixbuf) upright = NULL;
  int width, height;

  if (!check (path, error))
    return NULL;
  gdk_pixbuf_get_file_info (path, &width, &height);
  if (width > GUICHE_PICTURE_WIDTH || height > GUICHE_PICTURE_HEIGHT)
    pixbuf = gdk_pixbuf_new_from_file_at_scale (path, GUICHE_PICTURE_WIDTH, GUICHE_PICTURE_HEIGHT,
                                                TRUE, error);
  else
    pixbuf = gdk_pixbuf_new_from_file (path, error);
  if (!pixbuf)
    return NULL;
  upright = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  return gdk_texture_new_for_pixbuf (upright);
}
