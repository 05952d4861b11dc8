/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inbox/sidebar-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheSidebar:
 *
 * The views, queues and colleagues of a desk, with counts and presence.
 *
 * Property: `item` (GuicheSidebarItem: the chosen view or queue; read-only, notify).
 * Signals: `activated` (): chosen by click or Enter, so that a folded window goes on to the list;
 * `person-activated` (GuichePerson).
 */
#define GUICHE_TYPE_SIDEBAR (guiche_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSidebar, guiche_sidebar, GUICHE, SIDEBAR, AdwBin)

GtkWidget *guiche_sidebar_new (GuicheDesk *desk);
GuicheSidebarItem *guiche_sidebar_get_item (GuicheSidebar *self);
/* Chooses by guiche_sidebar_item_get_id(); FALSE when there is none like it. */
gboolean guiche_sidebar_select (GuicheSidebar *self, const char *id);
AdwHeaderBar *guiche_sidebar_get_header (GuicheSidebar *self);

G_END_DECLS
