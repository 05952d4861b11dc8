/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/server.h"

G_BEGIN_DECLS

#define GUICHE_TOKEN_MAX_LENGTH 1024
#define GUICHE_TOKEN_KEY_FILE "token.key"
#define GUICHE_TOKEN_KEY_BYTES 32

/**
 * GuicheTokenKey:
 *
 * The installation's key and what is made with it: JWTs (RFC 7519) signed with HS256. The
 * algorithm is never taken from the token: its first part must be, byte for byte, the header
 * that this server writes. Immutable; safe on every thread.
 */
typedef struct _GuicheTokenKey GuicheTokenKey;

/* `token.key` in @directory: made on the first start (32 random bytes, mode 0600), refused
 * when others may read it. */
GuicheTokenKey *guiche_token_key_open (const char *directory, GError **error);
void guiche_token_key_free (GuicheTokenKey *self);

/* 32 bytes for another use of the installation's secret, from which the key cannot be told.
 * (transfer full) */
GBytes *guiche_token_key_derive (GuicheTokenKey *self, const char *use);

char *guiche_token_sign (GuicheTokenKey *self, const GuicheTokenClaims *claims);

/* GUICHE_ERROR_UNAUTHENTICATED for whatever is not a living token of this installation.
 * @out_claims->tenant is to be freed by guiche_token_claims_clear(). */
gboolean guiche_token_verify (GuicheTokenKey *self,
                              const char *token,
                              gsize length,
                              gint64 now_us,
                              GuicheTokenClaims *out_claims,
                              GError **error);
void guiche_token_claims_clear (GuicheTokenClaims *claims);

/* A keyed fingerprint of @token, to find it again without keeping it. */
typedef struct {
  guint8 bytes[16];
} GuicheTokenPrint;

GuicheTokenPrint guiche_token_print (GuicheTokenKey *self, const char *token, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheTokenKey, guiche_token_key_free)

G_END_DECLS
