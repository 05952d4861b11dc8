/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/token.h"

G_BEGIN_DECLS

/**
 * GuicheGrant:
 *
 * What a verified token stands for: whose it is, in which company, and what its bearer may
 * see now. Reference-counted, main thread only; kept in a bounded table by the token's
 * fingerprint so that a message costs no HMAC and no query.
 */
typedef struct {
  gatomicrefcount refs;
  GuicheTokenPrint print;
  GuicheTokenClaims claims; /* (owned tenant key) */
  GuicheTenant *tenant;
  GuicheViewer *viewer; /* (owned) (nullable): not loaded yet, or changed */
  gint64 checked_us;    /* monotonic: when the session was last found valid */
  guint changes;        /* counts what made the viewer stale */
  gboolean is_revoked;
  GPtrArray *waiters; /* (owned) (nullable): while a load is under way */
  GList link;         /* in the table's order of use */
} GuicheGrant;

GuicheGrant *guiche_grant_ref (GuicheGrant *self);
void guiche_grant_unref (GuicheGrant *self);

typedef struct _GuicheAccess GuicheAccess;

/* (thread main): @session_id was found to have ended. */
typedef void (*GuicheAccessLost) (GuicheTenant *tenant,
                                  const GuicheId *session_id,
                                  gpointer user_data);

GuicheAccess *guiche_access_new (GuicheStore *store,
                                 const GuicheServerHooks *hooks,
                                 GuicheTokenKey *key);
void guiche_access_set_lost (GuicheAccess *self, GuicheAccessLost lost, gpointer user_data);
/* Loads that have not come back; they must, before it is freed. */
guint guiche_access_loading (GuicheAccess *self);
void guiche_access_free (GuicheAccess *self);

/* (transfer none): the grant of @token; GUICHE_ERROR_UNAUTHENTICATED. */
GuicheGrant *guiche_access_find (GuicheAccess *self,
                                 const char *token,
                                 gsize length,
                                 GError **error);
/* Is its viewer known and its session checked within the last seconds? */
gboolean guiche_access_is_fresh (GuicheGrant *grant);
/* Loads what is missing on the read pool, then calls @done (thread main) with what went wrong.
 * @done is always called, later. */
typedef void (*GuicheAccessDone) (gpointer user_data, const GError *error);
void guiche_access_load (GuicheAccess *self,
                         GuicheGrant *grant,
                         GuicheAccessDone done,
                         gpointer user_data);

/* Something about @user_id (or of every user: NULL) has changed: viewers are loaded and
 * sessions checked anew, now. */
void guiche_access_user_changed (GuicheAccess *self, GuicheTenant *tenant, const GuicheId *user_id);
/* @session_id has ended. */
void guiche_access_session_ended (GuicheAccess *self,
                                  GuicheTenant *tenant,
                                  const GuicheId *session_id);
guint guiche_access_size (GuicheAccess *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheGrant, guiche_grant_unref)

G_END_DECLS
