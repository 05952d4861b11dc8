/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* One's own name, status, presence and password. */
#define GUICHE_TYPE_PROFILE_DIALOG (guiche_profile_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheProfileDialog, guiche_profile_dialog, GUICHE, PROFILE_DIALOG, AdwWindow)

GtkWidget *guiche_profile_dialog_new (GuicheDesk *desk);

G_END_DECLS
