/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuicheChime:
 *
 * The short sound of a notification; at most once in two seconds. Without a loudspeaker it is
 * silent.
 */
#define GUICHE_TYPE_CHIME (guiche_chime_get_type ())
G_DECLARE_FINAL_TYPE (GuicheChime, guiche_chime, GUICHE, CHIME, GObject)

GuicheChime *guiche_chime_new (void);
void guiche_chime_ring (GuicheChime *self);

G_END_DECLS
