/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl migrate-store */
#include "config.h"

#include "base/error.h"
#include "guichectl/command.h"
#include "guiched-options.h"
#include "store/move.h"

#include <stdio.h>

#define TELL_EVERY_US (G_USEC_PER_SEC / 2)

static const char *const phase_names[] = {
  [GUICHE_MOVE_COPYING] = "copying",     [GUICHE_MOVE_FOLLOWING] = "following",
  [GUICHE_MOVE_VERIFYING] = "verifying", [GUICHE_MOVE_SWITCHING] = "switching",
  [GUICHE_MOVE_DONE] = "done",
};

typedef struct {
  gboolean as_json;
  gboolean has_told;
  GuicheMovePhase phase; /* that was told last */
  gint64 told_us;
} Telling;

typedef struct {
  GuicheMovePlace from, to;
} Places;

static double
rows_per_second (const GuicheMoveProgress *progress)
{
  return progress->elapsed_us == 0 ? 0
                                   : (double) (progress->rows - progress->rows_before) * 1e6 /
                                         (double) progress->elapsed_us;
}

static gint64
seconds_left (const GuicheMoveProgress *progress)
{
  double speed = rows_per_second (progress);

  return speed < 1 ? 0
                   : (gint64) ((double) MAX (progress->rows_total - progress->rows, 0) / speed) + 1;
}

static void
print_json (const GuicheMoveProgress *progress)
{
  g_autoptr (GuicheJsonWriter) json = guiche_json_writer_new ();
  gsize length;

  guiche_json_writer_begin_object (json);
  guiche_json_writer_member_string (json, "tenant", progress->tenant);
  guiche_json_writer_member_string (json, "phase", phase_names[progress->phase]);
  if (progress->table != NULL)
    guiche_json_writer_member_string (json, "table", progress->table);
  guiche_json_writer_member_int (json, "rows", progress->rows);
  guiche_json_writer_member_int (json, "rows_total", progress->rows_total);
  guiche_json_writer_member_int (json, "bytes", progress->bytes);
  guiche_json_writer_member_int (json, "changes", progress->changes);
  guiche_json_writer_member_int (json, "elapsed_ms", progress->elapsed_us / 1000);
  if (progress->phase == GUICHE_MOVE_COPYING) {
    guiche_json_writer_member_int (json, "rows_per_s", (gint64) rows_per_second (progress));
    guiche_json_writer_member_int (json, "left_s", seconds_left (progress));
  }
  if (progress->phase == GUICHE_MOVE_DONE) {
    guiche_json_writer_member_int (json, "files", progress->files);
    guiche_json_writer_member_int (json, "audit_entries", progress->audit_entries);
    guiche_json_writer_member_int (json, "switch_ms", progress->switch_us / 1000);
    guiche_json_writer_member_bool (json, "was_done", progress->was_done);
  }
  guiche_json_writer_end_object (json);
  printf ("%s\n", guiche_json_writer_peek (json, &length));
  fflush (stdout);
}

static void
print_line (const GuicheMoveProgress *progress)
{
  if (progress->phase == GUICHE_MOVE_DONE && progress->was_done)
    printf ("%s: has moved already\n", progress->tenant);
  else if (progress->phase == GUICHE_MOVE_DONE)
    printf ("%s: done: %" G_GINT64_FORMAT " rows and %" G_GINT64_FORMAT
            " changes, %" G_GINT64_FORMAT " files, %" G_GINT64_FORMAT
            " audit entries verified; writes were refused for %" G_GINT64_FORMAT " ms\n",
            progress->tenant, progress->rows, progress->changes, progress->files,
            progress->audit_entries, progress->switch_us / 1000);
  else if (progress->phase == GUICHE_MOVE_COPYING)
    printf ("%s: copying %s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
            " rows, %.1f MB, %.0f rows/s, %" G_GINT64_FORMAT " s left\n",
            progress->tenant, progress->table == NULL ? "" : progress->table, progress->rows,
            progress->rows_total, (double) progress->bytes / 1e6, rows_per_second (progress),
            seconds_left (progress));
  else
    printf ("%s: %s, %" G_GINT64_FORMAT " changes\n", progress->tenant,
            phase_names[progress->phase], progress->changes);
  fflush (stdout);
}

static void
on_progress (const GuicheMoveProgress *progress, gpointer user_data)
{
  Telling *telling = user_data;
  gint64 now_us = g_get_monotonic_time ();

  if (telling->has_told && telling->phase == progress->phase &&
      now_us - telling->told_us < TELL_EVERY_US)
    return;
  telling->has_told = TRUE;
  telling->phase = progress->phase;
  telling->told_us = now_us;
  if (telling->as_json)
    print_json (progress);
  else
    print_line (progress);
}

static gboolean
look (const GuichectlOptions *options, const Places *places, const char *tenant, GError **error)
{
  GuicheMoveProgress progress = { 0 };

  if (!guiche_move_check (&places->from, &places->to, tenant, &progress, error))
    return FALSE;
  if (options->as_json)
    print_json (&progress);
  else if (progress.was_done)
    printf ("%s: has moved already\n", tenant);
  else
    printf ("%s: %" G_GINT64_FORMAT " rows would be copied\n", tenant, progress.rows_total);
  return TRUE;
}

static gboolean
move_one (const GuichectlOptions *options, const Places *places, const char *tenant, GError **error)
{
  Telling telling = { .as_json = options->as_json };
  gboolean is_done;

  if (options->is_dry_run)
    is_done = look (options, places, tenant, error);
  else if (options->abandons)
    is_done = guiche_move_abandon (&places->from, &places->to, tenant, error);
  else
    is_done = guiche_move_tenant (&places->from, &places->to, tenant, on_progress, &telling, error);
  if (!is_done)
    g_prefix_error (error, "%s: ", tenant);
  return is_done;
}

static gboolean
move_all (const GuichectlOptions *options, const Places *places, GError **error)
{
  g_autoptr (GPtrArray) tenants = NULL;

  if (options->target.tenant != NULL)
    return move_one (options, places, options->target.tenant, error);
  tenants = guiche_move_place_list (&places->from, error);
  if (tenants == NULL)
    return FALSE;
  for (guint i = 0; i < tenants->len; i++)
    if (!move_one (options, places, tenants->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
migrate_store (GuichectlCall *call, GError **error)
{
  const GuichectlOptions *options = call->options;
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GuicheSettings) settings =
                 guiche_settings_load (options->target.config, environment, error);
  g_autofree char *data = options->target.data != NULL ? g_strdup (options->target.data)
                                                       : guiched_options_default_data ();
  Places places = { 0 };
  gboolean is_done;

  if (settings == NULL)
    return FALSE;
  if (options->to == NULL) {
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST,
                         "say where to: --to postgresql://… or --to sqlite:DIR");
    return FALSE;
  }
  guiche_move_place_init (&places.from, settings, data);
  is_done = guiche_move_place_init_target (&places.to, options->to, &places.from, error) &&
            move_all (options, &places, error);
  guiche_move_place_clear (&places.from);
  guiche_move_place_clear (&places.to);
  return is_done;
}

const GuichectlCommand guichectl_move_commands[] = {
  { "migrate-store", NULL, "--to STORE", 0, 0, TRUE, migrate_store,
    "move companies to PostgreSQL or back while they are served", TRUE },
  { NULL },
};
