/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/session.h"

G_BEGIN_DECLS

/*
 * The refresh token in the Secret Service. Each call ends within a deadline: a service that is
 * locked and shows nobody a prompt must not hold up the desktop. Failing is
 * GUICHE_ERROR_SECRET, for the session to go on in memory.
 */
void guiche_secrets_lookup_async (const GuicheProfile *profile,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
char *guiche_secrets_lookup_finish (GAsyncResult *result,
                                    GError **error); /* (nullable): none is stored */
void guiche_secrets_store_async (const GuicheProfile *profile,
                                 const char *token, /* (nullable): forget it */
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean guiche_secrets_store_finish (GAsyncResult *result, GError **error);

G_END_DECLS
