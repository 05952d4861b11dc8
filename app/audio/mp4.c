/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/sound-file.h"
#include "base/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* ISO/IEC 14496-12 boxes; only the structure is walked, only one track of AAC is let through. */
#define MAX_DEPTH 8
#define MAX_BOXES 20000

typedef struct {
  guint n_boxes, n_tracks, n_aac;
  gint64 duration_ms;
} Mp4Walk;

static const char *const containers[] = { "moov", "trak", "mdia", "minf", "stbl",
                                          "moof", "traf", "mvex", "edts", "dinf" };
static const char *const leaves[] = { "ftyp", "mdat", "free", "skip", "mvhd", "tkhd", "mdhd",
                                      "hdlr", "smhd", "nmhd", "dref", "stsd", "stts", "stsc",
                                      "stsz", "stco", "co64", "stss", "ctts", "elst", "udta",
                                      "meta", "iods", "sgpd", "sbgp", "trex", "mehd", "mfhd",
                                      "tfhd", "tfdt", "trun", "sidx", "styp", "mfra", "pssh",
                                      "prft", "uuid" };

static gboolean
refuse (GError **error, const char *why)
{
  g_debug ("refused MP4: %s", why);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                       _ ("This sound is damaged and cannot be played."));
  return FALSE;
}

static guint64
read_be (const guint8 *bytes, guint n_bytes)
{
  guint64 value = 0;

  for (guint i = 0; i < n_bytes; i++)
    value = value << 8 | bytes[i];
  return value;
}

static gboolean
is_one_of (const guint8 *type, const char *const *types, guint n_types)
{
  for (guint i = 0; i < n_types; i++)
    if (memcmp (type, types[i], 4) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_leaf (Mp4Walk *walk, const guint8 *type, const guint8 *body, gsize length, GError **error)
{
  if (memcmp (type, "mvhd", 4) == 0 && length >= 32) {
    gboolean is_long = body[0] == 1;
    guint64 scale = read_be (body + (is_long ? 20 : 12), 4);
    guint64 duration = is_long ? read_be (body + 24, 8) : read_be (body + 16, 4);

    if (scale > 0 && duration < G_MAXUINT32)
      walk->duration_ms = (gint64) (duration * 1000 / scale);
  }
  if (memcmp (type, "stsd", 4) == 0) {
    if (length < 16 || read_be (body + 4, 4) != 1 || memcmp (body + 12, "mp4a", 4) != 0)
      return refuse (error, "not AAC");
    walk->n_aac++;
  }
  return TRUE;
}

static gboolean
walk_boxes (Mp4Walk *walk, const guint8 *data, gsize length, guint depth, GError **error)
{
  gsize offset = 0;

  while (offset < length) {
    gsize left = length - offset, header = 8;
    guint64 size;
    const guint8 *type;

    if (left < 8 || depth > MAX_DEPTH || ++walk->n_boxes > MAX_BOXES)
      return refuse (error, "boxes");
    type = data + offset + 4;
    size = read_be (data + offset, 4);
    if (size == 1 && left >= 16) {
      size = read_be (data + offset + 8, 8);
      header = 16;
    }
    if (size == 0 && depth == 0)
      size = left;
    if (size < header || size > left)
      return refuse (error, "box cut");
    if (memcmp (type, "trak", 4) == 0)
      walk->n_tracks++;
    if (is_one_of (type, containers, G_N_ELEMENTS (containers))) {
      if (!walk_boxes (walk, data + offset + header, size - header, depth + 1, error))
        return FALSE;
    } else if (!is_one_of (type, leaves, G_N_ELEMENTS (leaves))) {
      return refuse (error, "unknown box");
    } else if (!read_leaf (walk, type, data + offset + header, size - header, error)) {
      return FALSE;
    }
    offset += size;
  }
  return TRUE;
}

gboolean
guiche_mp4_inspect (const guint8 *data, gsize length, GuicheSoundInfo *out_info, GError **error)
{
  Mp4Walk walk = { 0 };

  if (!walk_boxes (&walk, data, length, 0, error))
    return FALSE;
  if (walk.n_tracks != 1 || walk.n_aac != 1)
    return refuse (error, "not one track of sound");
  if (walk.duration_ms > GUICHE_SOUND_MAX_MS)
    return refuse (error, "too long");
  *out_info = (GuicheSoundInfo){ .type = GUICHE_SOUND_MP4_AAC, .duration_ms = walk.duration_ms };
  return TRUE;
}
