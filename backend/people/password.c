/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "people/password.h"

#include "base/error.h"

#include <sodium.h>
#include <string.h>

#define AT_ONCE 2
#define WAITING_AT_MOST 32

struct _GuichePasswords {
  GMutex lock;
  GCond left;
  guint n_inside;                      /* (locked) */
  guint n_waiting;                     /* (locked) */
  guint64 n_runs;                      /* (locked) */
  char nobody[crypto_pwhash_STRBYTES]; /* what an unknown login is compared with */
};

/* Of the lists of leaked passwords, those long enough to pass otherwise. */
static const char *const commonest[] = {
  "12345678",    "123456789",  "1234567890", "11111111",  "00000000",  "87654321",  "88888888",
  "123123123",   "12341234",   "11223344",   "password",  "password1", "passw0rd",  "senha123",
  "senha1234",   "minhasenha", "mudar123",   "brasil123", "qwertyui",  "qwerty123", "qwertyuiop",
  "1q2w3e4r",    "1qaz2wsx",   "abcd1234",   "abc12345",  "iloveyou",  "football",  "flamengo",
  "corinthians", "palmeiras",  "saopaulo",   "princesa",  "sunshine",  "admin123",  "guiche123",
};

static gboolean
refuse (GError **error, const char *reason)
{
  GError *refusal =
      g_error_new (GUICHE_ERROR, GUICHE_ERROR_INVALID_REQUEST, "setting a password: %s", reason);

  guiche_error_set_detail (refusal, "field", "password");
  g_propagate_error (error, refusal);
  return FALSE;
}

gboolean
guiche_password_check_new (const char *password, const char *login, GError **error)
{
  glong length = g_utf8_strlen (password, -1);
  g_autofree char *folded = g_utf8_casefold (password, -1);

  if (length < GUICHE_PASSWORD_MIN_CHARACTERS)
    return refuse (error, "it needs at least 8 characters");
  if (length > GUICHE_PASSWORD_MAX_CHARACTERS)
    return refuse (error, "it has more than 128 characters");
  if (login != NULL && g_ascii_strcasecmp (folded, login) == 0)
    return refuse (error, "it is the login");
  for (gsize i = 0; i < G_N_ELEMENTS (commonest); i++)
    if (strcmp (folded, commonest[i]) == 0)
      return refuse (error, "it is among the commonest of all");
  return TRUE;
}

/* What is hashed: NFC, so that the same characters typed on another keyboard match. */
static char *
normalise (const char *password)
{
  char *normal = g_utf8_normalize (password, -1, G_NORMALIZE_NFC);

  return normal != NULL ? normal : g_strdup (password);
}

static void
wipe (char *secret)
{
  if (secret == NULL)
    return;
  sodium_memzero (secret, strlen (secret));
  g_free (secret);
}

static gboolean
enter (GuichePasswords *self, GError **error)
{
  g_mutex_lock (&self->lock);
  if (self->n_inside >= AT_ONCE && self->n_waiting >= WAITING_AT_MOST) {
    g_mutex_unlock (&self->lock);
    g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                         "too many are signing in at once");
    return FALSE;
  }
  self->n_waiting++;
  while (self->n_inside >= AT_ONCE)
    g_cond_wait (&self->left, &self->lock);
  self->n_waiting--;
  self->n_inside++;
  self->n_runs++;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
leave (GuichePasswords *self)
{
  g_mutex_lock (&self->lock);
  self->n_inside--;
  g_cond_signal (&self->left);
  g_mutex_unlock (&self->lock);
}

static gboolean
hash_into (char out[crypto_pwhash_STRBYTES], const char *password)
{
  return crypto_pwhash_str_alg (out, password, strlen (password), GUICHE_PASSWORD_PASSES,
                                GUICHE_PASSWORD_MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* A hash with today's parameters that nothing matches: made up, not computed, so that
 * starting costs nothing. */
static void
make_nobody (char out[crypto_pwhash_STRBYTES])
{
  guint8 random[16 + 32];
  char salt[64], digest[64];

  randombytes_buf (random, sizeof random);
  sodium_bin2base64 (salt, sizeof salt, random, 16, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
  sodium_bin2base64 (digest, sizeof digest, random + 16, 32,
                     sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
  memset (out, 0, crypto_pwhash_STRBYTES);
  g_snprintf (out, crypto_pwhash_STRBYTES, "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s",
              GUICHE_PASSWORD_MEMORY_BYTES / 1024, GUICHE_PASSWORD_PASSES, salt, digest);
}

GuichePasswords *
guiche_passwords_new (void)
{
  GuichePasswords *self = g_new0 (GuichePasswords, 1);

  if (sodium_init () < 0)
    g_error ("libsodium cannot be used");
  g_mutex_init (&self->lock);
  g_cond_init (&self->left);
  make_nobody (self->nobody);
  return self;
}

void
guiche_passwords_free (GuichePasswords *self)
{
  if (self == NULL)
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->left);
  g_free (self);
}

char *
guiche_passwords_hash (GuichePasswords *self, const char *password, GError **error)
{
  char out[crypto_pwhash_STRBYTES];
  char *normal;
  gboolean is_made;

  if (!enter (self, error))
    return NULL;
  normal = normalise (password);
  is_made = hash_into (out, normal);
  wipe (normal);
  leave (self);
  if (is_made)
    return g_strdup (out);
  g_set_error_literal (error, GUICHE_ERROR, GUICHE_ERROR_UNAVAILABLE,
                       "hashing a password: out of memory");
  return NULL;
}

gboolean
guiche_passwords_verify (GuichePasswords *self,
                         const char *hash,
                         const char *password,
                         gboolean *out_matches,
                         gboolean *out_needs_rehash,
                         GError **error)
{
  const char *against = hash != NULL ? hash : self->nobody;
  char *normal;

  *out_matches = FALSE;
  if (!enter (self, error))
    return FALSE;
  normal = normalise (password);
  *out_matches = crypto_pwhash_str_verify (against, normal, strlen (normal)) == 0 && hash != NULL;
  wipe (normal);
  leave (self);
  if (out_needs_rehash != NULL)
    *out_needs_rehash =
        *out_matches && crypto_pwhash_str_needs_rehash (hash, GUICHE_PASSWORD_PASSES,
                                                        GUICHE_PASSWORD_MEMORY_BYTES) != 0;
  return TRUE;
}

guint64
guiche_passwords_runs (GuichePasswords *self)
{
  guint64 runs;

  g_mutex_lock (&self->lock);
  runs = self->n_runs;
  g_mutex_unlock (&self->lock);
  return runs;
}
