/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Names and makes an internal channel; signal `made` (conversation id). */
#define GUICHE_TYPE_NEW_CHANNEL_DIALOG (guiche_new_channel_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheNewChannelDialog,
                      guiche_new_channel_dialog,
                      GUICHE,
                      NEW_CHANNEL_DIALOG,
                      AdwWindow)

GtkWidget *guiche_new_channel_dialog_new (GuicheDesk *desk);

G_END_DECLS
