/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guiched-instance.h"

#include "base/error.h"
#include "base/json-writer.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_NAME "guiched.lock"
#define CONTENT_MAX 4096

struct _GuicheInstance {
  int fd; /* locked */
};

static void
set_errno (GError **error, const char *doing, const char *path)
{
  int code = errno;
  GuicheError kind = code == ENOSPC ? GUICHE_ERROR_STORAGE_FULL : GUICHE_ERROR_UNAVAILABLE;

  g_set_error (error, GUICHE_ERROR, kind, "%s %s: %s", doing, path, g_strerror (code));
}

/* Who holds the lock said so in the file, unless it is still starting. */
static void
set_taken (GError **error, int fd, const char *directory)
{
  char content[CONTENT_MAX];
  ssize_t length = pread (fd, content, sizeof content, 0);
  g_autoptr (JsonNode) node = length <= 0 ? NULL
                                          : guiche_json_parse_object (content, (gsize) length,
                                                                      CONTENT_MAX, NULL);
  const char *url = NULL;
  gint64 pid = 0;
  GError *taken;

  if (node != NULL) {
    guiche_json_get_string (json_node_get_object (node), "url", FALSE, &url, NULL);
    guiche_json_get_int (json_node_get_object (node), "pid", FALSE, &pid, NULL);
  }
  taken =
      g_error_new (GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                   "%s is in use by another process (pid %" G_GINT64_FORMAT ")", directory, pid);
  guiche_error_set_detail_int (taken, "pid", pid);
  if (url != NULL)
    guiche_error_set_detail (taken, "url", url);
  g_propagate_error (error, taken);
}

static gboolean
write_content (int fd, const char *url)
{
  g_autoptr (GuicheJsonWriter) writer = guiche_json_writer_new ();
  const char *text;
  gsize length;

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_int (writer, "pid", getpid ());
  guiche_json_writer_member_string (writer, "url", url);
  guiche_json_writer_end_object (writer);
  text = guiche_json_writer_peek (writer, &length);
  return ftruncate (fd, 0) == 0 && pwrite (fd, text, length, 0) == (ssize_t) length;
}

GuicheInstance *
guiche_instance_acquire (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  GuicheInstance *self;
  int fd;

  if (g_mkdir_with_parents (directory, 0700) != 0) {
    set_errno (error, "making", directory);
    return NULL;
  }
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    set_errno (error, "opening", path);
    return NULL;
  }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      set_taken (error, fd, directory);
    else
      set_errno (error, "locking", path);
    close (fd);
    return NULL;
  }
  if (!write_content (fd, NULL)) {
    set_errno (error, "writing", path);
    close (fd);
    return NULL;
  }
  self = g_new0 (GuicheInstance, 1);
  self->fd = fd;
  return self;
}

gboolean
guiche_instance_publish (GuicheInstance *self, const char *url, GError **error)
{
  if (write_content (self->fd, url))
    return TRUE;
  set_errno (error, "writing", FILE_NAME);
  return FALSE;
}

void
guiche_instance_release (GuicheInstance *self)
{
  if (self == NULL)
    return;
  if (ftruncate (self->fd, 0) != 0)
    g_debug ("emptying %s: %s", FILE_NAME, g_strerror (errno));
  close (self->fd);
  g_free (self);
}
