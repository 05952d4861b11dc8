/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * A disk that misbehaves on demand: an SQLite VFS in front of the real one, made the default by
 * guiche_test_vfs_install(). Its state is the process's own and safe on every thread.
 */

typedef enum {
  GUICHE_TEST_VFS_WRITE = 1 << 0, /* of database and log */
  GUICHE_TEST_VFS_SYNC = 1 << 1,
  GUICHE_TEST_VFS_READ = 1 << 2,
  GUICHE_TEST_VFS_TRUNCATE = 1 << 3,
  GUICHE_TEST_VFS_OPEN = 1 << 4
} GuicheTestVfsCalls;

void guiche_test_vfs_install (void);
/* Every sync takes so much longer. */
void guiche_test_vfs_set_sync_delay (guint delay_us);

/* The @nth call (from 1) of one of the kinds in @calls fails with an I/O error, and when
 * @for_ever all after it too. 0 ends it. */
void guiche_test_vfs_fail (GuicheTestVfsCalls calls, guint nth, gboolean for_ever);
/* How often a failure was given since guiche_test_vfs_fail(). */
guint guiche_test_vfs_failures (void);
/* Files opened since the process began. */
guint guiche_test_vfs_opens (void);
/* Writes fail with a full disk while it is set. */
void guiche_test_vfs_set_full (gboolean is_full);

/* Notes every write, truncation and sync from now on, for guiche_test_vfs_crash_image(). */
void guiche_test_vfs_record (gboolean is_recording);
/* Calls noted so far. */
guint guiche_test_vfs_n_recorded (void);
/* Makes the files in @directory (made from those below @source) what a power cut after @n_calls
 * may leave: what was synced is there; of the rest each sector is there or not, by @seed. */
void guiche_test_vfs_crash_image (const char *source,
                                  const char *directory,
                                  guint n_calls,
                                  guint32 seed);

G_END_DECLS
