/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Closes a conversation with a reason; the toast afterwards takes it back. */
#define GUICHE_TYPE_CLOSE_DIALOG (guiche_close_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheCloseDialog, guiche_close_dialog, GUICHE, CLOSE_DIALOG, AdwWindow)

GtkWidget *guiche_close_dialog_new (GuicheDesk *desk, GuicheConversation *conversation);

G_END_DECLS
