/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The internal channels of the company, to join or to open; signal `chosen` (conversation id). */
#define GUICHE_TYPE_CHANNELS_DIALOG (guiche_channels_dialog_get_type ())
G_DECLARE_FINAL_TYPE (GuicheChannelsDialog,
                      guiche_channels_dialog,
                      GUICHE,
                      CHANNELS_DIALOG,
                      AdwWindow)

GtkWidget *guiche_channels_dialog_new (GuicheDesk *desk);

G_END_DECLS
