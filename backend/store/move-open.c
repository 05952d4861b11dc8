/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/audit-anchor.h"
#include "store/audit.h"
#include "store/migration.h"
#include "store/move-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

void
guiche_move_clear (GuicheMove *self)
{
  guiche_move_copy_clear (&self->copy);
  guiche_move_log_clear (&self->log);
  g_clear_pointer (&self->source, guiche_db_close);
  g_clear_pointer (&self->source_writer, guiche_db_close);
  g_clear_pointer (&self->target, guiche_db_close);
  g_clear_pointer (&self->control, guiche_db_close);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  if (self->lock_descriptor > 0)
    close (self->lock_descriptor);
}

/* --- the source ----------------------------------------------------------------------------- */

static gboolean
refuse_version (GuicheDb *db, gint64 version, const char *what, GError **error)
{
  g_set_error (
      error, GUICHE_ERROR,
      version > guiche_migration_newest (GUICHE_MIGRATIONS_TENANT) ? GUICHE_ERROR_DATABASE_NEWER
                                                                   : GUICHE_ERROR_INVALID_REQUEST,
      "%s has schema %" G_GINT64_FORMAT ", this program knows %" G_GINT64_FORMAT ": %s",
      guiche_db_name (db), version, guiche_migration_newest (GUICHE_MIGRATIONS_TENANT), what);
  return FALSE;
}

static gboolean
exists (const GuicheDbLocation *location)
{
  return location->kind != GUICHE_DB_SQLITE || g_file_test (location->path, G_FILE_TEST_EXISTS);
}

static gboolean
count_all (GuicheMove *self, GError **error)
{
  for (guint i = 0; i < self->tables->len; i++) {
    const GuicheMoveTable *table = self->tables->pdata[i];
    GuicheStatement *statement = guiche_db_prepare (self->source, table->count, error);

    if (statement == NULL || !guiche_statement_next (statement, error))
      return FALSE;
    self->progress.rows_total += guiche_statement_int (statement, 0);
    guiche_statement_reset (statement);
  }
  return TRUE;
}

gboolean
guiche_move_open_source (GuicheMove *self, GError **error)
{
  g_autoptr (GuicheDbLocation) location = guiche_move_place_locate (self->from, self->tenant);
  gint64 version;

  if (!exists (location)) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_NOT_FOUND, "there is no company %s: no %s",
                 self->tenant, location->path);
    return FALSE;
  }
  self->tables = guiche_move_tables_new (error);
  self->source = self->tables == NULL ? NULL : guiche_db_open (location, GUICHE_DB_READER, error);
  if (self->source == NULL)
    return FALSE;
  version = guiche_db_get_version (self->source, error);
  if (version < 0)
    return FALSE;
  if (version != guiche_migration_newest (GUICHE_MIGRATIONS_TENANT))
    return refuse_version (self->source, version,
                           "start and stop a server of this version there first", error);
  self->source_writer = guiche_db_open (location, GUICHE_DB_WRITER, error);
  return self->source_writer != NULL && guiche_move_log_load (self->source, &self->log, error) &&
         count_all (self, error);
}

/* --- the target ----------------------------------------------------------------------------- */

/* As a server would: no server uses the directory, and no other move. */
static gboolean
lock_directory (GuicheMove *self, GError **error)
{
  g_autofree char *directory = guiche_move_place_tenant_directory (self->to, self->tenant);
  g_autofree char *path = g_build_filename (self->to->directory, "lock", NULL);

  if (g_mkdir_with_parents (directory, 0700) == 0)
    self->lock_descriptor = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_descriptor > 0 && flock (self->lock_descriptor, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "%s: %s", self->to->directory,
               errno == EWOULDBLOCK ? "a server or another move uses it" : g_strerror (errno));
  return FALSE;
}

static gboolean
lock_schema (GuicheMove *self, GError **error)
{
  static const char sql[] =
      "SELECT pg_try_advisory_lock(hashtextextended('guiche move ' || $1, 0))";
  GuicheStatement *statement;
  gboolean is_locked;

  if (!guiche_db_is_shared (self->target))
    return TRUE;
  statement = guiche_db_prepare (self->target, sql, error);
  if (statement == NULL)
    return FALSE;
  guiche_statement_bind_text (statement, 1, self->tenant);
  if (!guiche_statement_next (statement, error))
    return FALSE;
  is_locked = guiche_statement_int (statement, 0) != 0;
  guiche_statement_reset (statement);
  if (!is_locked)
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE, "%s: another move is at work",
                 guiche_db_name (self->target));
  return is_locked;
}

