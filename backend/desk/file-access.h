/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/files.h"

G_BEGIN_DECLS

/* A file for the actor of @tx: who sent it, and who may see a conversation in which it was sent,
 * may read it (a visitor not when it was in a private note). GUICHE_ERROR_NOT_FOUND for everybody
 * else. */
gboolean guiche_file_load_visible (GuicheTx *tx,
                                   const GuicheId *id,
                                   GuicheFile *out,
                                   GError **error);

G_END_DECLS
