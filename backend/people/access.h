/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx.h"

G_BEGIN_DECLS

/* What a user may see now: role, queues served, internal channels joined. %NULL with
 * GUICHE_ERROR_UNAUTHENTICATED when the user is gone or disabled. (transfer full) */
GuicheViewer *guiche_access_load_viewer (GuicheTx *tx, const GuicheId *user_id, GError **error);

/* Emits `access.changed` to the user: call after whatever changed it (role, flag, queue
 * membership, joining or leaving an internal channel, a session that ended). The ring makes
 * the viewers of the user's streams and requests anew, and ends those that no longer hold. */
gboolean guiche_access_announce (GuicheTx *tx, const GuicheId *user_id, GError **error);

G_END_DECLS
