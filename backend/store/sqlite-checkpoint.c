/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/sqlite-private.h"

#include <fcntl.h>

/*
 * A commit is appended to the write-ahead log and synced there; a checkpoint copies its pages back
 * into the database, syncs that, and lets the log begin anew. All at once that stops the writer for
 * as long as the disk likes. So it is done in bites: SQLite copies only what the oldest reader no
 * longer needs, hence a read transaction of our own, opened at one bite, bounds the next. Bites
 * need no sync (each commit has synced the log; the database is synced by the bite that ends the
 * log), and the kernel is asked to begin writing what they copied, so that the last sync finds
 * little to do.
 */

#define BITE_FRAMES 256
/* Readers may keep the log from ending; it is asked again after so many more. */
#define RETRY_FRAMES 512

static void
release (GuicheSqlite *self)
{
  if (!self->is_pinned)
    return;

  sqlite3_exec (self->pin, "ROLLBACK", NULL, NULL, NULL);
  self->is_pinned = FALSE;
}

/* The next bite goes as far as the log reaches now. Without the pin it would only be a larger
 * bite: failing is not an error. */
static void
pin (GuicheSqlite *self)
{
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;

  release (self);
  if (self->pin == NULL) {
    if (sqlite3_open_v2 (self->path, &self->pin, flags, NULL) != SQLITE_OK)
      return;
    sqlite3_db_config (self->pin, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_exec (self->pin, "PRAGMA wal_autocheckpoint=0", NULL, NULL, NULL);
  }

  self->is_pinned = sqlite3_exec (self->pin, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", NULL,
                                  NULL, NULL) == SQLITE_OK;
}

static gboolean
copy_back (GuicheSqlite *self, GError **error)
{
  int n_frames = 0;
  int n_copied = 0;
  int code = sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &n_frames,
                                        &n_copied);

  if (code != SQLITE_OK) {
    guiche_sqlite_set_error (self, code, "checkpoint", error);
    return FALSE;
  }

  self->copied_frames = (guint) MAX (n_copied, 0);
  return TRUE;
}

static gboolean
bite (GuicheSqlite *self, GError **error)
{
  gboolean is_done;

  /* Safe: only up to the pin, which is older than the last commit's sync. */
  if (sqlite3_exec (self->handle, "PRAGMA synchronous=OFF", NULL, NULL, NULL) != SQLITE_OK)
    return TRUE;
  is_done = copy_back (self, error);
  /* A connection that stayed so would acknowledge what is not on disk. */
  if (sqlite3_exec (self->handle, "PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK) {
    self->base.is_damaged = TRUE;
    if (is_done)
      guiche_sqlite_set_error (self, sqlite3_errcode (self->handle), "synchronous=FULL", error);
    return FALSE;
  }

  if (self->descriptor >= 0)
    sync_file_range (self->descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
  self->last_bite = self->log_frames;
  pin (self);
  return is_done;
}

gboolean
guiche_sqlite_checkpoint (GuicheDb *db, GError **error)
{
  GuicheSqlite *self = (GuicheSqlite *) db;

  release (self);
  self->last_bite = self->log_frames;
  return copy_back (self, error);
}

void
guiche_sqlite_truncate_log (GuicheDb *db)
{
  GuicheSqlite *self = (GuicheSqlite *) db;

  if (!guiche_sqlite_checkpoint (db, NULL))
    return;

  /* Readers are not waited for. */
  sqlite3_busy_timeout (self->handle, 0);
  if (sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
      SQLITE_OK)
    self->log_frames = self->copied_frames = self->last_bite = 0;
  sqlite3_busy_timeout (self->handle, GUICHE_SQLITE_BUSY_TIMEOUT_MS);
}

gboolean
guiche_sqlite_tend_log (GuicheDb *db, GError **error)
{
  GuicheSqlite *self = (GuicheSqlite *) db;
  guint n_new = self->log_frames - MIN (self->last_bite, self->log_frames);

  if (n_new < BITE_FRAMES)
    return TRUE;
  if (!self->is_pinned && self->last_bite < self->log_frames &&
      self->log_frames < self->end_frames) {
    pin (self);
    self->last_bite = self->log_frames;
    return TRUE;
  }
  if (self->log_frames < self->end_frames)
    return bite (self, error);
  if (n_new < RETRY_FRAMES && self->log_frames > self->end_frames + BITE_FRAMES * 2)
    return TRUE;

  return guiche_sqlite_checkpoint (db, error);
}

guint
guiche_sqlite_log_frames (GuicheDb *db)
{
  GuicheSqlite *self = (GuicheSqlite *) db;

  return self->log_frames - MIN (self->copied_frames, self->log_frames);
}

/* Called by each commit with the length of the log; a shorter one has begun anew. */
int
guiche_sqlite_on_log_written (void *data, sqlite3 *handle, const char *name, int n_frames)
{
  GuicheSqlite *self = data;

  if ((guint) n_frames < self->log_frames) {
    self->copied_frames = 0;
    self->last_bite = 0;
  }
  self->log_frames = (guint) n_frames;
  return SQLITE_OK;
}

void
guiche_sqlite_close_pin (GuicheSqlite *self)
{
  release (self);
  sqlite3_close (self->pin);
  self->pin = NULL;
}
