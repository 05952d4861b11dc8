/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/server.h"
#include "people/password.h"

G_BEGIN_DECLS

/**
 * GuichePeopleContext:
 *
 * What the routes of people need beside the transaction; the route context. Lives as long
 * as the server.
 */
typedef struct {
  GuicheServer *server;
  GuichePasswords *passwords;
} GuichePeopleContext;

const GuicheRoute *guiche_sign_in_routes (void);        /* /auth/… */
const GuicheRoute *guiche_user_routes (void);           /* /users, /me */
const GuicheRoute *guiche_administration_routes (void); /* /jobs, /audit */

G_END_DECLS
