/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/password.h"
#include "people/session.h"
#include "people/user.h"
#include "store/store.h"

G_BEGIN_DECLS

/**
 * GuicheSignIn:
 *
 * What signing in or refreshing gave: the session, whose user it is, and the refresh token.
 */
typedef struct {
  GuicheId session_id;
  GuicheUser *user;    /* (owned) */
  char *refresh_token; /* (owned) */
} GuicheSignIn;

void guiche_sign_in_clear (GuicheSignIn *self);

/* Waits for Argon2id and for two commits: a worker's thread only. @tenant may be %NULL (unknown
 * company): that costs the same and is refused in the same words.
 * GUICHE_ERROR_CREDENTIALS_INVALID, GUICHE_ERROR_LOCKED_OUT, GUICHE_ERROR_UNAVAILABLE. */
gboolean guiche_sign_in (GuicheTenant *tenant,
                         GuichePasswords *passwords,
                         const GuicheActor *actor,
                         const char *login,
                         const char *password,
                         const char *device,
                         GuicheSignIn *out_sign_in,
                         GError **error);
/* GUICHE_ERROR_UNAUTHENTICATED for any token that is not good. */
gboolean guiche_sign_in_refresh (GuicheTenant *tenant,
                                 const GuicheActor *actor,
                                 const GuicheSecret *secret,
                                 GuicheSignIn *out_sign_in,
                                 GError **error);
/* Is this the user's password? For a change of it: counts as an attempt to sign in. */
gboolean guiche_sign_in_confirm (GuicheTenant *tenant,
                                 GuichePasswords *passwords,
                                 const GuicheActor *actor,
                                 const char *password,
                                 GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheSignIn, guiche_sign_in_clear)

G_END_DECLS
