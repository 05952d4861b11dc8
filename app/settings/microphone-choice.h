/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Fills @row with the microphones present and binds the choice to key `microphone` of @settings.
 * One that is not plugged in now stays chosen, and is listed as such. */
void guiche_microphone_choice_attach (AdwComboRow *row, GSettings *settings);

G_END_DECLS
