/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Puts a conversation aside until a time: one of a few usual ones, or any. */
#define GUICHE_TYPE_SNOOZE_DIALOG (guiche_snooze_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSnoozeDialog, guiche_snooze_dialog, GUICHE, SNOOZE_DIALOG, AdwWindow)

GtkWidget *guiche_snooze_dialog_new (GuicheDesk *desk, GuicheConversation *conversation);

G_END_DECLS
