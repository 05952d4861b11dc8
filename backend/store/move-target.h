/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/move-table.h"

G_BEGIN_DECLS

/* The database that a company is moved to: how far the move is, kept in `move_progress` and changed
 * in the transactions that move it on; and its foreign keys, which are not enforced meanwhile. */

gboolean guiche_move_has_table (GuicheDb *db, const char *name, gboolean *out_has, GError **error);
/* In a transaction: no server writes the company until it ends. */
gboolean guiche_move_take_company (GuicheDb *db, GError **error);

/* GUICHE_ERROR_CONFLICT naming the first table with rows that are not a new company's. */
gboolean guiche_move_target_check_empty (GuicheDb *db, GPtrArray *tables, GError **error);
/* Empties it and begins: state `id`. */
gboolean guiche_move_target_start (GuicheDb *db, GPtrArray *tables, const char *id, GError **error);
/* (transfer full): NULL without error when there is none. */
char *guiche_move_target_get (GuicheDb *db, const char *name, GError **error);
/* Part of the running transaction. */
gboolean guiche_move_target_set (GuicheDb *db, const char *name, const char *value, GError **error);
gboolean guiche_move_target_set_int (GuicheDb *db, const char *name, gint64 value, GError **error);
/* -1 when there is none or on error. */
gint64 guiche_move_target_get_int (GuicheDb *db, const char *name, GError **error);

/* References are enforced from here on, those that are there not looked at yet. */
gboolean guiche_move_target_enforce (GuicheDb *db, GError **error);
/* Looks at them. */
gboolean guiche_move_target_check_references (GuicheDb *db, GError **error);
/* Nothing of the move is left but the company. */
gboolean guiche_move_target_finish (GuicheDb *db, GError **error);

G_END_DECLS
