/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inbox/sidebar-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One recycled line of the sidebar. */
#define GUICHE_TYPE_SIDEBAR_ROW (guiche_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSidebarRow, guiche_sidebar_row, GUICHE, SIDEBAR_ROW, GtkBox)

GtkWidget *guiche_sidebar_row_new (void);
void guiche_sidebar_row_set_item (GuicheSidebarRow *self, GuicheSidebarItem *item); /* (nullable) */

G_END_DECLS
