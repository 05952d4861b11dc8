/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/vfs.h"

#include "support/vfs-record.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
  sqlite3_file base;
  char *path;          /* (owned) (nullable) */
  sqlite3_file real[]; /* of the VFS behind */
} File;

static sqlite3_vfs shim;
static sqlite3_vfs *behind;
static sqlite3_io_methods methods;
static guint sync_delay_us;  /* (atomic) */
static guint failing_calls;  /* (atomic) */
static gint countdown;       /* (atomic) */
static guint fails_for_ever; /* (atomic) */
static guint n_failures;     /* (atomic) */
static guint n_opens;        /* (atomic) */
static guint disk_is_full;   /* (atomic) */

/* TRUE when this call shall fail. */
static gboolean
fails (GuicheTestVfsCalls call)
{
  gint left;

  if ((g_atomic_int_get (&failing_calls) & call) == 0)
    return FALSE;

  left = g_atomic_int_add (&countdown, -1);
  if (left != 1 && !(left < 1 && g_atomic_int_get (&fails_for_ever)))
    return FALSE;
  g_atomic_int_inc (&n_failures);
  return TRUE;
}

static int
file_close (sqlite3_file *base)
{
  File *self = (File *) base;
  int code = self->real->pMethods->xClose (self->real);

  g_clear_pointer (&self->path, g_free);
  return code;
}

static int
file_read (sqlite3_file *base, void *data, int length, sqlite3_int64 offset)
{
  File *self = (File *) base;

  if (fails (GUICHE_TEST_VFS_READ))
    return SQLITE_IOERR_READ;
  return self->real->pMethods->xRead (self->real, data, length, offset);
}

static int
file_write (sqlite3_file *base, const void *data, int length, sqlite3_int64 offset)
{
  File *self = (File *) base;

  if (g_atomic_int_get (&disk_is_full))
    return SQLITE_FULL;
  if (fails (GUICHE_TEST_VFS_WRITE))
    return SQLITE_IOERR_WRITE;
  guiche_test_vfs_note_write (self->path, data, length, offset);
  return self->real->pMethods->xWrite (self->real, data, length, offset);
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  File *self = (File *) base;

  if (fails (GUICHE_TEST_VFS_TRUNCATE))
    return SQLITE_IOERR_TRUNCATE;
  guiche_test_vfs_note_truncate (self->path, size);
  return self->real->pMethods->xTruncate (self->real, size);
}

static int
file_sync (sqlite3_file *base, int flags)
{
  File *self = (File *) base;
  int code;

  if (fails (GUICHE_TEST_VFS_SYNC))
    return SQLITE_IOERR_FSYNC;
  if (g_atomic_int_get (&sync_delay_us) > 0)
    g_usleep (g_atomic_int_get (&sync_delay_us));
  code = self->real->pMethods->xSync (self->real, flags);
  guiche_test_vfs_note_sync (self->path);
  return code;
}

#define FORWARD(name, parameters, arguments)                                                       \
  static int file_##name parameters                                                                \
  {                                                                                                \
    File *self = (File *) base;                                                                    \
                                                                                                   \
    return self->real->pMethods->name arguments;                                                   \
  }

FORWARD (xFileSize, (sqlite3_file * base, sqlite3_int64 *size), (self->real, size))
FORWARD (xLock, (sqlite3_file * base, int level), (self->real, level))
FORWARD (xUnlock, (sqlite3_file * base, int level), (self->real, level))
FORWARD (xCheckReservedLock, (sqlite3_file * base, int *result), (self->real, result))
FORWARD (xFileControl, (sqlite3_file * base, int op, void *data), (self->real, op, data))
FORWARD (xSectorSize, (sqlite3_file * base), (self->real))
FORWARD (xDeviceCharacteristics, (sqlite3_file * base), (self->real))
FORWARD (xShmMap,
         (sqlite3_file * base, int region, int size, int extend, void volatile **memory),
         (self->real, region, size, extend, memory))
FORWARD (xShmLock,
         (sqlite3_file * base, int offset, int n, int flags),
         (self->real, offset, n, flags))
FORWARD (xShmUnmap, (sqlite3_file * base, int remove), (self->real, remove))
FORWARD (xFetch,
         (sqlite3_file * base, sqlite3_int64 offset, int amount, void **data),
         (self->real, offset, amount, data))
FORWARD (xUnfetch,
         (sqlite3_file * base, sqlite3_int64 offset, void *data),
         (self->real, offset, data))

static void
file_barrier (sqlite3_file *base)
{
  File *self = (File *) base;

  self->real->pMethods->xShmBarrier (self->real);
}

static int
shim_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
  File *self = (File *) base;
  int code;

  self->base.pMethods = NULL;
  if (fails (GUICHE_TEST_VFS_OPEN))
    return SQLITE_CANTOPEN;
  code = behind->xOpen (behind, name, self->real, flags, out_flags);
  if (code != SQLITE_OK)
    return code;

  g_atomic_int_inc (&n_opens);
  self->path = g_strdup (name);
  self->base.pMethods = &methods;
  return SQLITE_OK;
}

static int
shim_delete (sqlite3_vfs *vfs, const char *name, int sync_directory)
{
  guiche_test_vfs_note_delete (name);
  return behind->xDelete (behind, name, sync_directory);
}

void
guiche_test_vfs_install (void)
{
  if (behind != NULL)
    return;

  /* As the store does; the next call starts the library, after which it is too late. */
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  behind = sqlite3_vfs_find (NULL);
  shim = *behind;
  shim.zName = "guiche-test";
  shim.pNext = NULL;
  shim.szOsFile = (int) sizeof (File) + behind->szOsFile;
  shim.xOpen = shim_open;
  shim.xDelete = shim_delete;
  methods = (sqlite3_io_methods){
    .iVersion = 3,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_xFileSize,
    .xLock = file_xLock,
    .xUnlock = file_xUnlock,
    .xCheckReservedLock = file_xCheckReservedLock,
    .xFileControl = file_xFileControl,
    .xSectorSize = file_xSectorSize,
    .xDeviceCharacteristics = file_xDeviceCharacteristics,
    .xShmMap = file_xShmMap,
    .xShmLock = file_xShmLock,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_xShmUnmap,
    .xFetch = file_xFetch,
    .xUnfetch = file_xUnfetch,
  };
  g_assert (sqlite3_vfs_register (&shim, TRUE) == SQLITE_OK);
}

void
guiche_test_vfs_set_sync_delay (guint delay_us)
{
  g_atomic_int_set (&sync_delay_us, delay_us);
}

void
guiche_test_vfs_fail (GuicheTestVfsCalls calls, guint nth, gboolean for_ever)
{
  g_atomic_int_set (&failing_calls, 0);
  g_atomic_int_set (&n_failures, 0);
  g_atomic_int_set (&fails_for_ever, (guint) for_ever);
  g_atomic_int_set (&countdown, (gint) nth);
  g_atomic_int_set (&failing_calls, nth == 0 ? 0 : (guint) calls);
}

guint
guiche_test_vfs_failures (void)
{
  return g_atomic_int_get (&n_failures);
}

guint
guiche_test_vfs_opens (void)
{
  return g_atomic_int_get (&n_opens);
}

void
guiche_test_vfs_set_full (gboolean is_full)
{
  g_atomic_int_set (&disk_is_full, (guint) is_full);
}
