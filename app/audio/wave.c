/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/sound-file.h"
#include "base/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Multimedia Programming Interface and Data Specifications 1.0, "WAVE". */
#define FORMAT_PCM 1
#define FORMAT_FLOAT 3

static gboolean
refuse (GError **error, const char *why)
{
  g_debug ("refused WAVE: %s", why);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                       _ ("This sound is damaged and cannot be played."));
  return FALSE;
}

static guint32
read_le (const guint8 *bytes, guint n_bytes)
{
  guint32 value = 0;

  for (guint i = 0; i < n_bytes; i++)
    value |= (guint32) bytes[i] << (8 * i);
  return value;
}

static gboolean
read_format (const guint8 *chunk,
             gsize length,
             GuicheSoundInfo *info,
             guint *out_frame_bytes,
             GError **error)
{
  guint format, bits;

  if (length < 16)
    return refuse (error, "format chunk cut");
  format = read_le (chunk, 2);
  bits = read_le (chunk + 14, 2);
  info->type = GUICHE_SOUND_WAVE;
  info->n_channels = read_le (chunk + 2, 2);
  info->rate = read_le (chunk + 4, 4);
  *out_frame_bytes = read_le (chunk + 12, 2);
  if (format != FORMAT_PCM && format != FORMAT_FLOAT)
    return refuse (error, "compressed");
  if (info->n_channels < 1 || info->n_channels > 2 || info->rate < 8000 || info->rate > 96000)
    return refuse (error, "channels or rate");
  if (bits % 8 != 0 || bits < 8 || bits > 32 || *out_frame_bytes != info->n_channels * bits / 8)
    return refuse (error, "sample size");
  return TRUE;
}

gboolean
guiche_wave_inspect (const guint8 *data, gsize length, GuicheSoundInfo *out_info, GError **error)
{
  gsize offset = 12;
  guint frame_bytes = 0;

  while (length >= 8 && offset <= length - 8) {
    const guint8 *chunk = data + offset + 8;
    gsize size = read_le (data + offset + 4, 4);
    gsize left = length - offset - 8;

    if (memcmp (data + offset, "fmt ", 4) == 0 &&
        !read_format (chunk, MIN (size, left), out_info, &frame_bytes, error))
      return FALSE;
    if (memcmp (data + offset, "data", 4) == 0) {
      if (frame_bytes == 0)
        return refuse (error, "no format before the data");
      out_info->duration_ms = (gint64) (MIN (size, left) / frame_bytes) * 1000 / out_info->rate;
      return TRUE;
    }
    if (size > left)
      return refuse (error, "chunk cut");
    offset += 8 + size + (size & 1);
  }
  return refuse (error, "no data chunk");
}
