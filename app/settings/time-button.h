/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Chooses a time of the day. Property: `minutes` (uint, since midnight, read and write, notify). */
#define GUICHE_TYPE_TIME_BUTTON (guiche_time_button_get_type ())
G_DECLARE_FINAL_TYPE (GuicheTimeButton, guiche_time_button, GUICHE, TIME_BUTTON, GtkBox)

G_END_DECLS
