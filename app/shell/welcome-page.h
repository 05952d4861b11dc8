/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * GuicheWelcomePage:
 *
 * The first run and every sign-in: this computer or a server, address, company, user and password,
 * with progress and clear errors. A self-signed certificate is accepted only after its fingerprint
 * was shown.
 *
 * Signal: `signed-in` (GuicheSession): started and signed in.
 */
#define GUICHE_TYPE_WELCOME_PAGE (guiche_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (GuicheWelcomePage, guiche_welcome_page, GUICHE, WELCOME_PAGE, AdwBin)

/* The first run. */
GtkWidget *guiche_welcome_page_new (void);
/* Signs in again: the server and the user are known, the password is asked for, or taken when
 * @password is given. @problem (nullable): why it is asked for. */
GtkWidget *guiche_welcome_page_new_for_profile (const GuicheProfile *profile, const char *problem);
/* Starts signing in at once, as the sample company does. */
void guiche_welcome_page_sign_in (GuicheWelcomePage *self,
                                  const GuicheProfile *profile,
                                  const char *password);

/* The sample company on this computer; (transfer full). */
GuicheProfile *guiche_welcome_page_sample_profile (void);
#define GUICHE_SAMPLE_PASSWORD "guiche"

G_END_DECLS
