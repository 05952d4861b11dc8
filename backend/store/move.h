/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/settings.h"
#include "store/db-location.h"

G_BEGIN_DECLS

/**
 * GuicheMovePlace:
 *
 * One installation's store: where its databases, its keys and its companies' files are.
 */
typedef struct {
  char *url;       /* (owned) (nullable): PostgreSQL; NULL: SQLite in @directory */
  char *directory; /* (owned) (nullable): the data directory, with SQLite */
  char *keys;      /* (owned): the directory of audit.key and token.key */
  char *files;     /* (owned) (nullable): the directory that all companies share */
} GuicheMovePlace;

/* What a program with these settings and this data directory uses. */
void guiche_move_place_init (GuicheMovePlace *self, GuicheSettings *settings, const char *data);
/* @to: `postgresql://…` or `sqlite:DIRECTORY`. Files stay where all companies share them;
 * otherwise they go along to a data directory. GUICHE_ERROR_INVALID_REQUEST. */
gboolean guiche_move_place_init_target (GuicheMovePlace *self,
                                        const char *to,
                                        const GuicheMovePlace *from,
                                        GError **error);
void guiche_move_place_clear (GuicheMovePlace *self);
/* (transfer full): NULL: the control schema's. */
GuicheDbLocation *guiche_move_place_locate (const GuicheMovePlace *self, const char *tenant);
/* (transfer full) */
char *guiche_move_place_tenant_directory (const GuicheMovePlace *self, const char *tenant);
/* (transfer full) (element-type utf8): its companies' keys. */
GPtrArray *guiche_move_place_list (const GuicheMovePlace *self, GError **error);

typedef enum {
  GUICHE_MOVE_COPYING,
  GUICHE_MOVE_FOLLOWING, /* what changed meanwhile */
  GUICHE_MOVE_VERIFYING,
  GUICHE_MOVE_SWITCHING,
  GUICHE_MOVE_DONE
} GuicheMovePhase;

typedef struct {
  const char *tenant;
  GuicheMovePhase phase;
  const char *table;    /* (nullable): being copied */
  gint64 rows;          /* copied since the move began */
  gint64 rows_before;   /* of them, by runs before this */
  gint64 rows_total;    /* at the source, when this run began */
  gint64 bytes;         /* of values, by this run */
  gint64 changes;       /* followed by this run */
  gint64 files;         /* that the company has */
  gint64 elapsed_us;    /* of this run */
  gint64 switch_us;     /* done: how long writes were refused; 0: not by this run */
  gboolean was_done;    /* by an earlier run */
  gint64 audit_entries; /* done: verified at the target */
} GuicheMoveProgress;

typedef void (*GuicheMoveFunc) (const GuicheMoveProgress *progress, gpointer user_data);

/**
 * guiche_move_tenant:
 * @func: called after each step
 *
 * Moves a company while its servers go on serving it; to be called again, with the same places,
 * after it was cut off at any point. Waits. At the end of it the source refuses every change, its
 * servers answer GUICHE_ERROR_UNAVAILABLE, and the target's servers have the company.
 *
 * Errors: GUICHE_ERROR_CONFLICT when the target has other data or the company, and names what;
 * GUICHE_ERROR_DATABASE_NEWER, GUICHE_ERROR_INVALID_REQUEST when schema versions differ;
 * GUICHE_ERROR_FORBIDDEN when the keys do; GUICHE_ERROR_DATABASE_CORRUPT when a check fails.
 */
gboolean guiche_move_tenant (const GuicheMovePlace *from,
                             const GuicheMovePlace *to,
                             const char *tenant,
                             GuicheMoveFunc func,
                             gpointer user_data,
                             GError **error);
/* Asks what guiche_move_tenant() asks first and changes nothing; @out_progress: what there is. */
gboolean guiche_move_check (const GuicheMovePlace *from,
                            const GuicheMovePlace *to,
                            const char *tenant,
                            GuicheMoveProgress *out_progress,
                            GError **error);
/* The source is as if nothing had been begun; what is at the target is of no use. Refused with
 * GUICHE_ERROR_CONFLICT once the target's servers have the company. */
gboolean guiche_move_abandon (const GuicheMovePlace *from,
                              const GuicheMovePlace *to,
                              const char *tenant,
                              GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMovePlace, guiche_move_place_clear)

G_END_DECLS
