/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "http/rate-limits.h"
#include "http/token.h"
#include "support/store.h"

#include <glib/gstdio.h>
#include <jwt.h>
#include <string.h>
#include <sys/stat.h>

#define NOW GUICHE_TEST_START_US

typedef struct {
  char *directory;
  GuicheTokenKey *key;
  guint8 secret[32];
} Fixture;

static const GuicheId subject = { { 1, 2, 3 } };
static const GuicheId session = { { 4, 5, 6 } };

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  self->directory = g_dir_make_tmp ("guiche-token-XXXXXX", NULL);
  self->key = guiche_token_key_open (self->directory, &error);
  g_assert_no_error (error);
  path = g_build_filename (self->directory, "token.key", NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, ==, sizeof self->secret);
  memcpy (self->secret, bytes, length);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  guiche_token_key_free (self->key);
  guiche_test_remove_directory (self->directory);
  g_free (self->directory);
}

static char *
sign (Fixture *self)
{
  GuicheTokenClaims claims = { "demo",  GUICHE_ROLE_SUPERVISOR, subject,
                               session, GUICHE_ID_NONE,         NOW + G_TIME_SPAN_HOUR };

  return guiche_token_sign (self->key, &claims);
}

static void
assert_refused (Fixture *self, const char *token, gsize length)
{
  g_autoptr (GError) error = NULL;
  GuicheTokenClaims claims;

  g_assert_false (guiche_token_verify (self->key, token, length, NOW, &claims, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_UNAUTHENTICATED);
  g_assert_null (claims.tenant);
}

static void
test_round_trip (Fixture *self, gconstpointer data)
{
  g_autofree char *token = sign (self);
  GuicheTokenClaims claims;

  g_assert_true (guiche_token_verify (self->key, token, strlen (token), NOW, &claims, NULL));
  g_assert_cmpstr (claims.tenant, ==, "demo");
  g_assert_cmpint (claims.role, ==, GUICHE_ROLE_SUPERVISOR);
  g_assert_true (guiche_id_equal (&claims.subject, &subject));
  g_assert_true (guiche_id_equal (&claims.session_id, &session));
  g_assert_true (guiche_id_is_none (&claims.conversation_id));
  guiche_token_claims_clear (&claims);
  g_assert_false (guiche_token_verify (self->key, token, strlen (token), NOW + 2 * G_TIME_SPAN_HOUR,
                                       &claims, NULL));
}

static void
test_key_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->directory, "token.key", NULL);
  g_autofree char *token = sign (self);
  g_autoptr (GError) error = NULL;
  GuicheTokenClaims claims;
  struct stat info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_autoptr (GuicheTokenKey) again = guiche_token_key_open (self->directory, &error);
  g_assert_no_error (error);
  g_assert_true (guiche_token_verify (again, token, strlen (token), NOW, &claims, NULL));
  guiche_token_claims_clear (&claims);
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_null (guiche_token_key_open (self->directory, &error));
  g_assert_nonnull (error);
}

/* A JWT made by somebody who knows the key, but not what belongs into it. */
static char *
forge (Fixture *self, jwt_alg_t algorithm, const char *changed, const char *value)
{
  jwt_t *jwt = NULL;
  g_autofree char *id = guiche_id_dup_string (&subject);

  const struct {
    const char *name, *value;
  } grants[] = { { "aud", "guiche" }, { "tenant", "demo" }, { "role", "admin" }, { "sub", id } };

  jwt_new (&jwt);
  jwt_set_alg (jwt, algorithm, algorithm == JWT_ALG_NONE ? NULL : self->secret,
               algorithm == JWT_ALG_NONE ? 0 : 32);
  jwt_add_header (jwt, "typ", "JWT");
  for (gsize i = 0; i < G_N_ELEMENTS (grants); i++)
    if (g_strcmp0 (changed, grants[i].name) != 0)
      jwt_add_grant (jwt, grants[i].name, grants[i].value);
    else if (value != NULL)
      jwt_add_grant (jwt, changed, value);
  if (g_strcmp0 (changed, "exp") != 0)
    jwt_add_grant_int (jwt, "exp", NOW / G_USEC_PER_SEC + 3600);
  else if (value != NULL)
    jwt_add_grant_int (jwt, "exp", atol (value));
  char *encoded = jwt_encode_str (jwt);
  char *token = g_strdup (encoded);
  free (encoded);
  jwt_free (jwt);
  return token;
}

