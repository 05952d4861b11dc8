/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full): the settings of schema `io.github.guiche.Guiche` or, with a @group such as
 * "Chat", of the one below it. Without an installed schema the one beside the build's program is
 * taken, so that the program runs from its build folder. */
GSettings *guiche_preferences_new (const char *group);

G_END_DECLS
