/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

G_BEGIN_DECLS

/* Makes the AAC form of the voice note @message, whose Ogg/Opus is @path, and sends it after the
 * note has been: browsers that cannot play Ogg ask for it. Nothing waits for it; where no encoder
 * is installed there is none. Removes @path at the end. */
void guiche_rendition_send (GuicheDesk *desk, GuicheMessage *message, const char *path);

G_END_DECLS
