/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheAvatar:
 *
 * The initials of a person on their colour, and their presence as a small mark at the corner.
 * Purely decorative for a screen reader: the row beside it says the name and the presence.
 *
 * Properties: `text`, `size` (int, pixels), `icon-name` (nullable: instead of the initials),
 * `presence` (nullable: no mark).
 */
#define GUICHE_TYPE_AVATAR (guiche_avatar_get_type ())
G_DECLARE_FINAL_TYPE (GuicheAvatar, guiche_avatar, GUICHE, AVATAR, GtkWidget)

GtkWidget *guiche_avatar_new (int size);
void guiche_avatar_set_text (GuicheAvatar *self, const char *text);
void guiche_avatar_set_icon_name (GuicheAvatar *self, const char *icon_name);
void guiche_avatar_set_presence (GuicheAvatar *self, const char *presence);

G_END_DECLS
