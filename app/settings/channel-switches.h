/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Adds a switch for each kind of conversation, bound to key `muted-channels` of @settings. */
void guiche_channel_switches_add (AdwPreferencesGroup *group, GSettings *settings);

G_END_DECLS
