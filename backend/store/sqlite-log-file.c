/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/sqlite-private.h"

#include <string.h>

/*
 * SQLite writes each page of its log in two pieces, a header of 24 bytes and the page: for a writer
 * of small transactions those calls are a sixth of its time. This VFS, used by the writer's
 * connection only, puts what is written to the log one after the other together, and passes it on
 * before anything else happens to the file: before it is synced, read, measured or cut, and before
 * other connections are told of it (the barrier of the shared index). So nobody sees the difference
 * but the system.
 */

/* The system's VFS takes no more than 128 KiB at a time. */
#define MAX_HELD (64 * 1024)
#define VFS_NAME "guiche"

typedef struct _File File;

struct _File {
  sqlite3_file base;
  File *log;      /* (not owned) (nullable): of a database file */
  File *database; /* (not owned) (nullable): of a log */
  char *held;     /* (owned) (nullable): of a log, what is to be written at held_offset */
  int held_length;
  sqlite3_int64 held_offset;
  sqlite3_file real[]; /* of the VFS behind */
};

static sqlite3_vfs *behind;

static int
flush (File *self)
{
  int code = SQLITE_OK;

  if (self->held_length > 0)
    code =
        self->real->pMethods->xWrite (self->real, self->held, self->held_length, self->held_offset);
  if (code == SQLITE_OK)
    self->held_length = 0;
  return code;
}

static int
on_close (sqlite3_file *base)
{
  File *self = (File *) base;
  int flushed = flush (self);
  int closed = self->real->pMethods->xClose (self->real);

  if (self->database != NULL)
    self->database->log = NULL;
  if (self->log != NULL)
    self->log->database = NULL;
  g_clear_pointer (&self->held, g_free);
  return flushed != SQLITE_OK ? flushed : closed;
}

static int
on_write (sqlite3_file *base, const void *data, int length, sqlite3_int64 offset)
{
  File *self = (File *) base;
  gboolean follows = offset == self->held_offset + self->held_length;
  int code = SQLITE_OK;

  if (!follows || self->held_length + length > MAX_HELD)
    code = flush (self);
  if (code != SQLITE_OK)
    return code;
  if (self->held == NULL || length > MAX_HELD)
    return self->real->pMethods->xWrite (self->real, data, length, offset);

  if (self->held_length == 0)
    self->held_offset = offset;
  memcpy (self->held + self->held_length, data, (gsize) length);
  self->held_length += length;
  return SQLITE_OK;
}

static void
on_barrier (sqlite3_file *base)
{
  File *self = (File *) base;

  /* Only after a commit without a sync is there anything left here; what cannot be written stays
   * held, and the next call on the log fails. */
  if (self->log != NULL)
    flush (self->log);
  self->real->pMethods->xShmBarrier (self->real);
}

/* Whatever else is asked of a file: what is held goes first. */
#define AFTER_FLUSH(method, parameters, arguments)                                                 \
  static int on_##method parameters                                                                \
  {                                                                                                \
    File *self = (File *) base;                                                                    \
    int code = flush (self);                                                                       \
                                                                                                   \
    return code != SQLITE_OK ? code : self->real->pMethods->method arguments;                      \
  }

AFTER_FLUSH (xRead,
             (sqlite3_file * base, void *data, int length, sqlite3_int64 offset),
             (self->real, data, length, offset))
AFTER_FLUSH (xTruncate, (sqlite3_file * base, sqlite3_int64 size), (self->real, size))
AFTER_FLUSH (xSync, (sqlite3_file * base, int flags), (self->real, flags))
AFTER_FLUSH (xFileSize, (sqlite3_file * base, sqlite3_int64 *size), (self->real, size))

/* Asked of databases only, or of no consequence. */
#define FORWARD(method, parameters, arguments)                                                     \
  static int on_##method parameters                                                                \
  {                                                                                                \
    File *self = (File *) base;                                                                    \
                                                                                                   \
    return self->real->pMethods->method arguments;                                                 \
  }

FORWARD (xFileControl, (sqlite3_file * base, int op, void *data), (self->real, op, data))
FORWARD (xLock, (sqlite3_file * base, int level), (self->real, level))
FORWARD (xUnlock, (sqlite3_file * base, int level), (self->real, level))
FORWARD (xCheckReservedLock, (sqlite3_file * base, int *result), (self->real, result))
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

static const sqlite3_io_methods methods = {
  .iVersion = 3,
  .xClose = on_close,
  .xRead = on_xRead,
  .xWrite = on_write,
  .xTruncate = on_xTruncate,
  .xSync = on_xSync,
  .xFileSize = on_xFileSize,
  .xLock = on_xLock,
  .xUnlock = on_xUnlock,
  .xCheckReservedLock = on_xCheckReservedLock,
  .xFileControl = on_xFileControl,
  .xSectorSize = on_xSectorSize,
  .xDeviceCharacteristics = on_xDeviceCharacteristics,
  .xShmMap = on_xShmMap,
  .xShmLock = on_xShmLock,
  .xShmBarrier = on_barrier,
  .xShmUnmap = on_xShmUnmap,
  .xFetch = on_xFetch,
  .xUnfetch = on_xUnfetch,
};

/* The database and its log are wrapped; what else there is (temporary files) is not. */
static int
on_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
  File *self = (File *) base;
  int code;

  if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
    return behind->xOpen (behind, name, base, flags, out_flags);

  memset (self, 0, sizeof *self);
  code = behind->xOpen (behind, name, self->real, flags, out_flags);
  if (code != SQLITE_OK) {
    if (self->real->pMethods != NULL)
      self->real->pMethods->xClose (self->real);
    return code;
  }

  self->base.pMethods = &methods;
  if ((flags & SQLITE_OPEN_WAL) != 0) {
    self->held = g_malloc (MAX_HELD);
    self->database = (File *) sqlite3_database_file_object (name);
    self->database->log = self;
  }
  return SQLITE_OK;
}

const char *
guiche_sqlite_log_vfs (void)
{
  static gsize is_registered;
  static sqlite3_vfs vfs;

  if (g_once_init_enter (&is_registered)) {
    behind = sqlite3_vfs_find (NULL);
    vfs = *behind;
    vfs.zName = VFS_NAME;
    vfs.pNext = NULL;
    vfs.szOsFile = (int) sizeof (File) + behind->szOsFile;
    vfs.xOpen = on_open;
    if (sqlite3_vfs_register (&vfs, FALSE) != SQLITE_OK)
      g_error ("SQLite does not take a VFS");
    g_once_init_leave (&is_registered, 1);
  }

  return VFS_NAME;
}
