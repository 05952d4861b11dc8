/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/sound-file.h"
#include "base/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* Ogg pages: RFC 3533, 6; Opus in Ogg: RFC 7845, 3 to 5. */
#define PAGE_HEADER_SIZE 27
#define PAGE_CONTINUED 0x01
#define PAGE_FIRST 0x02
#define PAGE_LAST 0x04
#define TAGS_MAX_BYTES (64 * 1024)
#define OPUS_RATE 48000

typedef struct {
  const guint8 *start;
  gsize length; /* header and body */
  const guint8 *body;
  gsize body_length;
  guint8 flags;
  gint64 granule;
  guint32 serial;
  guint32 sequence;
} OggPage;

static guint32
read_le32 (const guint8 *bytes)
{
  return (guint32) bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 |
         (guint32) bytes[3] << 24;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_debug ("refused Ogg/Opus: %s", why);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_AUDIO,
                       _ ("This voice note is damaged and cannot be played."));
  return FALSE;
}

guint32
guiche_ogg_checksum (const guint8 *page, gsize length)
{
  guint32 checksum = 0;

  for (gsize i = 0; i < length; i++) {
    guint8 byte = i >= 22 && i < 26 ? 0 : page[i];

    checksum ^= (guint32) byte << 24;
    for (guint bit = 0; bit < 8; bit++)
      checksum = checksum & 0x80000000u ? (checksum << 1) ^ 0x04c11db7u : checksum << 1;
  }
  return checksum;
}

static gboolean
read_page (const guint8 *data, gsize length, OggPage *out_page, GError **error)
{
  gsize n_segments, body_length = 0;

  if (length < PAGE_HEADER_SIZE || memcmp (data, "OggS", 4) != 0 || data[4] != 0)
    return refuse (error, "no page where one must start");
  n_segments = data[26];
  if (length < PAGE_HEADER_SIZE + n_segments)
    return refuse (error, "page header cut");
  for (gsize i = 0; i < n_segments; i++)
    body_length += data[PAGE_HEADER_SIZE + i];
  if (length - PAGE_HEADER_SIZE - n_segments < body_length)
    return refuse (error, "page body cut");
  *out_page = (OggPage){
    .start = data,
    .length = PAGE_HEADER_SIZE + n_segments + body_length,
    .body = data + PAGE_HEADER_SIZE + n_segments,
    .body_length = body_length,
    .flags = data[5],
    .granule = (gint64) ((guint64) read_le32 (data + 6) | (guint64) read_le32 (data + 10) << 32),
    .serial = read_le32 (data + 14),
    .sequence = read_le32 (data + 18),
  };
  if (guiche_ogg_checksum (data, out_page->length) != read_le32 (data + 22))
    return refuse (error, "page checksum");
  return TRUE;
}

static gboolean
read_head (const OggPage *page, GuicheSoundInfo *info, guint *out_pre_skip, GError **error)
{
  const guint8 *head = page->body;

  if (!(page->flags & PAGE_FIRST) || page->granule != 0)
    return refuse (error, "the first page does not begin a stream");
  if (page->body_length < 19 || memcmp (head, "OpusHead", 8) != 0)
    return refuse (error, "not OpusHead");
  if ((head[8] & 0xf0) != 0)
    return refuse (error, "unknown version");
  if (head[9] < 1 || head[9] > 2 || head[18] != 0)
    return refuse (error, "channels");
  info->type = GUICHE_SOUND_OGG_OPUS;
  info->n_channels = head[9];
  info->rate = OPUS_RATE;
  *out_pre_skip = (guint) head[10] | (guint) head[11] << 8;
  return TRUE;
}

/* Skips the OpusTags packet, which may span pages; returns the offset behind it, 0 on error. */
static gsize
skip_tags (const guint8 *data, gsize length, gsize offset, guint32 serial, GError **error)
{
  gsize tags_length = 0;
  gboolean is_first = TRUE;

  while (tags_length < TAGS_MAX_BYTES) {
    OggPage page;

    if (!read_page (data + offset, length - offset, &page, error))
      return 0;
    if (page.serial != serial || page.flags & PAGE_FIRST)
      return refuse (error, "another stream inside");
    if (is_first && (page.body_length < 8 || memcmp (page.body, "OpusTags", 8) != 0))
      return refuse (error, "not OpusTags");
    if (!is_first && !(page.flags & PAGE_CONTINUED))
      return refuse (error, "tags not continued");
    is_first = FALSE;
    tags_length += page.body_length;
    offset += page.length;
    /* a packet ends on the page whose last segment is shorter than 255 */
    if (page.start[PAGE_HEADER_SIZE - 1] > 0 &&
        page.start[PAGE_HEADER_SIZE + page.start[PAGE_HEADER_SIZE - 1] - 1] < 255)
      return offset;
  }
  return refuse (error, "tags too long");
}

gboolean
guiche_ogg_opus_inspect (const guint8 *data,
                         gsize length,
                         GuicheSoundInfo *out_info,
                         GError **error)
{
  OggPage page;
  gsize offset;
  guint pre_skip = 0;
  gint64 last_granule = 0;
  guint32 serial, sequence = 0;

  if (!read_page (data, length, &page, error) || !read_head (&page, out_info, &pre_skip, error))
    return FALSE;
  serial = page.serial;
  offset = skip_tags (data, length, page.length, serial, error);
  if (offset == 0)
    return FALSE;
  while (offset < length) {
    if (!read_page (data + offset, length - offset, &page, error))
      return FALSE;
    if (page.serial != serial || page.flags & PAGE_FIRST)
      return refuse (error, "another stream inside");
    if (sequence != 0 && page.sequence != sequence + 1)
      return refuse (error, "pages missing");
    if (page.granule != -1 && page.granule < last_granule)
      return refuse (error, "time runs backwards");
    if (page.granule != -1)
      last_granule = page.granule;
    sequence = page.sequence;
    offset += page.length;
    if (page.flags & PAGE_LAST)
      break;
  }
  if (offset != length || last_granule / (OPUS_RATE / 1000) > GUICHE_SOUND_MAX_MS)
    return refuse (error, "data behind the end, or too long");
  out_info->duration_ms = MAX (last_granule - pre_skip, 0) / (OPUS_RATE / 1000);
  return TRUE;
}
