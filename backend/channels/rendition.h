/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/files.h"

G_BEGIN_DECLS

#define GUICHE_RENDITION_TYPE "audio/mp4"

/* The same sound in another form. The server never decodes sound: the desktop that recorded a
 * voice note as Ogg/Opus sends the AAC form after it, for browsers that cannot play the first. */

/* Says that @rendition_id is @file_id as AAC; a second time replaces the first. Only who sent the
 * file may, and only for sound (GUICHE_ERROR_NOT_FOUND, GUICHE_ERROR_UNSUPPORTED_TYPE). */
gboolean guiche_rendition_check (GuicheTx *tx, const GuicheId *file_id, GError **error);
gboolean guiche_rendition_set (GuicheTx *tx,
                               const GuicheId *file_id,
                               const GuicheFile *rendition,
                               GError **error);
/* GUICHE_ERROR_NOT_FOUND when the desktop has not sent one. */
gboolean guiche_rendition_find (GuicheTx *tx,
                                const GuicheId *file_id,
                                GuicheId *out_rendition,
                                GError **error);

G_END_DECLS
