/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "guiche-store"

#include "store/failpoint.h"
#include "store/migration.h"
#include "store/move-private.h"

#include <string.h>

/* Followed until a step finds no more than this; a busy company is not waited for endlessly. */
#define FEW_CHANGES 200
#define MAX_FOLLOWING 200
/* A file may be on the disk a while before its row is. */
#define FILE_MARGIN_US (600 * (gint64) G_USEC_PER_SEC)

static void
tell (GuicheMove *self, GuicheMovePhase phase)
{
  const GuicheMoveCopy *copy = &self->copy;
  const GuicheMoveTable *table = NULL;

  if (phase == GUICHE_MOVE_COPYING && !guiche_move_copy_is_complete (copy))
    table = copy->tables->pdata[copy->n_copied];
  self->progress.phase = phase;
  self->progress.table = table == NULL ? NULL : table->name;
  self->progress.rows = copy->rows;
  self->progress.bytes = copy->bytes;
  self->progress.changes = copy->changes;
  self->progress.elapsed_us = g_get_monotonic_time () - self->started_us;
  if (self->func != NULL)
    self->func (&self->progress, self->user_data);
}

static gboolean
set_phase (GuicheMove *self, const char *phase, GError **error)
{
  return guiche_move_target_set (self->target, "phase", phase, error);
}

/* --- the steps ------------------------------------------------------------------------------ */

static gboolean
copy_all (GuicheMove *self, GError **error)
{
  while (!guiche_move_copy_is_complete (&self->copy)) {
    guint n_changes;

    if (!guiche_move_copy_step (&self->copy, &n_changes, error))
      return FALSE;
    tell (self, GUICHE_MOVE_COPYING);
  }
  return TRUE;
}

static gboolean
follow (GuicheMove *self, GError **error)
{
  guint n_changes = G_MAXUINT;

  for (guint i = 0; i < MAX_FOLLOWING && n_changes > FEW_CHANGES; i++) {
    if (!guiche_move_copy_step (&self->copy, &n_changes, error))
      return FALSE;
    tell (self, GUICHE_MOVE_FOLLOWING);
  }
  return TRUE;
}

/* Everything is the same in one moment; from there on only what changes has to be looked at. */
static gboolean
verify (GuicheMove *self, GError **error)
{
  tell (self, GUICHE_MOVE_VERIFYING);
  self->files_since_us = g_get_real_time () - FILE_MARGIN_US;
  if (!guiche_move_load_anchor (self, error) || !guiche_move_copy_verify (&self->copy, error) ||
      !guiche_move_files (self->from, self->to, self->tenant, self->target, 0,
                          &self->progress.files, error) ||
      !guiche_move_verify_audit (self, error))
    return FALSE;
  self->verified = self->copy.position;
  guiche_failpoint ("move-verified");
  return guiche_move_target_set_int (self->target, "files-since", self->files_since_us, error) &&
         guiche_move_target_set_int (self->target, "verified", self->verified, error);
}

static gboolean
enforce (GuicheMove *self, GError **error)
{
  if (guiche_db_begin (self->target, error) && guiche_move_target_enforce (self->target, error) &&
      set_phase (self, "ready", error) && guiche_db_commit (self->target, error))
    return TRUE;
  guiche_db_roll_back (self->target);
  return FALSE;
}

static gboolean
publish (GuicheMove *self, GError **error)
{
  guiche_failpoint ("move-ready");
  if (!guiche_move_publish (self->from, self->control, self->tenant, error))
    return FALSE;
  guiche_failpoint ("move-published");
  return TRUE;
}

/* The source takes no more changes: the last of them, the proof, and the target has the company. */
static gboolean
switch_over (GuicheMove *self, GError **error)
{
  gint64 began_us = g_get_monotonic_time ();
  gint64 n_new_files;
  guint n_changes;

  if (!self->log.is_sealed && !guiche_move_log_seal (self->source_writer, self->copy.tables, error))
    return FALSE;
  self->log.is_sealed = TRUE;
  guiche_failpoint ("move-sealed");
  if (!guiche_move_copy_step (&self->copy, &n_changes, error) ||
      !guiche_move_copy_verify_since (&self->copy, self->verified, error) ||
      !guiche_move_files (self->from, self->to, self->tenant, self->target, self->files_since_us,
                          &n_new_files, error))
    return FALSE;
  if (!enforce (self, error) || !publish (self, error))
    return FALSE;
  self->progress.switch_us = g_get_monotonic_time () - began_us;
  return TRUE;
}

/* Should the proof fail, the source goes on. */
static gboolean
switch_or_undo (GuicheMove *self, GError **error)
{
  g_autoptr (GError) failure = NULL;

  tell (self, GUICHE_MOVE_SWITCHING);
  if (switch_over (self, &failure))
    return TRUE;
  if (failure->code == GUICHE_ERROR_DATABASE_CORRUPT && self->log.is_sealed) {
    g_autoptr (GError) stuck = NULL;

    if (!guiche_move_log_remove (self->source_writer, self->copy.tables, &stuck))
      g_warning ("%s stays sealed: %s", self->tenant, stuck->message);
  }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
finish (GuicheMove *self, GError **error)
{
  if (!guiche_move_log_finish (self->source_writer, self->copy.tables, error))
    return FALSE;
  guiche_failpoint ("move-finished");
  if (!guiche_move_target_check_references (self->target, error) ||
      !guiche_move_verify_audit (self, error) || !guiche_move_save_anchor (self, error) ||
      !guiche_move_target_finish (self->target, error))
    return FALSE;
  tell (self, GUICHE_MOVE_DONE);
  return guiche_db_checkpoint (self->target, error);
}

/* From where the last run was cut off. */
static gboolean
go_on (GuicheMove *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *phase = NULL;

  phase = guiche_move_target_get (self->target, "phase", &failure);
  self->verified = guiche_move_target_get_int (self->target, "verified", &failure);
  self->files_since_us = guiche_move_target_get_int (self->target, "files-since", &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (g_strcmp0 (phase, "ready") == 0)
    return publish (self, error) && finish (self, error);
  if (self->log.is_sealed && self->verified >= 0)
    return switch_or_undo (self, error) && finish (self, error);

  return copy_all (self, error) && follow (self, error) && verify (self, error) &&
         follow (self, error) && switch_or_undo (self, error) && finish (self, error);
}

gboolean
guiche_move_tenant (const GuicheMovePlace *from,
                    const GuicheMovePlace *to,
                    const char *tenant,
                    GuicheMoveFunc func,
                    gpointer user_data,
                    GError **error)
{
  g_auto (GuicheMove) self = { .from = from,
                               .to = to,
                               .tenant = tenant,
                               .func = func,
                               .user_data = user_data,
                               .started_us = g_get_monotonic_time () };

  self.progress.tenant = tenant;
  if (!guiche_move_open_source (&self, error))
    return FALSE;
  if (!self.log.is_done || self.log.id == NULL)
    return guiche_move_open_target (&self, error) && go_on (&self, error);
  if (!guiche_move_open_target (&self, error))
    return FALSE;
  if (self.is_at_target)
    return finish (&self, error);
  self.progress.was_done = TRUE;
  tell (&self, GUICHE_MOVE_DONE);
  return TRUE;
}
