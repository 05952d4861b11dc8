/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/session.h"

G_BEGIN_DECLS

/* The company of one's own on this computer: the server makes it with its first start and an
 * administrator whose password only the desktop beside it is told. (transfer full): its profile. */
GuicheProfile *guiche_own_company_profile (void);

/* Starts the server, signs in with the password it was told, and gives the administrator @name and
 * @password instead. Finishes with the session signed in. A company that is already there is signed
 * in to with @password. */
void guiche_own_company_open_async (const char *name,
                                    const char *password,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GuicheSession *guiche_own_company_open_finish (GAsyncResult *result, GError **error);

G_END_DECLS
