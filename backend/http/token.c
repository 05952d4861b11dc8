/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/token.h"

#include "base/error.h"
#include "store/secret-file.h"

#include <jwt.h>
#include <sodium.h>
#include <string.h>

#define AUDIENCE "guiche"

struct _GuicheTokenKey {
  guint8 key[GUICHE_TOKEN_KEY_BYTES];
  guint8 print_key[crypto_shorthash_siphashx24_KEYBYTES]; /* random: lives as long as the process */
  char *header; /* (owned): the first part of every token, with its dot */
  gsize header_length;
};

G_STATIC_ASSERT (sizeof (((GuicheTokenPrint *) 0)->bytes) == crypto_shorthash_siphashx24_BYTES);

static char *
sign_with (const guint8 *key, const GuicheTokenClaims *claims)
{
  char id[GUICHE_ID_STRING_LENGTH + 1];
  jwt_t *jwt = NULL;

  if (jwt_new (&jwt) != 0 || jwt_set_alg (jwt, JWT_ALG_HS256, key, GUICHE_TOKEN_KEY_BYTES) != 0)
    g_error ("libjwt: out of memory");
  jwt_add_header (jwt, "typ", "JWT");
  jwt_add_grant (jwt, "aud", AUDIENCE);
  jwt_add_grant (jwt, "tenant", claims->tenant);
  jwt_add_grant (jwt, "role", guiche_role_name (claims->role));
  jwt_add_grant_int (jwt, "exp", claims->expires_at_us / G_USEC_PER_SEC);
  guiche_id_to_string (&claims->subject, id);
  jwt_add_grant (jwt, "sub", id);
  if (!guiche_id_is_none (&claims->session_id)) {
    guiche_id_to_string (&claims->session_id, id);
    jwt_add_grant (jwt, "sid", id);
  }
  if (!guiche_id_is_none (&claims->conversation_id)) {
    guiche_id_to_string (&claims->conversation_id, id);
    jwt_add_grant (jwt, "cid", id);
  }

  char *encoded = jwt_encode_str (jwt);
  char *token = g_strdup (encoded);
  free (encoded);
  jwt_free (jwt);
  return token;
}

GuicheTokenKey *
guiche_token_key_open (const char *directory, GError **error)
{
  g_autoptr (GuicheTokenKey) self = g_new0 (GuicheTokenKey, 1);

  if (!guiche_secret_file_load (directory, GUICHE_TOKEN_KEY_FILE, self->key, GUICHE_TOKEN_KEY_BYTES,
                                error))
    return NULL;
  randombytes_buf (self->print_key, sizeof self->print_key);
  GuicheTokenClaims sample = { .tenant = "", .role = GUICHE_ROLE_AGENT };
  g_autofree char *token = sign_with (self->key, &sample);
  self->header_length = strchr (token, '.') - token + 1;
  self->header = g_strndup (token, self->header_length);
  return g_steal_pointer (&self);
}

void
guiche_token_key_free (GuicheTokenKey *self)
{
  g_free (self->header);
  sodium_memzero (self, sizeof *self);
  g_free (self);
}

GBytes *
guiche_token_key_derive (GuicheTokenKey *self, const char *use)
{
  guint8 derived[GUICHE_TOKEN_KEY_BYTES];

  crypto_generichash (derived, sizeof derived, (const guint8 *) use, strlen (use), self->key,
                      sizeof self->key);
  return g_bytes_new (derived, sizeof derived);
}

char *
guiche_token_sign (GuicheTokenKey *self, const GuicheTokenClaims *claims)
{
  return sign_with (self->key, claims);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED, why);
  return FALSE;
}

static gboolean
read_id (jwt_t *jwt, const char *grant, GuicheId *out_id)
{
  const char *text = jwt_get_grant (jwt, grant);

  *out_id = GUICHE_ID_NONE;
  return text == NULL || guiche_id_parse (text, out_id);
}

static gboolean
read_claims (jwt_t *jwt, gint64 now_us, GuicheTokenClaims *claims, GError **error)
{
  const char *audience = jwt_get_grant (jwt, "aud");
  const char *tenant = jwt_get_grant (jwt, "tenant");
  const char *role = jwt_get_grant (jwt, "role");
  const char *type = jwt_get_header (jwt, "typ");
  gint64 expires_s = jwt_get_grant_int (jwt, "exp");

  if (jwt_get_alg (jwt) != JWT_ALG_HS256 || g_strcmp0 (type, "JWT") != 0 ||
      g_strcmp0 (audience, AUDIENCE) != 0)
    return refuse (error, "the token was not made for this");
  if (expires_s <= 0 || expires_s > G_MAXINT64 / G_USEC_PER_SEC)
    return refuse (error, "the token never expires");
  if (expires_s * G_USEC_PER_SEC <= now_us)
    return refuse (error, "the token has expired");
  if (tenant == NULL || tenant[0] == '\0' || role == NULL ||
      !guiche_role_parse (role, &claims->role) || claims->role == GUICHE_ROLE_NONE)
    return refuse (error, "the token is incomplete");
  if (!read_id (jwt, "sub", &claims->subject) || guiche_id_is_none (&claims->subject) ||
      !read_id (jwt, "sid", &claims->session_id) || !read_id (jwt, "cid", &claims->conversation_id))
    return refuse (error, "the token is incomplete");

  claims->tenant = g_strdup (tenant);
  claims->expires_at_us = expires_s * G_USEC_PER_SEC;
  return TRUE;
}

gboolean
guiche_token_verify (GuicheTokenKey *self,
                     const char *token,
                     gsize length,
                     gint64 now_us,
                     GuicheTokenClaims *out_claims,
                     GError **error)
{
  jwt_t *jwt = NULL;

  *out_claims = (GuicheTokenClaims){ 0 };
  if (length > GUICHE_TOKEN_MAX_LENGTH || length <= self->header_length ||
      memchr (token, '\0', length) != NULL)
    return refuse (error, "this is not a token");
  if (memcmp (token, self->header, self->header_length) != 0)
    return refuse (error, "the token was not made here");

  g_autofree char *text = g_strndup (token, length);
  if (jwt_decode (&jwt, text, self->key, GUICHE_TOKEN_KEY_BYTES) != 0)
    return refuse (error, "the token was not signed here");
  gboolean is_good = read_claims (jwt, now_us, out_claims, error);
  jwt_free (jwt);
  return is_good;
}

void
guiche_token_claims_clear (GuicheTokenClaims *claims)
{
  g_clear_pointer ((char **) &claims->tenant, g_free);
}

GuicheTokenPrint
guiche_token_print (GuicheTokenKey *self, const char *token, gsize length)
{
  GuicheTokenPrint print;

  crypto_shorthash_siphashx24 (print.bytes, (const guint8 *) token, length, self->print_key);
  return print;
}