static void
test_forged_claims (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *changed, *value;
  } cases[] = {
    { "aud", NULL },    { "aud", "other" },
    { "tenant", NULL }, { "tenant", "" },
    { "role", NULL },   { "role", "root" },
    { "role", "none" }, { "sub", NULL },
    { "sub", "x" },     { "exp", NULL },
    { "exp", "0" },     { "exp", "-1" },
    { "exp", "1" },     { "exp", "9223372036854775807" },
  };

  g_autofree char *good = forge (self, JWT_ALG_HS256, NULL, NULL);
  GuicheTokenClaims claims;

  g_assert_true (guiche_token_verify (self->key, good, strlen (good), NOW, &claims, NULL));
  guiche_token_claims_clear (&claims);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *token = forge (self, JWT_ALG_HS256, cases[i].changed, cases[i].value);
    g_test_message ("%s = %s", cases[i].changed, cases[i].value);
    assert_refused (self, token, strlen (token));
  }
}

static char *
encode (const char *json)
{
  char *text = g_base64_encode ((const guint8 *) json, strlen (json));

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static void
test_algorithm_confusion (Fixture *self, gconstpointer data)
{
  static const jwt_alg_t algorithms[] = { JWT_ALG_NONE, JWT_ALG_HS384, JWT_ALG_HS512 };
  static const char *const headers[] = {
    "{\"alg\":\"none\",\"typ\":\"JWT\"}",
    "{\"alg\":\"None\",\"typ\":\"JWT\"}",
    "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
    "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
    "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWE\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../../dev/null\"}",
  };
  g_autofree char *good = sign (self);
  const char *rest = strchr (good, '.');
  const char *signature = strrchr (good, '.');

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++) {
    g_autofree char *token = forge (self, algorithms[i], NULL, NULL);
    assert_refused (self, token, strlen (token));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autofree char *header = encode (headers[i]);
    g_autofree char *signed_token = g_strconcat (header, rest, NULL);
    g_autofree char *bare =
        g_strndup (signed_token, strlen (signed_token) - strlen (signature) + 1);
    g_test_message ("%s", headers[i]);
    assert_refused (self, signed_token, strlen (signed_token));
    assert_refused (self, bare, strlen (bare));
  }
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *token = sign (self);
  gsize length = strlen (token);
  g_autofree char *huge = g_malloc (1 << 20);

  assert_refused (self, "", 0);
  assert_refused (self, "x", 1);
  assert_refused (self, "a.b.c", 5);
  for (gsize cut = 0; cut < length; cut++)
    assert_refused (self, token, cut);
  for (gsize i = 0; i + 1 < length; i++) { /* the last character has bits that mean nothing */
    token[i] ^= 1;
    assert_refused (self, token, length);
    token[i] ^= 1;
  }
  memset (huge, 'A', 1 << 20);
  memcpy (huge, token, length);
  assert_refused (self, huge, 1 << 20);
  g_autofree char *other_directory = g_dir_make_tmp ("guiche-token-XXXXXX", NULL);
  g_autoptr (GuicheTokenKey) other = guiche_token_key_open (other_directory, NULL);
  GuicheTokenClaims claims;
  g_assert_false (guiche_token_verify (other, token, length, NOW, &claims, NULL));
  guiche_test_remove_directory (other_directory);
}

