/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/outgoing-file.h"

#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

void
guiche_outgoing_file_free (GuicheOutgoingFile *self)
{
  if (self->is_temporary)
    g_unlink (self->path);
  g_free (self->path);
  g_free (self->name);
  g_free (self);
}

static gboolean
is_acceptable (GFileInfo *info, const char *name, GError **error)
{
  g_autofree char *limit =
      g_format_size_full (GUICHE_OUTGOING_FILE_MAX_BYTES, G_FORMAT_SIZE_IEC_UNITS);
  goffset size = g_file_info_get_size (info);

  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE,
                 _ ("“%s” is not a file. Folders cannot be sent."), name);
    return FALSE;
  }
  if (size == 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, _ ("“%s” is empty."), name);
    return FALSE;
  }
  if (size > GUICHE_OUTGOING_FILE_MAX_BYTES) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE,
                 _ ("“%s” is too large. At most %s can be sent."), name, limit);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_shown_as_image (const char *type)
{
  g_autofree char *mime = type ? g_content_type_get_mime_type (type) : NULL;
  static const char *const images[] = { "image/png", "image/jpeg", "image/webp", "image/gif",
                                        NULL };

  return mime && g_strv_contains (images, mime);
}

GuicheOutgoingFile *
guiche_outgoing_file_new (GFile *file, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = guiche_text_file_name (base ? base : "");
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GFileInfo) info = NULL;
  GuicheOutgoingFile *self;

  if (path)
    info = g_file_query_info (file, "standard::type,standard::size,standard::content-type",
                              G_FILE_QUERY_INFO_NONE, NULL, &local_error);
  if (!info) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, _ ("“%s” cannot be read."), name);
    return NULL;
  }
  if (!is_acceptable (info, name, error))
    return NULL;
  self = g_new0 (GuicheOutgoingFile, 1);
  self->path = g_steal_pointer (&path);
  self->name = g_steal_pointer (&name);
  self->is_image = is_shown_as_image (g_file_info_get_content_type (info));
  return self;
}

GuicheOutgoingFile *
guiche_outgoing_file_new_for_texture (GdkTexture *texture, GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "guiche", NULL);
  g_autofree char *file_name =
      g_strdup_printf ("pasted-%" G_GINT64_FORMAT ".png", g_get_real_time ());
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d %H-%M-%S");
  GuicheOutgoingFile *self = g_new0 (GuicheOutgoingFile, 1);

  g_mkdir_with_parents (folder, 0700);
  self->path = g_build_filename (folder, file_name, NULL);
  self->name = g_strdup_printf (_ ("Image %s.png"), stamp);
  self->is_image = self->is_temporary = TRUE;
  if (gdk_texture_save_to_png (texture, self->path))
    return self;
  guiche_outgoing_file_free (self);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_STORAGE_FULL,
                       _ ("The pasted image cannot be written. Is the disk full?"));
  return NULL;
}
