/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The preferences: each widget is bound to its setting and takes effect at once. */
#define GUICHE_TYPE_PREFERENCES_WINDOW (guiche_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (GuichePreferencesWindow,
                      guiche_preferences_window,
                      GUICHE,
                      PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

GtkWidget *guiche_preferences_window_new (void);

G_END_DECLS
