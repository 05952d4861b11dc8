/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/sound-file.h"
#include "base/error.h"

#include <string.h>

/* What a stranger sends as a voice note: whatever the bytes, the readers stay within them and
 * refuse with an error, and what they let through is bounded. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define PAGE_HEADER_SIZE 27

static void
inspect (const guint8 *data, gsize size)
{
  GuicheSoundInfo info = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean is_accepted = guiche_sound_inspect (data, size, &info, &error);

  if (!is_accepted) {
    g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO);
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpint (info.duration_ms, >=, 0);
  g_assert_cmpint (info.duration_ms, <=, GUICHE_SOUND_MAX_MS);
  if (info.type != GUICHE_SOUND_MP4_AAC)
    g_assert_true (info.n_channels >= 1 && info.n_channels <= 2);
}

/* A changed page has a wrong checksum and goes no further: put the right one in, so that what lies
 * behind is tried as well. */
static void
repair_checksums (guint8 *data, gsize size)
{
  gsize offset = 0;

  while (size - offset >= PAGE_HEADER_SIZE && memcmp (data + offset, "OggS", 4) == 0) {
    guint8 *page = data + offset;
    gsize length = PAGE_HEADER_SIZE + page[26];
    guint32 checksum;

    if (size - offset < length)
      return;
    for (guint i = 0; i < page[26]; i++)
      length += page[PAGE_HEADER_SIZE + i];
    if (size - offset < length)
      return;
    checksum = GUINT32_TO_LE (guiche_ogg_checksum (page, length));
    memcpy (page + 22, &checksum, sizeof checksum);
    offset += length;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy =
      g_memdup2 (data, size); /* of exact size: the sanitiser watches its end */

  inspect (copy, size);
  if (size >= PAGE_HEADER_SIZE) {
    repair_checksums (copy, size);
    inspect (copy, size);
  }
  return 0;
}
