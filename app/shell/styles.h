/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Loads the `style.css` of every room that has one in its resource. */
void guiche_styles_load (void);

G_END_DECLS
