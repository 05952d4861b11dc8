/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/move-table.h"

G_BEGIN_DECLS

/* What is put into the database that a company is moved from, while its servers go on serving:
 * triggers that note the key of each changed row in `move_changes`, and at the end triggers that
 * refuse every change. The database itself sees to both, whichever program writes it; a server
 * answers what is refused with GUICHE_ERROR_UNAVAILABLE. */

/* What a sealed database says; the engines turn it into GUICHE_ERROR_UNAVAILABLE. */
#define GUICHE_MOVE_SEALED "guiche: the company is moved to another database"
#define GUICHE_MOVE_SEALED_STATE "GU001"

/* What is said to who writes to it. (transfer full) */
GError *guiche_move_sealed_error (void);

typedef struct {
  char *id; /* (owned) (nullable): of the move under way or done; NULL: none */
  gboolean is_sealed;
  gboolean is_done; /* the company lives elsewhere */
} GuicheMoveLog;

void guiche_move_log_clear (GuicheMoveLog *self);
gboolean guiche_move_log_load (GuicheDb *source, GuicheMoveLog *out_log, GError **error);
/* From here on changes are noted. */
gboolean guiche_move_log_start (GuicheDb *source,
                                GPtrArray *tables,
                                const char *id,
                                GError **error);
/* From here on changes are refused; waits for those under way. */
gboolean guiche_move_log_seal (GuicheDb *source, GPtrArray *tables, GError **error);
/* The company lives elsewhere: what was noted is no longer needed, the seal stays. */
gboolean guiche_move_log_finish (GuicheDb *source, GPtrArray *tables, GError **error);
/* As if nothing had been begun. */
gboolean guiche_move_log_remove (GuicheDb *source, GPtrArray *tables, GError **error);

/* (transfer full) (element-type utf8 GPtrArray): by table, the keys of the rows that changed from
 * position @since on, each once, as the transaction sees them. */
GHashTable *guiche_move_log_read (GuicheDb *source, gint64 since, GError **error);
/* From where a later transaction has to read: all before it is seen by this one. -1 on error. */
gint64 guiche_move_log_position (GuicheDb *source, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMoveLog, guiche_move_log_clear)

G_END_DECLS
