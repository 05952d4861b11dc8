/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/secret-file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (GError **error, const char *path, const char *problem)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_INTERNAL, "%s: %s", path, problem);
  return FALSE;
}

static gboolean
read_secret (int descriptor, const char *path, guint8 *out, gsize length, GError **error)
{
  struct stat status;

  if (fstat (descriptor, &status) != 0)
    return fail (error, path, g_strerror (errno));
  if ((status.st_mode & 077) != 0)
    return fail (error, path, "others may read it; set its mode to 0600");
  if (status.st_size != (off_t) length || pread (descriptor, out, length, 0) != (ssize_t) length)
    return fail (error, path, "not of the expected length");

  return TRUE;
}

/* Under its own name only when whole: a crash leaves no short secret. */
static gboolean
make_secret (int directory,
             const char *path,
             const char *name,
             guint8 *out,
             gsize length,
             GError **error)
{
  g_autofree char *partial = g_strconcat (name, ".partial", NULL);
  int descriptor =
      openat (directory, partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean is_written;

  if (descriptor < 0)
    return fail (error, path, g_strerror (errno));

  if (sodium_init () < 0)
    g_error ("libsodium does not start");
  randombytes_buf (out, length);
  is_written = write (descriptor, out, length) == (ssize_t) length && fsync (descriptor) == 0;
  close (descriptor);
  if (is_written && renameat (directory, partial, directory, name) == 0 && fsync (directory) == 0)
    return TRUE;

  return fail (error, path, g_strerror (errno));
}

gboolean
guiche_secret_file_load (const char *directory,
                         const char *name,
                         guint8 *out,
                         gsize length,
                         GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  int parent = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int descriptor;
  gboolean is_loaded;

  if (parent < 0)
    return fail (error, directory, g_strerror (errno));

  descriptor = openat (parent, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor >= 0)
    is_loaded = read_secret (descriptor, path, out, length, error);
  else if (errno == ENOENT)
    is_loaded = make_secret (parent, path, name, out, length, error);
  else
    is_loaded = fail (error, path, g_strerror (errno));

  if (descriptor >= 0)
    close (descriptor);
  close (parent);
  return is_loaded;
}
