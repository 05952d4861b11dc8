/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Chooses a colleague among all, with presence; signal `chosen` (GuichePerson). */
#define GUICHE_TYPE_PEOPLE_DIALOG (guiche_people_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuichePeopleDialog, guiche_people_dialog, GUICHE, PEOPLE_DIALOG, AdwWindow)

GtkWidget *guiche_people_dialog_new (GuicheDesk *desk);

G_END_DECLS
