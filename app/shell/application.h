/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheApplication:
 *
 * One instance a session; owns the session, the desk and the notifier of the profile in use, and
 * the actions `app.*`. Opens on the cache, then connects. Options: `--profile ID`, `--demo` (the
 * sample company on this computer), `--background` (no window yet), `--version`.
 */
#define GUICHE_TYPE_APPLICATION (guiche_application_get_type ())
G_DECLARE_FINAL_TYPE (GuicheApplication, guiche_application, GUICHE, APPLICATION, AdwApplication)

GuicheApplication *guiche_application_new (void);

G_END_DECLS
