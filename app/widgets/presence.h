/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What presence (`available`, `busy`, `away`, `offline`) looks and reads like; shape and word
 * beside the colour. */
const char *guiche_presence_icon_name (const char *presence);
const char *guiche_presence_label (const char *presence); /* translated */
const char *guiche_presence_css_class (const char *presence);

G_END_DECLS
