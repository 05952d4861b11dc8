/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Private to support/vfs: the notes behind guiche_test_vfs_record(). @path is NULL for
 * temporary files, which a power cut does not matter to. */
void guiche_test_vfs_note_write (const char *path, const void *data, int length, gint64 offset);
void guiche_test_vfs_note_truncate (const char *path, gint64 size);
void guiche_test_vfs_note_sync (const char *path);
void guiche_test_vfs_note_delete (const char *path);

G_END_DECLS
