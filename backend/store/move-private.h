/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/move-control.h"
#include "store/move-copy.h"
#include "store/move-log.h"
#include "store/move-target.h"
#include "store/tx-private.h"

G_BEGIN_DECLS

/* One run of a move: move.c (its steps), move-open.c (its databases). */
typedef struct {
  const GuicheMovePlace *from, *to; /* (not owned) */
  const char *tenant;               /* (not owned) */
  GuicheMoveFunc func;              /* (nullable) */
  gpointer user_data;
  gint64 started_us;
  GuicheMoveProgress progress;

  GuicheDb *source;        /* (owned) (nullable): a reader */
  GuicheDb *source_writer; /* (owned) (nullable) */
  GuicheDb *target;        /* (owned) (nullable) */
  GuicheDb *control;       /* (owned) (nullable): the target's */
  int lock_descriptor;     /* of the target's data directory, 0: none */
  GPtrArray *tables;       /* (owned) (nullable) */
  GuicheMoveLog log;
  GuicheMoveCopy copy;
  gboolean is_at_target; /* the target knows of this move */
  gint64 verified;       /* the position at which everything was the same */
  gint64 files_since_us;
  GuicheAuditHead anchor; /* of the source's audit log */
} GuicheMove;

/* Opens and checks it; what was begun is in @log. */
gboolean guiche_move_open_source (GuicheMove *self, GError **error);
/* Makes it, unless it is there; begins the move, unless it is begun. */
gboolean guiche_move_open_target (GuicheMove *self, GError **error);
void guiche_move_clear (GuicheMove *self);

/* To be called before the log is copied, which can then only be longer. */
gboolean guiche_move_load_anchor (GuicheMove *self, GError **error);
gboolean guiche_move_verify_audit (GuicheMove *self, GError **error);
/* The chain's end, beside a database that is a file of ours. */
gboolean guiche_move_save_anchor (GuicheMove *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMove, guiche_move_clear)

G_END_DECLS
