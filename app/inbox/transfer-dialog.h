/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Hands a conversation to another queue or colleague, with a note. */
#define GUICHE_TYPE_TRANSFER_DIALOG (guiche_transfer_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheTransferDialog,
                      guiche_transfer_dialog,
                      GUICHE,
                      TRANSFER_DIALOG,
                      AdwWindow)

/* @to_colleague: begins with a colleague instead of a queue. */
GtkWidget *guiche_transfer_dialog_new (GuicheDesk *desk,
                                       GuicheConversation *conversation,
                                       gboolean to_colleague);

G_END_DECLS
