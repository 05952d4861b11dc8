/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheSearchDialog:
 *
 * Ctrl+K: finds people, conversations and messages as one types, all of it on this computer. Up and
 * Down choose while the cursor stays in the entry; Enter opens.
 *
 * Signals: `hit-chosen` (conversation id, message seq or 0), `person-chosen` (GuichePerson).
 */
#define GUICHE_TYPE_SEARCH_DIALOG (guiche_search_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSearchDialog, guiche_search_dialog, GUICHE, SEARCH_DIALOG, AdwWindow)

GtkWidget *guiche_search_dialog_new (GuicheDesk *desk);

G_END_DECLS
