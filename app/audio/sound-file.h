/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GUICHE_SOUND_MAX_BYTES (16 * 1024 * 1024)
#define GUICHE_SOUND_MAX_MS (60 * 60 * 1000)

typedef enum {
  GUICHE_SOUND_OGG_OPUS,
  GUICHE_SOUND_WAVE,
  GUICHE_SOUND_MP4_AAC
} GuicheSoundType;

/**
 * GuicheSoundInfo:
 *
 * What the header of a sound file says, after every length in it was checked. `duration_ms` is 0
 * where the container does not tell it.
 */
typedef struct {
  GuicheSoundType type;
  guint n_channels;
  guint rate;
  gint64 duration_ms;
} GuicheSoundInfo;

/* Recognises a sound by its content and checks its whole structure with bounds, before GStreamer
 * sees it. Anything but one Ogg/Opus, PCM WAVE or MP4/AAC stream of at most an hour is
 * GUICHE_ERROR_AUDIO. Any thread. */
gboolean guiche_sound_inspect (const guint8 *data,
                               gsize length,
                               GuicheSoundInfo *out_info,
                               GError **error);
/* The same for a file; blocks, so not on the main thread. */
gboolean guiche_sound_inspect_file (const char *path, GuicheSoundInfo *out_info, GError **error);

/* The readers behind it, one a container. */
gboolean guiche_ogg_opus_inspect (const guint8 *data,
                                  gsize length,
                                  GuicheSoundInfo *out_info,
                                  GError **error);
gboolean guiche_wave_inspect (const guint8 *data,
                              gsize length,
                              GuicheSoundInfo *out_info,
                              GError **error);
gboolean guiche_mp4_inspect (const guint8 *data,
                             gsize length,
                             GuicheSoundInfo *out_info,
                             GError **error);
/* The checksum of an Ogg page whose own checksum field counts as zero. */
guint32 guiche_ogg_checksum (const guint8 *page, gsize length);

G_END_DECLS