/* What is there, with nothing changed. NULL without error: no database. A move that ended while it
 * made the target's tables left an older schema: it is brought to the present when it is empty. */
static GuicheDb *
look_at_target (GuicheMove *self, const GuicheDbLocation *location, GError **error)
{
  g_autoptr (GuicheDb) db = NULL;
  gint64 version;

  if (!exists (location))
    return NULL;
  db = guiche_db_open (location, GUICHE_DB_READER, error);
  version = db == NULL ? -1 : guiche_db_get_version (db, error);
  if (version <= 0)
    return NULL;
  if (version <= guiche_migration_newest (GUICHE_MIGRATIONS_TENANT))
    return g_steal_pointer (&db);
  refuse_version (db, version, "it is not this program's", error);
  return NULL;
}

static gboolean
refuse_other (GuicheDb *db, GError **error)
{
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
               "%s has what another move began: --abandon removes it", guiche_db_name (db));
  return FALSE;
}

/* Empty, or begun by this very move. */
static gboolean
check_target (GuicheMove *self, const GuicheDbLocation *location, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GuicheDb) db = look_at_target (self, location, &failure);
  g_autofree char *id = NULL;
  gboolean has_progress = FALSE;

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (db == NULL)
    return TRUE;
  if (!guiche_move_has_table (db, "move_progress", &has_progress, error))
    return FALSE;
  if (!has_progress)
    return self->log.is_done || guiche_move_target_check_empty (db, self->tables, error);
  id = guiche_move_target_get (db, "id", error);
  if (id == NULL || g_strcmp0 (id, self->log.id) != 0)
    return refuse_other (db, error);
  self->is_at_target = TRUE;
  return TRUE;
}

static gboolean
open_control (GuicheMove *self, GError **error)
{
  g_autoptr (GuicheDbLocation) location = guiche_move_place_locate (self->to, NULL);
  gboolean has_tenant = FALSE;

  self->control = guiche_migrate (location, GUICHE_MIGRATIONS_CONTROL, NULL, 1, error);
  if (self->control == NULL || !guiche_move_keys (self->from, self->to, self->control, error) ||
      !guiche_move_has_tenant (self->control, self->tenant, &has_tenant, error))
    return FALSE;
  if (!has_tenant || self->is_at_target || self->log.is_done)
    return TRUE;
  g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
               "the target has a company %s already; nothing was changed", self->tenant);
  return FALSE;
}

static gboolean
begin (GuicheMove *self, GError **error)
{
  if (self->log.id == NULL) {
    self->log.id = g_uuid_string_random ();
    if (!guiche_move_log_start (self->source_writer, self->tables, self->log.id, error))
      return FALSE;
  }
  return self->is_at_target ||
         guiche_move_target_start (self->target, self->tables, self->log.id, error);
}

gboolean
guiche_move_open_target (GuicheMove *self, GError **error)
{
  g_autoptr (GuicheDbLocation) location = guiche_move_place_locate (self->to, self->tenant);

  if ((self->to->url == NULL && !lock_directory (self, error)) ||
      !check_target (self, location, error) || !open_control (self, error))
    return FALSE;
  if (self->log.is_done && !self->is_at_target)
    return TRUE;
  self->target = guiche_migrate (location, GUICHE_MIGRATIONS_TENANT, NULL, 1, error);
  if (self->target == NULL || !guiche_db_set_foreign_keys (self->target, FALSE, error) ||
      !lock_schema (self, error) || !begin (self, error))
    return FALSE;
  self->is_at_target = TRUE;
  self->copy.source = self->source;
  self->copy.target = self->target;
  self->copy.tables = self->tables;
  if (!guiche_move_copy_load (&self->copy, error))
    return FALSE;
  self->progress.rows_before = self->copy.rows;
  return TRUE;
}

/* --- the audit log -------------------------------------------------------------------------- */

static gboolean
verify_chain (GuicheMove *self, const guint8 *key, GError **error)
{
  g_autoptr (GuicheClock) clock = guiche_clock_new_system ();
  GuicheTx *tx = guiche_tx_new (self->tenant, key, clock, 0, TRUE);
  const GuicheAuditHead *anchor = self->anchor.seq == 0 ? NULL : &self->anchor;
  static const GuicheActor nobody = { 0 };
  gboolean is_fine =
      guiche_db_begin_read (self->target, error) && guiche_tx_attach (tx, self->target, error);

  if (is_fine) {
    guiche_tx_begin_request (tx, &nobody, NULL);
    is_fine = guiche_audit_verify (tx, anchor, &self->progress.audit_entries, error);
  }
  guiche_db_roll_back (self->target);
  guiche_tx_free (tx);
  return is_fine;
}

