/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tx.h"

G_BEGIN_DECLS

#define GUICHE_SESSION_ACCESS_US (15 * G_TIME_SPAN_MINUTE) /* of an access token */
#define GUICHE_SESSION_IDLE_US (30 * G_TIME_SPAN_DAY)      /* without a refresh */
#define GUICHE_SESSION_ABSOLUTE_US (180 * G_TIME_SPAN_DAY) /* then one signs in again */
#define GUICHE_SESSION_GRACE_US (30 * G_TIME_SPAN_SECOND)  /* for a lost reply */
#define GUICHE_SESSION_MEMORY_US (7 * G_TIME_SPAN_DAY)     /* replaced tokens are recognised */

/**
 * GuicheSecret:
 *
 * 256 random bits. The ring makes them (a domain function has no random numbers of its own);
 * only their SHA-256 is stored.
 */
typedef struct {
  guint8 bytes[32];
} GuicheSecret;

GuicheSecret guiche_secret_new_random (void);
/* `<tenant>.<base64url>`: the refresh token as it travels. */
char *guiche_secret_to_token (const GuicheSecret *self, const char *tenant);
gboolean guiche_secret_parse_token (const char *token, char **out_tenant, GuicheSecret *out_secret);

/* A new session whose first refresh token is @secret. */
gboolean guiche_session_open (GuicheTx *tx,
                              const GuicheId *user_id,
                              const GuicheSecret *secret,
                              const char *device,
                              GuicheId *out_session,
                              GError **error);
/* Replaces @secret by @next. A token replaced before, outside the grace, revokes its session
 * and everything made from it: then *@out_session is none, which must be committed, and the
 * caller answers GUICHE_ERROR_UNAUTHENTICATED; the same for an unknown or expired token. */
gboolean guiche_session_refresh (GuicheTx *tx,
                                 const GuicheSecret *secret,
                                 const GuicheSecret *next,
                                 GuicheId *out_session,
                                 GuicheId *out_user,
                                 GError **error);
gboolean guiche_session_revoke (GuicheTx *tx, const GuicheId *session_id, GError **error);
/* All of a user but @keep (nullable). */
gboolean guiche_session_revoke_all (GuicheTx *tx,
                                    const GuicheId *user_id,
                                    const GuicheId *keep,
                                    GError **error);
/* FALSE with unset error: revoked, expired, unknown, or its user is disabled. */
gboolean guiche_session_is_valid (GuicheTx *tx, const GuicheId *session_id, GError **error);

G_END_DECLS
