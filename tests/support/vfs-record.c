/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/vfs-record.h"

#include "support/vfs.h"

#include <string.h>

#define SECTOR_BYTES 512

typedef enum {
  CALL_WRITE,
  CALL_TRUNCATE,
  CALL_SYNC,
  CALL_DELETE
} CallKind;

typedef struct {
  CallKind kind;
  char *path;    /* (owned) */
  gint64 offset; /* or the size */
  GBytes *data;  /* (owned) (nullable) */
} Call;

static GMutex lock;
static GPtrArray *calls; /* (lock) (element-type Call) (nullable): NULL when nothing is noted */

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->path);
  g_clear_pointer (&call->data, g_bytes_unref);
  g_free (call);
}

static void
note (CallKind kind, const char *path, gint64 offset, const void *data, gsize length)
{
  if (path == NULL)
    return;

  g_mutex_lock (&lock);
  if (calls != NULL) {
    Call *call = g_new0 (Call, 1);

    call->kind = kind;
    call->path = g_strdup (path);
    call->offset = offset;
    call->data = data == NULL ? NULL : g_bytes_new (data, length);
    g_ptr_array_add (calls, call);
  }
  g_mutex_unlock (&lock);
}

void
guiche_test_vfs_note_write (const char *path, const void *data, int length, gint64 offset)
{
  note (CALL_WRITE, path, offset, data, (gsize) length);
}

void
guiche_test_vfs_note_truncate (const char *path, gint64 size)
{
  note (CALL_TRUNCATE, path, size, NULL, 0);
}

void
guiche_test_vfs_note_sync (const char *path)
{
  note (CALL_SYNC, path, 0, NULL, 0);
}

void
guiche_test_vfs_note_delete (const char *path)
{
  note (CALL_DELETE, path, 0, NULL, 0);
}

void
guiche_test_vfs_record (gboolean is_recording)
{
  g_mutex_lock (&lock);
  g_clear_pointer (&calls, g_ptr_array_unref);
  if (is_recording)
    calls = g_ptr_array_new_with_free_func (call_free);
  g_mutex_unlock (&lock);
}

guint
guiche_test_vfs_n_recorded (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = calls == NULL ? 0 : calls->len;
  g_mutex_unlock (&lock);
  return n;
}

static void
set_size (GByteArray *contents, gint64 size)
{
  gsize old = contents->len;

  g_byte_array_set_size (contents, (guint) size);
  if ((gsize) size > old)
    memset (contents->data + old, 0, (gsize) size - old);
}

static void
apply_bytes (GByteArray *contents, gint64 offset, const guint8 *data, gsize length)
{
  if (offset + (gint64) length > contents->len)
    set_size (contents, offset + (gint64) length);
  memcpy (contents->data + offset, data, length);
}

/* What was not synced reaches the disk sector by sector, in any order, or not at all. */
static void
apply_torn (GByteArray *contents, const Call *call, GRand *rand)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (call->data, &length);

  for (gsize at = 0; at < length; at += SECTOR_BYTES) {
    if (g_rand_boolean (rand))
      apply_bytes (contents, call->offset + (gint64) at, data + at,
                   MIN (SECTOR_BYTES, length - at));
  }
}

static void
apply (GByteArray *contents, const Call *call, gboolean is_synced, GRand *rand)
{
  gsize length;
  const guint8 *data;

  switch (call->kind) {
  case CALL_WRITE:
    if (!is_synced) {
      apply_torn (contents, call, rand);
      return;
    }
    data = g_bytes_get_data (call->data, &length);
    apply_bytes (contents, call->offset, data, length);
    return;
  case CALL_TRUNCATE:
    if (is_synced || g_rand_boolean (rand))
      set_size (contents, call->offset);
    return;
  case CALL_DELETE:
    set_size (contents, 0);
    return;
  case CALL_SYNC:
  default:
    return;
  }
}

/* (lock): the last sync of @path before @n_calls. */
static guint
last_sync (const char *path, guint n_calls)
{
  for (guint i = n_calls; i > 0; i--) {
    const Call *call = calls->pdata[i - 1];

    if (call->kind == CALL_SYNC && strcmp (call->path, path) == 0)
      return i;
  }

  return 0;
}

static void
write_image (const char *path, const char *target, guint n_calls, GRand *rand)
{
  g_autoptr (GByteArray) contents = g_byte_array_new ();
  guint n_synced = last_sync (path, n_calls);
  gboolean was_touched = FALSE;

  for (guint i = 0; i < n_calls; i++) {
    const Call *call = calls->pdata[i];

    if (strcmp (call->path, path) != 0)
      continue;
    was_touched = TRUE;
    apply (contents, call, i < n_synced, rand);
  }
  if (was_touched)
    g_assert_true (g_file_set_contents_full (target, (const char *) contents->data, contents->len,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

void
guiche_test_vfs_crash_image (const char *source, const char *directory, guint n_calls, guint32 seed)
{
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
  GRand *rand = g_rand_new_with_seed (seed);

  g_mutex_lock (&lock);
  for (guint i = 0; i < n_calls; i++) {
    const Call *call = calls->pdata[i];
    g_autofree char *target = NULL;
    g_autofree char *parent = NULL;

    if (!g_str_has_prefix (call->path, source) || !g_hash_table_add (done, call->path))
      continue;
    target = g_strconcat (directory, call->path + strlen (source), NULL);
    parent = g_path_get_dirname (target);
    g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
    write_image (call->path, target, n_calls, rand);
  }
  g_mutex_unlock (&lock);
  g_rand_free (rand);
}
