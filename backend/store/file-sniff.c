/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/files.h"

#include <string.h>

/* What a file is by its first bytes. Ordered: the first that fits counts. */
typedef struct {
  gsize offset;
  gsize length;
  const char *bytes;
  const char *type;
} Signature;

#define EXECUTABLE "application/x-executable"

static const Signature signatures[] = {
  { 0, 4,
    "\x7f"
    "ELF",
    EXECUTABLE },
  { 0, 2, "MZ", EXECUTABLE },
  { 0, 2, "#!", EXECUTABLE },
  { 0, 5, "\xef\xbb\xbf#!", EXECUTABLE },
  { 0, 4, "\xfe\xed\xfa\xce", EXECUTABLE }, /* Mach-O, both widths and byte orders, and fat */
  { 0, 4, "\xfe\xed\xfa\xcf", EXECUTABLE },
  { 0, 4, "\xce\xfa\xed\xfe", EXECUTABLE },
  { 0, 4, "\xcf\xfa\xed\xfe", EXECUTABLE },
  { 0, 4, "\xca\xfe\xba\xbe", EXECUTABLE }, /* and Java classes */
  { 0, 4, "dex\n", EXECUTABLE },
  { 0, 4, "\0asm", EXECUTABLE },
  { 0, 8, "L\0\0\0\x01\x14\x02\0", EXECUTABLE }, /* Windows shortcut */
  { 0, 15, "[Desktop Entry]", EXECUTABLE },
  { 0, 8, "\x89PNG\r\n\x1a\n", "image/png" },
  { 0, 3, "\xff\xd8\xff", "image/jpeg" },
  { 0, 6, "GIF87a", "image/gif" },
  { 0, 6, "GIF89a", "image/gif" },
  { 8, 4, "WEBP", "image/webp" },
  { 8, 4, "WAVE", "audio/wav" },
  { 0, 4, "OggS", "audio/ogg" },
  { 0, 4, "fLaC", "audio/flac" },
  { 0, 3, "ID3", "audio/mpeg" },
  { 0, 4, "\x1a\x45\xdf\xa3", "video/webm" },
  { 4, 7, "ftypM4A", "audio/mp4" },
  { 4, 7, "ftypM4B", "audio/mp4" },
  { 4, 8, "ftypavif", "image/avif" },
  { 4, 8, "ftypheic", "image/heic" },
  { 4, 8, "ftypheix", "image/heic" },
  { 4, 8, "ftypmif1", "image/heic" },
  { 4, 4, "ftyp", "video/mp4" },
  { 0, 5, "%PDF-", "application/pdf" },
  { 30, 46, "mimetypeapplication/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.text" },
  { 30, 53, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet" },
  { 30, 54, "mimetypeapplication/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.presentation" },
  { 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage" },
};

/* A member's name near the beginning tells what a zip archive is. */
static const Signature zip_members[] = {
  { 0, 19, "AndroidManifest.xml", EXECUTABLE },
  { 0, 20, "META-INF/MANIFEST.MF", EXECUTABLE },
  { 0, 5, "word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
  { 0, 3, "xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
  { 0, 4, "ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
};

static const char *
sniff_zip (const guint8 *head, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (zip_members); i++) {
    if (memmem (head, length, zip_members[i].bytes, zip_members[i].length) != NULL)
      return zip_members[i].type;
  }

  return "application/zip";
}

/* RIFF holds many things; the form type at 8 counts only there. */
static gboolean
fits (const Signature *signature, const guint8 *head, gsize length)
{
  if (signature->offset + signature->length > length)
    return FALSE;
  if (signature->offset == 8 && memcmp (head, "RIFF", 4) != 0)
    return FALSE;
  if (signature->offset == 30 && memcmp (head, "PK", 2) != 0)
    return FALSE;

  return memcmp (head + signature->offset, signature->bytes, signature->length) == 0;
}

/* Sync word and a layer and rate that exist: ISO 11172-3, 2.4.1.3; ADTS: ISO 13818-7, 6.2. */
static const char *
sniff_audio_frame (const guint8 *head, gsize length)
{
  if (length < 4 || head[0] != 0xff || (head[1] & 0xe0) != 0xe0)
    return NULL;
  if ((head[1] & 0xf6) == 0xf0)
    return "audio/aac";
  if ((head[1] & 0x06) != 0 && (head[1] & 0x18) != 0x08 && (head[2] & 0xf0) != 0xf0 &&
      (head[2] & 0x0c) != 0x0c)
    return "audio/mpeg";

  return NULL;
}

/* Text in any encoding that extends ASCII: bank files and spreadsheets still come as Latin-1. */
static gboolean
is_text (const guint8 *head, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if ((head[i] < 0x20 && strchr ("\t\n\r\f\x1a", head[i]) == NULL) || head[i] == 0x7f ||
        head[i] == 0)
      return FALSE;
  }

  return TRUE;
}

const char *
guiche_file_sniff (const guint8 *head, gsize length)
{
  const char *type;

  for (gsize i = 0; i < G_N_ELEMENTS (signatures); i++) {
    if (fits (&signatures[i], head, length))
      return signatures[i].type;
  }
  if (length >= 4 && memcmp (head, "PK\x03\x04", 4) == 0)
    return sniff_zip (head, length);
  type = sniff_audio_frame (head, length);
  if (type != NULL)
    return type;
  if (is_text (head, length))
    return "text/plain";

  return "application/octet-stream";
}
