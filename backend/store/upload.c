/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "base/text.h"
#include "store/file-collect.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES 4096

struct _GuicheUpload {
  GuicheTenant *tenant; /* (not owned) */
  char *path;           /* (owned) (nullable): of the temporary file while it exists */
  int descriptor;
  gint64 max_bytes;
  gint64 size;
  crypto_hash_sha256_state hash;
  gsize head_length;
  guint8 head[HEAD_BYTES];
};

static gboolean
fail (const char *what, const char *path, GError **error)
{
  int number = errno;
  gboolean is_full = number == ENOSPC || number == EDQUOT || number == EFBIG;

  g_set_error (error, GUICHE_ERROR, is_full ? GUICHE_ERROR_STORAGE_FULL : GUICHE_ERROR_INTERNAL,
               "%s %s: %s", what, path, g_strerror (number));
  return FALSE;
}

/**
 * guiche_upload_new:
 * @max_bytes: more is refused as it arrives
 *
 * Returns: (transfer full):
 */
GuicheUpload *
guiche_upload_new (GuicheTenant *tenant, gint64 max_bytes, GError **error)
{
  g_autoptr (GuicheUpload) self = g_new0 (GuicheUpload, 1);
  g_autofree char *directory =
      g_build_filename (tenant->files_directory, GUICHE_FILES_INCOMING, NULL);
  g_autofree char *path = g_build_filename (directory, "XXXXXX", NULL);

  self->tenant = tenant;
  self->max_bytes = max_bytes;
  self->descriptor = -1;
  crypto_hash_sha256_init (&self->hash);
  if (g_mkdir_with_parents (directory, 0700) != 0) {
    fail ("creating", directory, error);
    return NULL;
  }
  self->descriptor = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (self->descriptor < 0) {
    fail ("creating", path, error);
    return NULL;
  }

  self->path = g_steal_pointer (&path);
  return g_steal_pointer (&self);
}

void
guiche_upload_free (GuicheUpload *self)
{
  if (self->descriptor >= 0)
    close (self->descriptor);
  if (self->path != NULL)
    g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}

gboolean
guiche_upload_write (GuicheUpload *self, const void *data, gsize length, GError **error)
{
  const guint8 *bytes = data;
  gsize n_head = MIN (length, sizeof self->head - self->head_length);

  if ((gint64) length > self->max_bytes - self->size) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_TOO_LARGE,
                 "a file of more than %" G_GINT64_FORMAT " bytes", self->max_bytes);
    if (error != NULL)
      guiche_error_set_detail_int (*error, "max_bytes", self->max_bytes);
    return FALSE;
  }

  memcpy (self->head + self->head_length, bytes, n_head);
  self->head_length += n_head;
  self->size += (gint64) length;
  crypto_hash_sha256_update (&self->hash, bytes, length);
  while (length > 0) {
    ssize_t n = write (self->descriptor, bytes, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail ("writing", self->path, error);
    bytes += n;
    length -= (gsize) n;
  }

  return TRUE;
}

/* Names that a system would run, whatever is in them. */
static gboolean
has_executable_ending (const char *name)
{
  static const char *const endings[] = { "exe", "dll",     "com",      "scr", "pif", "bat", "cmd",
                                         "ps1", "vbs",     "vbe",      "js",  "jse", "wsf", "wsh",
                                         "hta", "msi",     "msp",      "lnk", "jar", "apk", "cpl",
                                         "reg", "desktop", "appimage", NULL };
  const char *dot = strrchr (name, '.');
  g_autofree char *ending = dot == NULL ? NULL : g_ascii_strdown (dot + 1, -1);

  return ending != NULL && g_strv_contains (endings, ending);
}

static gboolean
has_kind (const char *type, const char *kind)
{
  return g_str_has_prefix (type, kind) && type[strlen (kind)] == '/';
}

/* The type to store: the sniffed one, unless it does not agree in kind with the declared one.
 * The containers say audio or video by their tracks, which are not read here: the sender may say.
 */
static const char *
agree (const char *sniffed, const char *declared)
{
  if (strcmp (sniffed, "application/x-executable") == 0)
    return NULL;
  if (declared == NULL || *declared == '\0' ||
      g_str_has_prefix (declared, "application/octet-stream"))
    return sniffed;
  if (has_kind (declared, "audio") && strcmp (sniffed, "video/webm") == 0)
    return "audio/webm";
  if (has_kind (declared, "audio") && strcmp (sniffed, "video/mp4") == 0)
    return "audio/mp4";
  if (has_kind (declared, "video") && strcmp (sniffed, "audio/ogg") == 0)
    return "video/ogg";
  /* Text is harmless whatever it was called (JSON, XML, a spreadsheet's CSV). */
  if (strcmp (sniffed, "text/plain") == 0)
    return has_kind (declared, "text") || has_kind (declared, "application") ? sniffed : NULL;

  for (const char *const *kind =
           (const char *const[]){ "image", "audio", "video", "application", NULL };
       *kind != NULL; kind++) {
    if (has_kind (sniffed, *kind))
      return has_kind (declared, *kind) ? sniffed : NULL;
  }

  return NULL;
}

static gboolean
sync_directory (const char *path, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_synced = descriptor >= 0 && fsync (descriptor) == 0;

  if (!is_synced)
    fail ("syncing", path, error);
  if (descriptor >= 0)
    close (descriptor);
  return is_synced;
}

/* Bytes first, then the name, then the directories that hold it: what a row names exists. */
static gboolean
move_into_place (GuicheUpload *self, const char *sha256, GError **error)
{
  g_autofree char *path = guiche_file_path (self->tenant, sha256);
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *parent = g_path_get_dirname (directory);

  if (fsync (self->descriptor) != 0)
    return fail ("syncing", self->path, error);
  if (g_mkdir (directory, 0700) != 0 && errno != EEXIST)
    return fail ("creating", directory, error);
  if (g_rename (self->path, path) != 0)
    return fail ("moving to", path, error);

  g_clear_pointer (&self->path, g_free);
  return sync_directory (directory, error) && sync_directory (parent, error);
}

gboolean
guiche_upload_finish (GuicheUpload *self,
                      const char *name,
                      const char *declared_type,
                      GuicheFile *out_file,
                      GError **error)
{
  g_autofree char *safe_name = guiche_text_file_name (name);
  const char *type = agree (guiche_file_sniff (self->head, self->head_length), declared_type);
  guint8 hash[crypto_hash_sha256_BYTES];
  char sha256[2 * crypto_hash_sha256_BYTES + 1];

  if (type == NULL || has_executable_ending (safe_name)) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE,
                 "the file is not what it is said to be, or a program");
    return FALSE;
  }

  crypto_hash_sha256_final (&self->hash, hash);
  sodium_bin2hex (sha256, sizeof sha256, hash, sizeof hash);
  if (!move_into_place (self, sha256, error))
    return FALSE;

  memset (out_file, 0, sizeof *out_file);
  out_file->name = g_steal_pointer (&safe_name);
  out_file->type = g_strdup (type);
  out_file->sha256 = g_strdup (sha256);
  out_file->size = self->size;
  return TRUE;
}