static void
test_limits (void)
{
  GuicheLimits *limits = guiche_limits_new (TRUE);
  GuicheLimits *off = guiche_limits_new (FALSE);
  GuicheAddressKey one, two;
  g_autoptr (GInetAddress) first = g_inet_address_new_from_string ("203.0.113.7");
  g_autoptr (GInetAddress) second = g_inet_address_new_from_string ("203.0.113.8");
  g_autoptr (GError) error = NULL;
  int taken = 0;

  guiche_address_key_set (&one, first);
  guiche_address_key_set (&two, second);
  while (guiche_limits_take (limits, NULL, &one, GUICHE_RATE_VISITOR, NOW, &error))
    taken++;
  g_assert_cmpint (taken, ==, 20);
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_RATE_LIMITED);
  g_assert_cmpstr (guiche_error_get_detail (error, "retry_after_s"), ==, "5");
  g_assert_true (guiche_limits_take (limits, NULL, &two, GUICHE_RATE_VISITOR, NOW, NULL));
  g_assert_true (guiche_limits_take (limits, NULL, &one, GUICHE_RATE_WRITE, NOW, NULL));
  g_assert_false (
      guiche_limits_take (limits, NULL, &one, GUICHE_RATE_VISITOR, NOW + 4 * G_USEC_PER_SEC, NULL));
  g_assert_true (guiche_limits_take (limits, NULL, &one, GUICHE_RATE_VISITOR,
                                     NOW + 10 * G_USEC_PER_SEC, NULL));
  for (int i = 0; i < 100000; i++) {
    g_assert_true (guiche_limits_take (limits, NULL, &one, GUICHE_RATE_NONE, NOW, NULL));
    g_assert_true (guiche_limits_take (off, NULL, &one, GUICHE_RATE_VISITOR, NOW, NULL));
  }
  guiche_limits_free (limits);
  guiche_limits_free (off);
}

static void
test_limits_by_tenant_and_many_addresses (void)
{
  GuicheLimits *limits = guiche_limits_new (TRUE);
  GuicheTenant *tenant = (GuicheTenant *) (gpointer) limits; /* only its address counts */
  GuicheAddressKey key = { { 0 } };
  int taken = 0;

  /* A swarm of addresses cannot have more than the company's share. */
  for (guint i = 0; i < 100000; i++) {
    memcpy (key.bytes, &i, sizeof i);
    taken += guiche_limits_take (limits, tenant, &key, GUICHE_RATE_VISITOR, NOW, NULL);
  }
  g_assert_cmpint (taken, ==, 300);
  guiche_limits_free (limits);
}

static void
test_addresses (void)
{
  static const struct {
    const char *a, *b;
    gboolean is_same;
  } cases[] = {
    { "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", TRUE },
    { "2001:db8:1:2::1", "2001:db8:1:3::1", FALSE },
    { "192.0.2.1", "::ffff:192.0.2.1", TRUE },
    { "192.0.2.1", "192.0.2.2", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GInetAddress) a = g_inet_address_new_from_string (cases[i].a);
    g_autoptr (GInetAddress) b = g_inet_address_new_from_string (cases[i].b);
    GuicheAddressKey x, y;
    guiche_address_key_set (&x, a);
    guiche_address_key_set (&y, b);
    g_assert_cmpint (memcmp (&x, &y, sizeof x) == 0, ==, cases[i].is_same);
  }
}

#define TEST(name, func) g_test_add ("/http/token/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("round-trip", test_round_trip);
  TEST ("key-file", test_key_file);
  TEST ("forged-claims", test_forged_claims);
  TEST ("algorithm-confusion", test_algorithm_confusion);
  TEST ("damaged", test_damaged);
  g_test_add_func ("/http/limits/by-address", test_limits);
  g_test_add_func ("/http/limits/by-tenant", test_limits_by_tenant_and_many_addresses);
  g_test_add_func ("/http/limits/addresses", test_addresses);
  return g_test_run ();
}