gboolean
guiche_move_load_anchor (GuicheMove *self, GError **error)
{
  g_autofree char *directory = NULL;

  if (self->from->directory == NULL)
    return TRUE;
  directory = guiche_move_place_tenant_directory (self->from, self->tenant);
  return guiche_audit_anchor_load (directory, &self->anchor, error);
}

gboolean
guiche_move_verify_audit (GuicheMove *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->from->keys, "audit.key", NULL);
  g_autofree char *key = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &key, &length, error))
    return FALSE;
  if (length != GUICHE_AUDIT_KEY_BYTES) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_FORBIDDEN, "%s is no audit key", path);
    return FALSE;
  }
  return verify_chain (self, (const guint8 *) key, error);
}

gboolean
guiche_move_save_anchor (GuicheMove *self, GError **error)
{
  g_autofree char *directory = NULL;
  GuicheAuditHead head;

  if (self->to->directory == NULL)
    return TRUE;
  directory = guiche_move_place_tenant_directory (self->to, self->tenant);
  return guiche_audit_load_head (self->target, &head, error) &&
         (head.seq == 0 || guiche_audit_anchor_save (directory, &head, error));
}

/* --- looking, and giving up ------------------------------------------------------------------ */

gboolean
guiche_move_check (const GuicheMovePlace *from,
                   const GuicheMovePlace *to,
                   const char *tenant,
                   GuicheMoveProgress *out_progress,
                   GError **error)
{
  g_auto (GuicheMove) self = { .from = from, .to = to, .tenant = tenant };
  g_autoptr (GuicheDbLocation) location = guiche_move_place_locate (to, tenant);

  if (!guiche_move_open_source (&self, error) || !check_target (&self, location, error))
    return FALSE;
  *out_progress = self.progress;
  out_progress->tenant = tenant;
  out_progress->was_done = self.log.is_done;
  return TRUE;
}

/* The schema or the file goes, if all that is in it is a move's. */
static gboolean
remove_target (GuicheMove *self, const GuicheDbLocation *location, GError **error)
{
  g_autoptr (GuicheDb) db = guiche_db_open (location, GUICHE_DB_WRITER, error);
  g_autofree char *script = NULL;

  if (db == NULL)
    return FALSE;
  if (guiche_db_is_shared (db)) {
    script = g_strdup_printf ("DROP SCHEMA \"%s\" CASCADE", location->schema);
    return guiche_db_run_script (db, script, error);
  }
  g_clear_pointer (&db, guiche_db_close);
  for (guint i = 0; i < 3; i++) {
    static const char *const ends[] = { "", "-wal", "-shm" };
    g_autofree char *path = g_strconcat (location->path, ends[i], NULL);

    g_unlink (path);
  }
  return TRUE;
}

gboolean
guiche_move_abandon (const GuicheMovePlace *from,
                     const GuicheMovePlace *to,
                     const char *tenant,
                     GError **error)
{
  g_auto (GuicheMove) self = { .from = from, .to = to, .tenant = tenant };
  g_autoptr (GuicheDbLocation) location = guiche_move_place_locate (to, tenant);
  g_autoptr (GError) failure = NULL;
  g_autoptr (GuicheDb) db = NULL;
  g_autofree char *phase = NULL;
  gboolean has_progress = FALSE;

  if ((to->url == NULL && !lock_directory (&self, error)) ||
      !guiche_move_open_source (&self, error))
    return FALSE;
  db = look_at_target (&self, location, &failure);
  if (db != NULL && guiche_move_has_table (db, "move_progress", &has_progress, &failure) &&
      has_progress)
    phase = guiche_move_target_get (db, "phase", &failure);
  g_clear_pointer (&db, guiche_db_close);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (self.log.is_done || g_strcmp0 (phase, "ready") == 0) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_CONFLICT,
                 "%s has moved: run the move again to its end", tenant);
    return FALSE;
  }
  return guiche_move_log_remove (self.source_writer, self.tables, error) &&
         (!has_progress || remove_target (&self, location, error));
}
