/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/sound-file.h"

#include "base/error.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
guiche_sound_inspect (const guint8 *data, gsize length, GuicheSoundInfo *out_info, GError **error)
{
  if (length > GUICHE_SOUND_MAX_BYTES) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                         _ ("This sound is too long to play here."));
    return FALSE;
  }
  if (length >= 12 && memcmp (data, "OggS", 4) == 0)
    return guiche_ogg_opus_inspect (data, length, out_info, error);
  if (length >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WAVE", 4) == 0)
    return guiche_wave_inspect (data, length, out_info, error);
  if (length >= 12 && memcmp (data + 4, "ftyp", 4) == 0)
    return guiche_mp4_inspect (data, length, out_info, error);
  g_set_error_literal (
      error, GUICHE_ERROR, GUICHE_ERROR_AUDIO,
      _ ("This file is not a sound that Guichê plays. Save it to open it elsewhere."));
  return FALSE;
}

gboolean
guiche_sound_inspect_file (const char *path, GuicheSoundInfo *out_info, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, &local_error);

  if (!file) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                 _ ("The sound cannot be read: %s"), local_error->message);
    return FALSE;
  }
  return guiche_sound_inspect ((const guint8 *) g_mapped_file_get_contents (file),
                               g_mapped_file_get_length (file), out_info, error);
}
