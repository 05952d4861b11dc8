/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guiched-options.h"
#include "http/server.h"

G_BEGIN_DECLS

/**
 * GuicheRings:
 *
 * Everything that runs between the command line and the main loop: the store with its jobs,
 * the server with the routes of every room. Main thread only.
 */
typedef struct _GuicheRings GuicheRings;

/* Opens the store (making the sample company or the first company where asked) and listens. */
GuicheRings *guiche_rings_new (const GuichedOptions *options, GError **error);
const char *guiche_rings_url (GuicheRings *self);
/* (nullable): the company to open first */
const char *guiche_rings_tenant (GuicheRings *self);
/* (nullable): of the admin of a company made just now for an embedded server; told once */
const char *guiche_rings_first_password (GuicheRings *self);
/* For guichectl, in whose process the rings then are. */
GuicheStore *guiche_rings_store (GuicheRings *self);
/* An hour's access token as the company's first enabled admin, or, when it has none yet, as nobody
 * in particular. Needs options with is_administration. (transfer full) */
char *guiche_rings_sign_admin_token (GuicheRings *self, const char *tenant_key, GError **error);
/* Whether others go on serving when this one ends, so that clients are to be sent to them first. */
gboolean guiche_rings_is_one_of_several (GuicheRings *self);
/* Says that it is not ready, sends live streams elsewhere ([node] drain_s), then @done. */
void guiche_rings_drain (GuicheRings *self, void (*done) (gpointer), gpointer user_data);
/* Stops accepting and answers what was accepted, then @done on the main loop. */
void guiche_rings_shutdown (GuicheRings *self, void (*done) (gpointer), gpointer user_data);
void guiche_rings_free (GuicheRings *self);

G_END_DECLS
