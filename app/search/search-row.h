/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One result; what was searched for stands out in it. */
#define GUICHE_TYPE_SEARCH_ROW (guiche_search_row_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSearchRow, guiche_search_row, GUICHE, SEARCH_ROW, GtkListBoxRow)

GtkWidget *guiche_search_row_new (GuicheSearchHit *hit, const char *query);
GuicheSearchHit *guiche_search_row_get_hit (GuicheSearchRow *self);

G_END_DECLS
