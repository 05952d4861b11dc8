/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pango.h>

G_BEGIN_DECLS

/* Bold where a word of @query begins a word of @text, whatever case and accents. (transfer full) */
PangoAttrList *guiche_highlight_new (const char *text, const char *query);

G_END_DECLS
